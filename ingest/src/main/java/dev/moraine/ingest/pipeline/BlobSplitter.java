package dev.moraine.ingest.pipeline;

import dev.moraine.codec.BlobMatrix;
import dev.moraine.proofs.blob.BlobCommitment;
import dev.moraine.proofs.blob.BlobCommitter;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Encodes a large blob on several threads, so that it does not take one encoder for itself while others idle; a small one
 * on the encoder's own thread, since several of them keep all encoders busy. The helping threads are shared by all
 * encoders, and an encoder finishes without them if they are busy. Thread-safe.
 */
final class BlobSplitter implements AutoCloseable {
    /** From this length on the help is worth its wake-ups. */
    static final long SPLIT_BYTES = 1 << 20;

    private static final int QUEUE_CAPACITY = 64;
    private static final long IDLE_SECONDS = 10;

    private final int threads;
    private final ThreadPoolExecutor helpers;

    /**
     * Starts without threads; they come with the first large blob and go when none comes for a while.
     *
     * @param threads most threads for one blob, the encoder's own included
     */
    BlobSplitter(int threads) {
        this.threads = threads;
        int most = Math.max(1, threads - 1);
        this.helpers = new ThreadPoolExecutor(
                most,
                most,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(QUEUE_CAPACITY),
                Thread.ofPlatform().daemon().name("moraine-split-", 0).factory());
        helpers.allowCoreThreadTimeOut(true);
    }

    /**
     * Encodes a blob and commits to it.
     *
     * @param codec for the blob's length
     * @param blob the blob, memory that every thread may read
     * @param matrix receives the extended matrix
     * @return the commitment
     */
    BlobCommitment encodeAndCommit(BlobMatrix codec, MemorySegment blob, MemorySegment matrix) {
        return threads == 1 || blob.byteSize() < SPLIT_BYTES
                ? BlobCommitter.encodeAndCommit(codec, blob, matrix)
                : BlobCommitter.encodeAndCommit(codec, blob, matrix, helpers, threads);
    }

    @Override
    public void close() {
        helpers.shutdown();
    }
}
