package dev.moraine.node.process;

import dev.moraine.codec.BlobMatrix;
import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobCommitment;
import dev.moraine.proofs.blob.BlobCommitter;
import dev.moraine.proofs.proof.SliverCheck;
import dev.moraine.proofs.proof.SliverRoots;
import dev.moraine.proofs.proof.SliverVerifier;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.NanoClock;

/**
 * Runs what the hot path computes until it is compiled, so that the first batches of a fresh process are not many times
 * slower than all others. It is taken for compiled when a while has brought no faster round.
 */
final class KernelWarmUp {
    private static final Logger LOGGER = System.getLogger(KernelWarmUp.class.getName());
    private static final int BLOB_BYTES = 32 << 10;
    private static final int MIN_ROUNDS = 50;
    private static final long STEADY_NS = TimeUnit.MILLISECONDS.toNanos(400);
    private static final double FASTER = 0.95;

    private final Geometry geometry;
    private final NanoClock clock;
    private final BooleanSupplier isEnding;

    /**
     * A warm-up.
     *
     * @param geometry the committee's: kernels are compiled for its sizes
     * @param clock times rounds
     * @param isEnding whether to give up
     */
    KernelWarmUp(Geometry geometry, NanoClock clock, BooleanSupplier isEnding) {
        this.geometry = geometry;
        this.clock = clock;
        this.isEnding = isEnding;
    }

    /**
     * Encodes and commits, as a gateway does.
     *
     * @param limitMs how long at most
     */
    void encode(long limitMs) {
        try (Arena arena = Arena.ofShared()) {
            Sample sample = new Sample(geometry, arena);
            run("encoding", limitMs, sample::encode);
        }
    }

    /**
     * Verifies pairs of slivers, as a node does.
     *
     * @param limitMs how long at most
     */
    void verify(long limitMs) {
        try (Arena arena = Arena.ofShared()) {
            Sample sample = new Sample(geometry, arena);
            BlobCommitment commitment = sample.encode();
            sample.takePair();
            run("verifying", limitMs, () -> sample.verify(commitment));
        }
    }

    private void run(String what, long limitMs, Runnable round) {
        long startNs = clock.nanoTime();
        long limitNs = TimeUnit.MILLISECONDS.toNanos(limitMs);
        long bestNs = Long.MAX_VALUE;
        long improvedNs = startNs;
        long nowNs = startNs;
        int rounds = 0;
        while (nowNs - startNs < limitNs && !isEnding.getAsBoolean()) {
            round.run();
            long endNs = clock.nanoTime();
            rounds++;
            if (endNs - nowNs < FASTER * bestNs) {
                bestNs = endNs - nowNs;
                improvedNs = endNs;
            }
            nowNs = endNs;
            if (rounds >= MIN_ROUNDS && nowNs - improvedNs > STEADY_NS) {
                break;
            }
        }
        if (rounds > 0) {
            LOGGER.log(Level.INFO, "warmed up " + what + ": " + rounds + " rounds in "
                    + TimeUnit.NANOSECONDS.toMillis(nowNs - startNs) + " ms, the best took "
                    + TimeUnit.NANOSECONDS.toMicros(bestNs) + " us");
        }
    }

    /** A blob and everything that is computed about it, in memory of the caller's arena. */
    private static final class Sample {
        private final Geometry geometry;
        private final BlobMatrix codec;
        private final MemorySegment blob;
        private final MemorySegment matrix;
        private final MemorySegment primary;
        private final MemorySegment secondary;

        Sample(Geometry geometry, Arena arena) {
            this.geometry = geometry;
            int symbolSizeBytes = geometry.symbolSizeBytes(BLOB_BYTES);
            codec = new BlobMatrix(geometry, symbolSizeBytes);
            blob = arena.allocate(BLOB_BYTES, 64);
            for (int i = 0; i < BLOB_BYTES; i++) {
                blob.set(ValueLayout.JAVA_BYTE, i, (byte) (i * 31 + (i >> 8)));
            }
            matrix = arena.allocate(geometry.matrixBytes(symbolSizeBytes), 64);
            primary = arena.allocate(geometry.primarySliverBytes(symbolSizeBytes), 64);
            secondary = arena.allocate(geometry.secondarySliverBytes(symbolSizeBytes), 64);
        }

        BlobCommitment encode() {
            BlobCommitment commitment = BlobCommitter.encodeAndCommit(codec, blob, matrix);
            for (int column = 0; column < geometry.shards(); column++) {
                codec.copySecondarySliver(matrix, column, secondary);
            }
            return commitment;
        }

        void takePair() {
            codec.copySecondarySliver(matrix, 0, secondary);
            primary.copyFrom(matrix.asSlice(0, primary.byteSize()));
        }

        void verify(BlobCommitment commitment) {
            SliverCheck check = SliverVerifier.verifyPair(
                    commitment.metadata(), 0, primary, secondary, SliverRoots.allocate(geometry));
            if (check != SliverCheck.ACCEPT) {
                throw new IllegalStateException("this machine computes wrong results: a pair of slivers that was just"
                        + " encoded is refused: " + check);
            }
        }
    }
}
