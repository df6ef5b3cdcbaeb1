package dev.moraine.benchmarks.codec;

import dev.moraine.codec.BlobMatrix;
import dev.moraine.codec.Geometry;
import dev.moraine.codec.ReedSolomon;
import dev.moraine.codec.TooFewShardsException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;

/**
 * What the driver measures. Every thread has memory of its own, waits for the others, and repeats the operation until
 * the time is up, at least once.
 *
 * <p>Thread-safe.
 */
final class CodecOperations {
    /** More patterns than the code keeps, the measured one among them, so that none is known when it comes again. */
    private static final int OTHER_PATTERNS = 18;

    /** Wall time of a run in multiples of the time that is measured; the rest goes into forgetting patterns. */
    private static final int MAX_WALL_FACTOR = 3;

    private final CyclicBarrier start;
    private final long runNanos;

    /**
     * Operations of one request.
     *
     * @param start where its threads wait for each other
     * @param runNanos how long a thread repeats an operation
     */
    CodecOperations(CyclicBarrier start, long runNanos) {
        this.start = start;
        this.runNanos = runNanos;
    }

    /**
     * What a thread did.
     *
     * @param dataBytes bytes of data or blob
     * @param nanos the time that it took
     */
    record Sample(long dataBytes, long nanos) {}

    /** An operation that is repeated. */
    private interface Call {
        void run() throws TooFewShardsException;
    }

    /** All parity from all data. */
    Sample encode(int k, int m, long shardBytes) throws TooFewShardsException, InterruptedException {
        ReedSolomon code = ReedSolomon.of(k, k + m);
        MemorySegment[] shards = BenchMemory.ofThread().shards(k + m, shardBytes);
        return repeat(k * shardBytes, () -> code.encode(shards));
    }

    /** The first data shards from the others and the first parity shards, with a pattern that is new to the code. */
    Sample reconstruct(int k, int m, long shardBytes, int lost) throws TooFewShardsException, InterruptedException {
        BitSet present = new BitSet();
        present.set(lost, k + lost);
        return recover(k, m, shardBytes, present, 0, lost);
    }

    /** The first parity shard from all data shards, with a pattern that is new to the code: one row of its matrix. */
    Sample row(int k, int m, long shardBytes) throws TooFewShardsException, InterruptedException {
        BitSet present = new BitSet();
        present.set(0, k);
        return recover(k, m, shardBytes, present, k, k + 1);
    }

    private Sample recover(int k, int m, long shardBytes, BitSet present, int firstLost, int endLost)
            throws TooFewShardsException, InterruptedException {
        ReedSolomon code = ReedSolomon.of(k, k + m);
        MemorySegment[] shards = BenchMemory.ofThread().shards(k + m, shardBytes);
        MemorySegment[] used = BenchMemory.wanted(shards, present, firstLost, endLost);
        try (Arena arena = Arena.ofConfined()) {
            long smallBytes = Geometry.SYMBOL_ALIGNMENT_BYTES;
            MemorySegment pool = arena.allocate((k + m) * BenchMemory.strideBytes(smallBytes));
            MemorySegment[] small = BenchMemory.shards(pool, k + m, smallBytes);
            awaitOthers();
            long wallStart = System.nanoTime();
            long nanos = 0;
            long calls = 0;
            do {
                forgetPattern(code, small);
                long callStart = System.nanoTime();
                code.reconstruct(used, present);
                nanos += System.nanoTime() - callStart;
                calls++;
            } while (nanos < runNanos && System.nanoTime() - wallStart < MAX_WALL_FACTOR * runNanos);
            return new Sample(calls * k * shardBytes, nanos);
        }
    }

    /** A blob to its matrix. */
    Sample matrix(int n, long blobBytes) throws TooFewShardsException, InterruptedException {
        Geometry geometry = new Geometry(n);
        BlobMatrix matrix = new BlobMatrix(geometry, geometry.symbolSizeBytes(blobBytes));
        long matrixBytes = geometry.matrixBytes(matrix.symbolSizeBytes());
        MemorySegment memory = BenchMemory.ofThread().take(blobBytes + matrixBytes);
        MemorySegment blob = memory.asSlice(0, blobBytes);
        MemorySegment encoded = memory.asSlice(blobBytes);
        return repeat(blobBytes, () -> matrix.encode(blob, encoded));
    }

    /** A copy, which is what the memory allows. */
    Sample copy(long bytes) throws TooFewShardsException, InterruptedException {
        MemorySegment memory = BenchMemory.ofThread().take(2 * bytes);
        return repeat(bytes, () -> MemorySegment.copy(memory, 0, memory, bytes, bytes));
    }

    private Sample repeat(long dataBytes, Call call) throws TooFewShardsException, InterruptedException {
        awaitOthers();
        long begin = System.nanoTime();
        long calls = 0;
        long nanos;
        do {
            call.run();
            calls++;
            nanos = System.nanoTime() - begin;
        } while (nanos < runNanos);
        return new Sample(calls * dataBytes, nanos);
    }

    private void awaitOthers() throws InterruptedException {
        try {
            start.await();
        } catch (BrokenBarrierException e) {
            throw new IllegalStateException("another thread of the run failed", e);
        }
    }

    private static void forgetPattern(ReedSolomon code, MemorySegment[] small) throws TooFewShardsException {
        int left = OTHER_PATTERNS;
        for (int first = 0; first < small.length && left > 0; first++) {
            for (int second = first; second < small.length && left > 0; second++) {
                if (second == first || code.totalShards() - code.dataShards() > 1) {
                    BitSet present = new BitSet();
                    present.set(0, small.length);
                    present.clear(first);
                    present.clear(second);
                    code.reconstruct(small, present);
                    left--;
                }
            }
        }
    }
}
