package dev.moraine.proofs.proof;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.testing.Seed;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SymbolProofTest {
    private final Random random = Seed.random("SymbolProofTest");
    private final ProvedBlob small = ProvedBlob.random(random, 4, 300);
    private final ProvedBlob chunked = ProvedBlob.random(random, 7, 40_000);

    @Test
    void everySymbolIsProvedByItsRowAndByItsColumn() {
        for (ProvedBlob blob : new ProvedBlob[] {small, chunked, ProvedBlob.random(random, 10, 12_345)}) {
            for (int row = 0; row < blob.shards(); row++) {
                for (int column = 0; column < blob.shards(); column++) {
                    for (Axis axis : Axis.values()) {
                        SymbolProof proof = proofOf(blob, row, column, axis);
                        assertEquals(ProofVerdict.ACCEPT, proof.verify(blob.header(), blob.id(), row, column, axis));
                        byte[] encoded = proof.encode();
                        assertEquals(SymbolProof.encodedBytes(blob.header(), row, column, axis), encoded.length);
                        assertEquals(proof, SymbolProof.decode(encoded, blob.header(), row, column, axis));
                        assertArrayEquals(blob.symbol(row, column).toArray(ValueLayout.JAVA_BYTE), proof.symbol());
                    }
                }
            }
        }
    }

    @Test
    void aHolderOfOnePairMakesTheSameProofs() {
        ProvedBlob blob = chunked;
        for (int i = 0; i < blob.shards(); i++) {
            byte[] rowRoots = blob.commitment().rowSymbolRoots(i);
            byte[] columnRoots = blob.commitment().columnSymbolRoots(i);
            for (int j = 0; j < blob.shards(); j++) {
                assertEquals(
                        proofOf(blob, i, j, Axis.ROW),
                        SymbolProof.fromRow(blob.metadata(), i, j, rowRoots, blob.symbol(i, j)));
                assertEquals(
                        proofOf(blob, j, i, Axis.COLUMN),
                        SymbolProof.fromColumn(blob.metadata(), j, i, columnRoots, blob.symbol(j, i)));
            }
        }
    }

    @Test
    void everyFlippedBitIsRejected() {
        for (Axis axis : Axis.values()) {
            checkFlips(small, 1, 2, axis);
            checkFlips(chunked, 6, 3, axis);
        }
    }

    @Test
    void everyOtherLengthHasNoByteForm() {
        for (Axis axis : Axis.values()) {
            byte[] encoded = proofOf(small, 2, 1, axis).encode();
            for (int length = 0; length <= encoded.length + 40; length++) {
                SymbolProof decoded = SymbolProof.decode(Arrays.copyOf(encoded, length), small.header(), 2, 1, axis);
                assertEquals(length == encoded.length, decoded != null, "length " + length);
            }
        }
    }

    @Test
    void everyPartOfAnotherLengthIsRejectedBeforeHashing() {
        SymbolProof proof = proofOf(chunked, 6, 6, Axis.ROW);
        for (int change : new int[] {-32, -1, 1, 31, 32}) {
            byte[] symbol = resized(proof.symbol(), change);
            byte[] linePath = resized(proof.linePath(), change);
            byte[] blobPath = resized(proof.blobPath(), change);
            assertRejected(new SymbolProof(symbol, proof.linePath(), proof.pairSibling(), proof.blobPath()));
            assertRejected(new SymbolProof(proof.symbol(), linePath, proof.pairSibling(), proof.blobPath()));
            assertRejected(new SymbolProof(proof.symbol(), proof.linePath(), proof.pairSibling(), blobPath));
            assertRejected(new SymbolProof(proof.symbol(), linePath, proof.pairSibling(), resized(blobPath, -change)));
        }
        byte[] none = new byte[0];
        assertRejected(new SymbolProof(none, none, proof.pairSibling(), none));
    }

    @Test
    void aProofIsOfItsCoordinatesAndAxisAlone() {
        ProvedBlob blob = chunked;
        for (int row = 0; row < blob.shards(); row++) {
            SymbolProof proof = proofOf(blob, row, 3, Axis.ROW);
            for (int otherRow = -1; otherRow <= blob.shards(); otherRow++) {
                for (int otherColumn = -1; otherColumn <= blob.shards(); otherColumn++) {
                    for (Axis axis : Axis.values()) {
                        boolean isOwn = otherRow == row && otherColumn == 3 && axis == Axis.ROW;
                        ProofVerdict verdict = proof.verify(blob.header(), blob.id(), otherRow, otherColumn, axis);
                        assertEquals(isOwn, verdict == ProofVerdict.ACCEPT, otherRow + ", " + otherColumn + " " + axis);
                    }
                }
            }
        }
    }

    @Test
    void coordinatesOutsideTheMatrixAreOutOfRange() {
        SymbolProof proof = proofOf(small, 0, 0, Axis.ROW);
        byte[] encoded = proof.encode();
        for (int wrong : new int[] {Integer.MIN_VALUE, -1, 4, 256, Integer.MAX_VALUE}) {
            for (Axis axis : Axis.values()) {
                assertEquals(ProofVerdict.OUT_OF_RANGE, proof.verify(small.header(), small.id(), wrong, 0, axis));
                assertEquals(ProofVerdict.OUT_OF_RANGE, proof.verify(small.header(), small.id(), 0, wrong, axis));
                assertNull(SymbolProof.decode(encoded, small.header(), wrong, 0, axis));
                assertNull(SymbolProof.decode(encoded, small.header(), 0, wrong, axis));
            }
            assertThrows(IndexOutOfBoundsException.class, () -> proofOf(small, wrong, 0, Axis.ROW));
            assertThrows(IndexOutOfBoundsException.class, () -> proofOf(small, 0, wrong, Axis.COLUMN));
        }
    }

    @Test
    void aProofOfAnotherBlobOrHeaderIsRejected() {
        ProvedBlob other = ProvedBlob.random(random, 4, 300);
        SymbolProof proof = proofOf(small, 1, 1, Axis.ROW);
        assertEquals(ProofVerdict.WRONG_ID, proof.verify(small.header(), other.id(), 1, 1, Axis.ROW));
        assertEquals(ProofVerdict.WRONG_ID, proof.verify(other.header(), small.id(), 1, 1, Axis.ROW));
        assertEquals(ProofVerdict.WRONG_ROOT, proof.verify(other.header(), other.id(), 1, 1, Axis.ROW));
        for (BlobHeader header : small.otherHeaders()) {
            ProofVerdict verdict = proof.verify(header, small.id(), 1, 1, Axis.ROW);
            ProofVerdict expected =
                    header.isValidForSomeGeometry() ? ProofVerdict.WRONG_ID : ProofVerdict.INVALID_HEADER;
            assertEquals(expected, verdict, header.toString());
            SymbolProof decoded = SymbolProof.decode(proof.encode(), header, 1, 1, Axis.ROW);
            ProofVerdict underItsOwnId = decoded == null
                    ? ProofVerdict.WRONG_LENGTH
                    : decoded.verify(header, header.id(), 1, 1, Axis.ROW);
            // The length alone is bound by the id, not by the tree: under the id of that header it is another blob.
            boolean sameTree = header.isValidForSomeGeometry()
                    && header.shards() == 4
                    && header.blobRoot().equals(small.header().blobRoot());
            assertEquals(sameTree, underItsOwnId == ProofVerdict.ACCEPT, header.toString());
        }
    }

    @Test
    void swappedSiblingsAreRejected() {
        SymbolProof proof = proofOf(chunked, 2, 2, Axis.COLUMN);
        byte[] encoded = proof.encode();
        int first = proof.symbol().length;
        for (int one = first; one < encoded.length; one += Digest.BYTES) {
            for (int two = one + Digest.BYTES; two < encoded.length; two += Digest.BYTES) {
                byte[] swapped = encoded.clone();
                System.arraycopy(encoded, one, swapped, two, Digest.BYTES);
                System.arraycopy(encoded, two, swapped, one, Digest.BYTES);
                assertNotEquals(
                        ProofVerdict.ACCEPT, verdictOf(chunked, swapped, 2, 2, Axis.COLUMN), one + " and " + two);
            }
        }
    }

    @Test
    void anInnerNodeIsNoSymbol() {
        SymbolProof proof = proofOf(small, 1, 0, Axis.ROW);
        byte[] roots = small.commitment().rowSymbolRoots(1);
        byte[] innerNode = Arrays.copyOf(roots, 2 * Digest.BYTES);
        assertEquals(small.header().symbolSizeBytes(), innerNode.length, "the two children are as long as a symbol");
        byte[] shorter = Arrays.copyOfRange(proof.linePath(), Digest.BYTES, proof.linePath().length);
        SymbolProof cut = new SymbolProof(innerNode, shorter, proof.pairSibling(), proof.blobPath());
        assertEquals(ProofVerdict.WRONG_LENGTH, cut.verify(small.header(), small.id(), 1, 0, Axis.ROW));
        byte[] doubled = ProofBytes.concat(shorter, shorter);
        SymbolProof whole = new SymbolProof(innerNode, doubled, proof.pairSibling(), proof.blobPath());
        assertEquals(ProofVerdict.WRONG_ROOT, whole.verify(small.header(), small.id(), 1, 0, Axis.ROW));
    }

    @Test
    void proofsAreNotMadeFromPartsThatDoNotBelongTogether() {
        byte[] rowRoots = chunked.commitment().rowSymbolRoots(1);
        MemorySegment symbol = chunked.symbol(1, 1);
        assertThrows(
                IllegalArgumentException.class,
                () -> SymbolProof.fromRow(chunked.metadata(), 2, 1, rowRoots, symbol));
        assertThrows(
                IllegalArgumentException.class,
                () -> SymbolProof.fromColumn(chunked.metadata(), 1, 1, rowRoots, symbol));
        assertThrows(
                IllegalArgumentException.class,
                () -> SymbolProof.fromRow(chunked.metadata(), 1, 1, Arrays.copyOf(rowRoots, 32), symbol));
        assertThrows(
                IllegalArgumentException.class,
                () -> SymbolProof.fromRow(chunked.metadata(), 1, 1, rowRoots, symbol.asSlice(1)));
        MemorySegment shorter = chunked.matrixBytes().asSlice(1);
        assertThrows(
                IllegalArgumentException.class,
                () -> SymbolProof.of(chunked.commitment(), shorter, 1, 1, Axis.ROW));
    }

    private void checkFlips(ProvedBlob blob, int row, int column, Axis axis) {
        byte[] encoded = proofOf(blob, row, column, axis).encode();
        for (int bit = 0; bit < 8 * encoded.length; bit++) {
            encoded[bit / 8] ^= (byte) (1 << bit % 8);
            assertEquals(ProofVerdict.WRONG_ROOT, verdictOf(blob, encoded, row, column, axis), "bit " + bit);
            encoded[bit / 8] ^= (byte) (1 << bit % 8);
        }
        assertEquals(ProofVerdict.ACCEPT, verdictOf(blob, encoded, row, column, axis));
    }

    private void assertRejected(SymbolProof proof) {
        assertEquals(ProofVerdict.WRONG_LENGTH, proof.verify(chunked.header(), chunked.id(), 6, 6, Axis.ROW));
    }

    private static @Nullable ProofVerdict verdictOf(ProvedBlob blob, byte[] encoded, int row, int column, Axis axis) {
        SymbolProof decoded = SymbolProof.decode(encoded, blob.header(), row, column, axis);
        return decoded == null ? null : decoded.verify(blob.header(), blob.id(), row, column, axis);
    }

    private static SymbolProof proofOf(ProvedBlob blob, int row, int column, Axis axis) {
        return SymbolProof.of(blob.commitment(), blob.matrixBytes(), row, column, axis);
    }

    private static byte[] resized(byte[] bytes, int change) {
        return Arrays.copyOf(bytes, Math.max(0, bytes.length + change));
    }
}
