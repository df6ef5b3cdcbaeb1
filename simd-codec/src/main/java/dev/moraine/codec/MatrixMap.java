package dev.moraine.codec;

import java.lang.foreign.MemorySegment;

/**
 * A map as a matrix of constants, applied in blocks whose tables stay in registers. Costs as much as the map has
 * coefficients, which suits few targets.
 *
 * <p>Immutable and thread-safe.
 */
final class MatrixMap implements CodecKernel.PreparedMap {
    private static final int MAX_GROUP = MatrixKernels.MAX_TARGETS;

    private final LinearMap map;
    private final byte[] coefficients;
    private final int stripBytes;

    MatrixMap(LinearMap map) {
        this.map = map;
        coefficients = map.coefficients();
        stripBytes = Workspace.stripBytes(map.sources().length + Math.min(MAX_GROUP, map.targets().length));
    }

    @Override
    public void apply(ShardMemory sources, ShardMemory targets) {
        MemorySegment strips = Workspace.ofThread().strips();
        int[] sourceShards = map.sources();
        int[] targetShards = map.targets();
        long targetStrips = (long) sourceShards.length * stripBytes;
        long shardBytes = sources.shardBytes();
        for (long position = 0; position < shardBytes; position += stripBytes) {
            int lengthBytes = (int) Math.min(stripBytes, shardBytes - position);
            for (int source = 0; source < sourceShards.length; source++) {
                sources.read(sourceShards[source], position, strips, (long) source * stripBytes, lengthBytes);
            }
            int group;
            for (int target = 0; target < targetShards.length; target += group) {
                group = Math.min(MAX_GROUP, targetShards.length - target);
                multiply(strips, targetStrips, lengthBytes, target, group);
                for (int lane = 0; lane < group; lane++) {
                    targets.write(
                            targetShards[target + lane],
                            position,
                            strips,
                            targetStrips + (long) lane * stripBytes,
                            lengthBytes);
                }
            }
        }
    }

    private void multiply(MemorySegment strips, long targetStrips, int lengthBytes, int firstTarget, int group) {
        int sources = map.sources().length;
        int source = 0;
        while (source < sources) {
            long sourceStrips = (long) source * stripBytes;
            int at = firstTarget * sources + source;
            source += MatrixKernels.multiply(
                    group,
                    sources - source,
                    source == 0,
                    strips,
                    sourceStrips,
                    targetStrips,
                    stripBytes,
                    lengthBytes,
                    coefficients,
                    at,
                    sources);
        }
    }
}
