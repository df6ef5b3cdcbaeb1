package dev.moraine.codec;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** No walk over a matrix allocates for every symbol. */
class CodecAllocationTest {
    private static final int SHARDS = 100;
    private static final int SYMBOL_BYTES = 64;
    private static final int MAX_WINDOWS = 2_000;

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

    /** The least of many windows, since class loading allocates, and so do vectors until they are compiled. */
    private void assertAllocatesAtMost(long limitBytes, Runnable call) {
        long least = Long.MAX_VALUE;
        for (int window = 0; window < MAX_WINDOWS && least > limitBytes; window++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            call.run();
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertTrue(least <= limitBytes, "allocated " + least + " bytes a call, limit " + limitBytes);
    }
}
