package dev.moraine.benchmarks.codec;

import com.sun.management.ThreadMXBean;
import dev.moraine.codec.BlobMatrix;
import dev.moraine.codec.Geometry;
import dev.moraine.codec.ReedSolomon;
import dev.moraine.codec.TooFewShardsException;
import java.lang.foreign.MemorySegment;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * What a thread needs besides the memory of the caller: everything that it allocates on the heap in the first calls of
 * its life, whether it keeps it or not, and the native memory that comes to the JVM's account meanwhile. The code has
 * run on other threads before, because an interpreter allocates vectors that compiled code does not.
 */
final class MemoryProbe {
    private static final long WARM_UP_NANOS = 500_000_000;

    /** The middle one counts: memory of threads that ended may be freed just when another one is measured. */
    private static final int THREADS_MEASURED = 9;

    private static final ThreadMXBean MEMORY_OF_THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private MemoryProbe() {}

    /** A call on memory that the caller holds. */
    private interface Call {
        void run() throws TooFewShardsException;
    }

    /**
     * Measures a thread that encodes and reconstructs, or makes a blob matrix.
     *
     * @param k data shards, or shards of a committee if there is no parity
     * @param m parity shards, or 0
     * @param bytes of a shard, or of a blob
     * @param lost data shards to reconstruct
     * @return bytes, heap and native together
     * @throws ExecutionException if a call failed
     * @throws InterruptedException if the thread is interrupted
     */
    static long peakBytes(int k, int m, long bytes, int lost) throws ExecutionException, InterruptedException {
        Call call = m == 0 ? matrix(k, bytes) : coder(k, m, bytes, lost);
        long start = System.nanoTime();
        while (System.nanoTime() - start < WARM_UP_NANOS) {
            onNewThread(call);
        }
        long[] measured = new long[THREADS_MEASURED];
        for (int i = 0; i < measured.length; i++) {
            measured[i] = onNewThread(call);
        }
        Arrays.sort(measured);
        return measured[measured.length / 2];
    }

    private static Call matrix(int n, long blobBytes) {
        Geometry geometry = new Geometry(n);
        BlobMatrix matrix = new BlobMatrix(geometry, geometry.symbolSizeBytes(blobBytes));
        long matrixBytes = geometry.matrixBytes(matrix.symbolSizeBytes());
        MemorySegment memory = BenchMemory.ofThread().take(blobBytes + matrixBytes);
        MemorySegment blob = memory.asSlice(0, blobBytes);
        MemorySegment encoded = memory.asSlice(blobBytes);
        return () -> matrix.encode(blob, encoded);
    }

    private static Call coder(int k, int m, long shardBytes, int lost) {
        ReedSolomon code = ReedSolomon.of(k, k + m);
        MemorySegment[] shards = BenchMemory.ofThread().shards(k + m, shardBytes);
        BitSet present = new BitSet();
        present.set(lost, k + lost);
        MemorySegment[] wanted = BenchMemory.wanted(shards, present, 0, lost);
        return () -> {
            code.encode(shards);
            code.reconstruct(wanted, present);
        };
    }

    private static long onNewThread(Call call) throws ExecutionException, InterruptedException {
        FutureTask<Long> task = new FutureTask<>(() -> {
            long heapBefore = MEMORY_OF_THREADS.getCurrentThreadAllocatedBytes();
            long nativeBefore = nativeBytes();
            long own = MEMORY_OF_THREADS.getCurrentThreadAllocatedBytes() - heapBefore;
            call.run();
            long nativeBytes = nativeBytes() - nativeBefore;
            return MEMORY_OF_THREADS.getCurrentThreadAllocatedBytes() - heapBefore - 2 * own + Math.max(0, nativeBytes);
        });
        Thread thread = new Thread(task, "memory-probe");
        thread.start();
        thread.join();
        return task.get();
    }

    /** Memory segments of arenas are on the account of direct buffers. */
    private static long nativeBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }
}
