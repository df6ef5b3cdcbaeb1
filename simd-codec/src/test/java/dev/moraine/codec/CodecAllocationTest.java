package dev.moraine.codec;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.BitSet;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No walk over a matrix allocates for every symbol. */
class CodecAllocationTest {
    private static final int SHARDS = 100;
    private static final int SYMBOL_BYTES = 64;
    private static final long MAX_WARM_UP_NS = 30_000_000_000L;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void encodingAndExtendingAllocateLessThanAByteASymbol() {
        Assumptions.assumeTrue(threads.getCurrentThreadAllocatedBytes() >= 0, "this JVM does not count allocations");
        Geometry geometry = new Geometry(SHARDS);
        BlobMatrix matrix = new BlobMatrix(geometry, SYMBOL_BYTES);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment blob = arena.allocate(geometry.paddedBlobBytes(SYMBOL_BYTES));
            MemorySegment encoded = arena.allocate(geometry.matrixBytes(SYMBOL_BYTES));
            MemorySegment line = arena.allocate(geometry.lineBytes(SYMBOL_BYTES));
            MemorySegment sliver = arena.allocate(geometry.secondarySliverBytes(SYMBOL_BYTES));
            assertAllocatesAtMost(SHARDS * SHARDS, () -> matrix.encode(blob, encoded));
            // A few fixed objects a line, far less than one a symbol.
            assertAllocatesAtMost(5 * SHARDS, () -> matrix.extendRow(line));
            assertAllocatesAtMost(5 * SHARDS, () -> matrix.extendColumn(line));
            assertAllocatesAtMost(5 * SHARDS, () -> matrix.copySecondarySliver(encoded, 7, sliver));
        }
    }

    @Test
    void encodingOnPlanesAllocatesLessThanAByteASymbol() {
        Assumptions.assumeTrue(threads.getCurrentThreadAllocatedBytes() >= 0, "this JVM does not count allocations");
        Geometry geometry = new Geometry(10);
        int symbolBytes = 2 * 512 + 192;
        BlobMatrix matrix = new BlobMatrix(geometry, symbolBytes);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment blob = arena.allocate(geometry.paddedBlobBytes(symbolBytes) - 100);
            MemorySegment encoded = arena.allocate(geometry.matrixBytes(symbolBytes));
            assertAllocatesAtMost(SHARDS, () -> matrix.encode(blob, encoded));
        }
    }

    @Test
    void singleLinesAndSymbolsAllocateNothing() {
        Assumptions.assumeTrue(threads.getCurrentThreadAllocatedBytes() >= 0, "this JVM does not count allocations");
        Geometry geometry = new Geometry(SHARDS);
        BlobLines lines = new BlobLines(new BlobMatrix(geometry, SYMBOL_BYTES));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment blob = arena.allocate(geometry.paddedBlobBytes(SYMBOL_BYTES));
            MemorySegment primary = arena.allocate(geometry.primarySliverBytes(SYMBOL_BYTES));
            MemorySegment secondary = arena.allocate(geometry.secondarySliverBytes(SYMBOL_BYTES));
            MemorySegment symbol = arena.allocate(SYMBOL_BYTES);
            for (int index : new int[] {0, SHARDS - 1}) {
                assertAllocatesAtMost(0, () -> lines.symbolOfRow(primary, index, symbol));
                assertAllocatesAtMost(0, () -> lines.symbolOfColumn(secondary, index, symbol));
                assertAllocatesAtMost(0, () -> lines.primarySliver(blob, index, primary));
                assertAllocatesAtMost(0, () -> lines.secondarySliver(blob, index, secondary));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"3, 7", "10, 14", "34, 100", "129, 192"})
    void encodingAndRebuildingShardsAllocateNothing(int dataShards, int shards) {
        Assumptions.assumeTrue(threads.getCurrentThreadAllocatedBytes() >= 0, "this JVM does not count allocations");
        ReedSolomon code = ReedSolomon.of(dataShards, shards);
        BitSet some = new BitSet();
        some.set(shards - dataShards, shards);
        BitSet most = new BitSet();
        most.set(1, shards);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment[] segments = new MemorySegment[shards];
            for (int shard = 0; shard < shards; shard++) {
                segments[shard] = arena.allocate(1088);
            }
            assertAllocatesAtMost(0, () -> code.encode(segments));
            assertAllocatesAtMost(0, () -> reconstruct(code, segments, some));
            assertAllocatesAtMost(0, () -> reconstruct(code, segments, most));
        }
    }

    private static void reconstruct(ReedSolomon code, MemorySegment[] shards, BitSet present) {
        try {
            code.reconstruct(shards, present);
        } catch (TooFewShardsException e) {
            throw new AssertionError(e);
        }
    }

    /** The least of many windows, since class loading allocates, and so do vectors until they are compiled. */
    private void assertAllocatesAtMost(long limitBytes, Runnable call) {
        long least = Long.MAX_VALUE;
        long start = System.nanoTime();
        while (least > limitBytes && System.nanoTime() - start < MAX_WARM_UP_NS) {
            long before = threads.getCurrentThreadAllocatedBytes();
            call.run();
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertTrue(least <= limitBytes, "allocated " + least + " bytes a call, limit " + limitBytes);
    }
}
