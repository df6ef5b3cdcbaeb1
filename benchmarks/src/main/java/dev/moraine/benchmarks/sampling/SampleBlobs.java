package dev.moraine.benchmarks.sampling;

import dev.moraine.codec.BlobMatrix;
import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobCommitment;
import dev.moraine.proofs.blob.BlobCommitter;
import dev.moraine.proofs.proof.SliverRoots;
import dev.moraine.storage.store.PairRecord;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/** Encodes blobs of random bytes, one after the other, the same ones for the same seed. For one thread. */
final class SampleBlobs {
    private final BlobMatrix matrix;
    private final SplittableRandom random;
    private final byte[] content;
    private final MemorySegment blob;
    private final MemorySegment matrixBytes;
    private final MemorySegment secondary;
    private BlobCommitment commitment;

    /**
     * The first blob of a seed.
     *
     * @param geometry the committee's geometry
     * @param lengthBytes how long each blob is
     * @param seed which blobs
     */
    SampleBlobs(Geometry geometry, int lengthBytes, long seed) {
        matrix = new BlobMatrix(geometry, geometry.symbolSizeBytes(lengthBytes));
        random = new SplittableRandom(seed);
        content = new byte[lengthBytes];
        Arena arena = Arena.ofAuto();
        blob = arena.allocate(lengthBytes, Geometry.SYMBOL_ALIGNMENT_BYTES);
        matrixBytes = arena.allocate(
                geometry.matrixBytes(matrix.symbolSizeBytes()), Geometry.SYMBOL_ALIGNMENT_BYTES);
        secondary = arena.allocate(
                geometry.secondarySliverBytes(matrix.symbolSizeBytes()), Geometry.SYMBOL_ALIGNMENT_BYTES);
        commitment = encode();
    }

    /** Goes on to the next blob. */
    void next() {
        commitment = encode();
    }

    /** The commitment of this blob. */
    BlobCommitment commitment() {
        return commitment;
    }

    /** The matrix of this blob, overwritten by the next. */
    MemorySegment matrixBytes() {
        return matrixBytes;
    }

    /** What the holder of a pair of this blob stores, overwritten by the next. */
    PairRecord pair(int index) {
        Geometry geometry = matrix.geometry();
        int symbolBytes = matrix.symbolSizeBytes();
        matrix.copySecondarySliver(matrixBytes, index, secondary);
        return new PairRecord(
                commitment.metadata(),
                index,
                matrixBytes.asSlice(
                        index * geometry.lineBytes(symbolBytes), geometry.primarySliverBytes(symbolBytes)),
                secondary,
                new SliverRoots(commitment.rowSymbolRoots(index), commitment.columnSymbolRoots(index)));
    }

    private BlobCommitment encode() {
        random.nextBytes(content);
        blob.copyFrom(MemorySegment.ofArray(content));
        return BlobCommitter.encodeAndCommit(matrix, blob, matrixBytes);
    }
}
