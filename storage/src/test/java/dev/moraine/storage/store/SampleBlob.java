package dev.moraine.storage.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.moraine.codec.BlobMatrix;
import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobCommitment;
import dev.moraine.proofs.blob.BlobCommitter;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BlsSecretKey;
import dev.moraine.proofs.certificate.BlsSignature;
import dev.moraine.proofs.certificate.Bundle;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.certificate.Certificate;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.proofs.proof.SliverRoots;
import dev.moraine.proofs.proof.SymbolProof;
import dev.moraine.testing.Seed;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A blob that was really encoded, and everything that a node is sent about it. */
final class SampleBlob {
    static final Digest DEPLOYMENT = new Digest(1, 2, 3, 4);
    static final int MEMBERS = 4;

    /** Holds the signature apart, since it starts a native library. */
    private static final class Any {
        private static final BlsSignature SIGNATURE =
                BlsSecretKey.fromBytes(Arrays.copyOf(new byte[] {0, 1}, 32)).sign(new byte[] {1});
    }

    private final BlobCommitment commitment;
    private final BlobMatrix matrix;
    private final MemorySegment encoded;
    private final long lengthBytes;

    private SampleBlob(Geometry geometry, byte[] content) {
        lengthBytes = content.length;
        matrix = new BlobMatrix(geometry, geometry.symbolSizeBytes(lengthBytes));
        encoded = MemorySegment.ofArray(new byte[Math.toIntExact(geometry.matrixBytes(matrix.symbolSizeBytes()))]);
        matrix.encode(MemorySegment.ofArray(content), encoded);
        commitment = BlobCommitter.commit(matrix, encoded, lengthBytes);
    }

    /** A blob of random bytes for four shards. */
    static SampleBlob random(Random random, int lengthBytes) {
        return new SampleBlob(new Geometry(4), Seed.bytes(random, lengthBytes));
    }

    BlobId id() {
        return commitment.id();
    }

    BlobCommitment commitment() {
        return commitment;
    }

    PairRecord pair(int pairIndex) {
        return new PairRecord(
                commitment.metadata(),
                pairIndex,
                primary(pairIndex),
                secondary(pairIndex),
                new SliverRoots(commitment.rowSymbolRoots(pairIndex), commitment.columnSymbolRoots(pairIndex)));
    }

    private MemorySegment primary(int row) {
        int symbolSizeBytes = matrix.symbolSizeBytes();
        return encoded.asSlice(
                row * matrix.geometry().lineBytes(symbolSizeBytes),
                matrix.geometry().primarySliverBytes(symbolSizeBytes));
    }

    private MemorySegment secondary(int column) {
        long sliverBytes = matrix.geometry().secondarySliverBytes(matrix.symbolSizeBytes());
        MemorySegment sliver = MemorySegment.ofArray(new byte[Math.toIntExact(sliverBytes)]);
        matrix.copySecondarySliver(encoded, column, sliver);
        return sliver;
    }

    BundleEntry entry(long expiryEpoch) {
        return new BundleEntry(id(), new Namespace(new Digest(0, 0, 0, 9)), lengthBytes, expiryEpoch);
    }

    /** A certificate that nobody could verify, but that the store cannot tell from a good one. */
    static byte[] certificate(long epoch, List<BundleEntry> entries) {
        return certificate(epoch, entries, MEMBERS);
    }

    /** The same for a committee of another size. */
    static byte[] certificate(long epoch, List<BundleEntry> entries, int members) {
        return Certificate.of(
                        new Bundle(entries).statement(DEPLOYMENT, epoch), members, List.of(0, 1, 3), Any.SIGNATURE)
                .encode();
    }

    /** Fails unless the store serves the pair as it was appended. */
    void assertServed(SliverStore store, int pairIndex) {
        PairLookup lookup = store.find(id(), pairIndex);
        PairLookup.Found found =
                assertInstanceOf(PairLookup.Found.class, lookup, () -> "pair " + pairIndex + " of " + id());
        try (StoredPair pair = found.pair()) {
            assertIsPair(pair, pairIndex);
        }
    }

    /** Fails unless the store shows the pair as it was appended. */
    void assertServedMapped(SliverStore store, int pairIndex) {
        PairLookup lookup = store.findMapped(id(), pairIndex, null);
        try (StoredPair pair = assertInstanceOf(PairLookup.Found.class, lookup).pair()) {
            assertIsPair(pair, pairIndex);
        }
    }

    /** The proof of a symbol of a line of the pair. */
    byte[] proof(int pairIndex, Axis axis, int symbol) {
        return axis == Axis.ROW
                ? SymbolProof.of(commitment, encoded, pairIndex, symbol, axis).encode()
                : SymbolProof.of(commitment, encoded, symbol, pairIndex, axis).encode();
    }

    /** Fails unless every byte of a pair that was read is the one that was appended. */
    void assertIsPair(StoredPair pair, int pairIndex) {
        assertEquals(commitment.metadata(), pair.metadata());
        assertEquals(pairIndex, pair.pairIndex());
        assertBytes(primary(pairIndex), pair.primary());
        assertBytes(secondary(pairIndex), pair.secondary());
        assertArrayEquals(
                commitment.rowSymbolRoots(pairIndex), pair.rowSymbolRoots().toArray(ValueLayout.JAVA_BYTE));
        assertArrayEquals(
                commitment.columnSymbolRoots(pairIndex), pair.columnSymbolRoots().toArray(ValueLayout.JAVA_BYTE));
    }

    private static void assertBytes(MemorySegment expected, MemorySegment actual) {
        assertEquals(expected.byteSize(), actual.byteSize());
        assertEquals(-1, expected.mismatch(actual));
    }
}
