package dev.moraine.codec;

import dev.moraine.codec.field.CantorField;
import java.util.Arrays;

/**
 * The kernel that runs on every machine: table look-ups, no Vector API.
 *
 * <p>A look-up takes one byte of a source and gives its products with the coefficients of {@value #LANES} targets at
 * once, packed into a long; the sums are unpacked to bytes when all sources are in. Memory is copied through short
 * strips on the heap, because a loop that reads heap, native and mapped segments alike is several times slower.
 *
 * <p>Thread-safe: every thread has its own strips.
 */
final class ScalarKernel implements CodecKernel {
    /** Targets that share a look-up. */
    private static final int LANES = Long.BYTES;

    /**
     * Bytes of a shard that are worked on at once: sums, source strip and table together stay in the first-level
     * cache.
     */
    private static final int STRIP_BYTES = 1024;

    private static final ThreadLocal<Strips> STRIPS = ThreadLocal.withInitial(Strips::new);

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public PreparedMap prepare(LinearMap map) {
        int groups = Math.ceilDiv(map.targets().length, LANES);
        long[][][] tables = new long[groups][map.sources().length][];
        for (int group = 0; group < groups; group++) {
            for (int source = 0; source < map.sources().length; source++) {
                tables[group][source] = productTable(map, group * LANES, source);
            }
        }
        return new TableMap(map, tables);
    }

    /**
     * Products of every byte with the coefficients of up to {@value #LANES} targets, that of the first in the lowest
     * byte.
     */
    private static long[] productTable(LinearMap map, int firstTarget, int source) {
        int lanes = Math.min(LANES, map.targets().length - firstTarget);
        long[] table = new long[CantorField.SIZE];
        for (int b = 1; b < table.length; b++) {
            int lowestBit = Integer.lowestOneBit(b);
            if (b != lowestBit) {
                table[b] = table[lowestBit] ^ table[b ^ lowestBit];
                continue;
            }
            for (int lane = 0; lane < lanes; lane++) {
                long product = CantorField.multiply(b, map.coefficient(firstTarget + lane, source));
                table[b] |= product << (lane * Byte.SIZE);
            }
        }
        return table;
    }

    /** What a thread works on. */
    private static final class Strips {
        private final byte[] bytes = new byte[STRIP_BYTES];
        private final long[] sums = new long[STRIP_BYTES];
    }

    /** A map with its product tables, by group of targets and by source. */
    private static final class TableMap implements PreparedMap {
        private final LinearMap map;
        private final long[][][] tables;

        private TableMap(LinearMap map, long[][][] tables) {
            this.map = map;
            this.tables = tables;
        }

        @Override
        public void apply(ShardMemory sources, ShardMemory targets) {
            Strips strips = STRIPS.get();
            long shardBytes = sources.shardBytes();
            for (long position = 0; position < shardBytes; position += STRIP_BYTES) {
                int lengthBytes = (int) Math.min(STRIP_BYTES, shardBytes - position);
                for (int group = 0; group < tables.length; group++) {
                    sum(sources, position, lengthBytes, tables[group], strips);
                    unpack(targets, position, lengthBytes, group * LANES, strips);
                }
            }
        }

        private void sum(ShardMemory sources, long position, int lengthBytes, long[][] group, Strips strips) {
            Arrays.fill(strips.sums, 0, lengthBytes, 0);
            for (int source = 0; source < group.length; source++) {
                sources.read(map.sources()[source], position, strips.bytes, lengthBytes);
                addProducts(group[source], strips.bytes, strips.sums, lengthBytes);
            }
        }

        private void unpack(ShardMemory targets, long position, int lengthBytes, int firstTarget, Strips strips) {
            int lanes = Math.min(LANES, map.targets().length - firstTarget);
            for (int lane = 0; lane < lanes; lane++) {
                takeLane(strips.sums, lane * Byte.SIZE, strips.bytes, lengthBytes);
                targets.write(map.targets()[firstTarget + lane], position, strips.bytes, lengthBytes);
            }
        }

        private static void addProducts(long[] table, byte[] bytes, long[] sums, int lengthBytes) {
            for (int i = 0; i < lengthBytes; i++) {
                sums[i] ^= table[bytes[i] & 0xFF];
            }
        }

        private static void takeLane(long[] sums, int shift, byte[] bytes, int lengthBytes) {
            for (int i = 0; i < lengthBytes; i++) {
                bytes[i] = (byte) (sums[i] >>> shift);
            }
        }
    }
}
