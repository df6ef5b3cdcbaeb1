package dev.moraine.proofs.proof;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.blob.SymbolTree;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.merkle.MerkleTree;
import dev.moraine.testing.Seed;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ChunkProofTest {
    private static final int MIB = 1 << 20;

    private final Random random = Seed.random("ChunkProofTest");
    /** Symbols of 2,688 bytes: two whole chunks and a shorter one. */
    private final ProvedBlob blob = ProvedBlob.random(random, 7, 40_000);

    @Test
    void everyChunkOfEverySymbolIsProved() {
        assertEquals(2688, blob.header().symbolSizeBytes());
        for (int row = 0; row < 7; row++) {
            for (int column = 0; column < 7; column++) {
                List<ChunkProof> run = runOf(new ChunkRun(row, column, 0, 3));
                for (int chunk = 0; chunk < 3; chunk++) {
                    ChunkProof proof = run.get(chunk);
                    assertEquals(proof, proofOf(row, column, chunk));
                    assertEquals(ProofVerdict.ACCEPT, proof.verify(blob.header(), blob.id(), row, column, chunk));
                    byte[] encoded = proof.encode();
                    assertEquals(ChunkProof.encodedBytes(blob.header(), row, column, chunk), encoded.length);
                    assertEquals(proof, ChunkProof.decode(encoded, blob.header(), row, column, chunk));
                }
            }
        }
    }

    @Test
    void aHolderOfTheRowMakesTheSameProofs() {
        byte[] rowRoots = blob.commitment().rowSymbolRoots(4);
        MemorySegment symbol = blob.symbol(4, 6);
        assertEquals(proofOf(4, 6, 2), ChunkProof.fromRow(blob.metadata(), 4, 6, 2, rowRoots, symbol));
        ChunkRun run = new ChunkRun(4, 6, 1, 2);
        assertEquals(runOf(run), ChunkProof.fromRow(blob.metadata(), run, rowRoots, symbol));
    }

    @Test
    void aRunSurvivesItsEncodingAndNothingElseDoes() {
        ChunkRun run = new ChunkRun(2, 5, 0, 3);
        List<ChunkProof> proofs = runOf(run);
        byte[] encoded = ChunkProof.encodeRun(proofs);
        assertEquals(proofs, ChunkProof.decodeRun(encoded, blob.header(), run));
        for (int length = 0; length <= encoded.length + 40; length++) {
            byte[] wrong = Arrays.copyOf(encoded, length);
            assertEquals(length == encoded.length, ChunkProof.decodeRun(wrong, blob.header(), run) != null);
        }
        for (ChunkRun wrong : new ChunkRun[] {
            new ChunkRun(2, 5, 0, 0), new ChunkRun(2, 5, 0, -1), new ChunkRun(2, 5, 0, 4), new ChunkRun(2, 5, 1, 3),
            new ChunkRun(2, 5, -1, 3), new ChunkRun(2, 7, 0, 3), new ChunkRun(-1, 5, 0, 3),
            new ChunkRun(2, 5, Integer.MAX_VALUE, 3), new ChunkRun(2, 5, 0, Integer.MAX_VALUE)
        }) {
            assertNull(ChunkProof.decodeRun(encoded, blob.header(), wrong), wrong.toString());
        }
        assertThrows(IllegalArgumentException.class, () -> ChunkProof.encodeRun(List.of()));
    }

    @Test
    void everyFlippedBitIsRejected() {
        for (int chunk = 0; chunk < 3; chunk++) {
            byte[] encoded = proofOf(6, 6, chunk).encode();
            for (int bit = 0; bit < 8 * encoded.length; bit++) {
                encoded[bit / 8] ^= (byte) (1 << bit % 8);
                assertEquals(ProofVerdict.WRONG_ROOT, verdictOf(encoded, blob.header(), 6, 6, chunk), "bit " + bit);
                encoded[bit / 8] ^= (byte) (1 << bit % 8);
            }
        }
    }

    @Test
    void everyOtherLengthHasNoByteForm() {
        for (int chunk = 0; chunk < 3; chunk++) {
            byte[] encoded = proofOf(3, 0, chunk).encode();
            for (int length = 0; length <= encoded.length + 40; length++) {
                byte[] wrong = Arrays.copyOf(encoded, length);
                assertEquals(length == encoded.length, verdictOf(wrong, blob.header(), 3, 0, chunk) != null);
            }
        }
    }

    @Test
    void everyPartOfAnotherLengthIsRejectedBeforeHashing() {
        ChunkProof p = proofOf(6, 5, 1);
        for (int change : new int[] {-32, -1, 1, 31, 32}) {
            byte[] chunk = Arrays.copyOf(p.chunk(), p.chunk().length + change);
            byte[] symbolPath = Arrays.copyOf(p.symbolPath(), p.symbolPath().length + change);
            byte[] rowPath = Arrays.copyOf(p.rowPath(), p.rowPath().length + change);
            byte[] blobPath = Arrays.copyOf(p.blobPath(), p.blobPath().length + change);
            assertWrongLength(new ChunkProof(chunk, p.symbolPath(), p.rowPath(), p.columnRoot(), p.blobPath()));
            assertWrongLength(new ChunkProof(p.chunk(), symbolPath, p.rowPath(), p.columnRoot(), p.blobPath()));
            assertWrongLength(new ChunkProof(p.chunk(), p.symbolPath(), rowPath, p.columnRoot(), p.blobPath()));
            assertWrongLength(new ChunkProof(p.chunk(), p.symbolPath(), p.rowPath(), p.columnRoot(), blobPath));
        }
    }

    @Test
    void aProofIsOfItsCoordinatesAlone() {
        ChunkProof proof = proofOf(2, 4, 1);
        for (int row = -1; row <= 7; row++) {
            for (int column = -1; column <= 7; column++) {
                for (int chunk = -1; chunk <= 3; chunk++) {
                    boolean isOwn = row == 2 && column == 4 && chunk == 1;
                    ProofVerdict verdict = proof.verify(blob.header(), blob.id(), row, column, chunk);
                    assertEquals(isOwn, verdict == ProofVerdict.ACCEPT, row + ", " + column + ", " + chunk);
                    boolean exists = row >= 0 && row < 7 && column >= 0 && column < 7 && chunk >= 0 && chunk < 3;
                    assertEquals(!exists, verdict == ProofVerdict.OUT_OF_RANGE);
                }
            }
        }
        for (int wrong : new int[] {Integer.MIN_VALUE, Integer.MAX_VALUE, 1 << 22}) {
            assertEquals(ProofVerdict.OUT_OF_RANGE, proof.verify(blob.header(), blob.id(), 2, 4, wrong));
            assertNull(ChunkProof.decode(proof.encode(), blob.header(), 2, 4, wrong));
        }
    }

    @Test
    void aProofOfAnotherBlobOrHeaderIsRejected() {
        ProvedBlob other = ProvedBlob.random(random, 7, 40_000);
        ChunkProof proof = proofOf(1, 1, 2);
        assertEquals(ProofVerdict.WRONG_ID, proof.verify(blob.header(), other.id(), 1, 1, 2));
        assertEquals(ProofVerdict.WRONG_ROOT, proof.verify(other.header(), other.id(), 1, 1, 2));
        for (BlobHeader header : blob.otherHeaders()) {
            ProofVerdict expected =
                    header.isValidForSomeGeometry() ? ProofVerdict.WRONG_ID : ProofVerdict.INVALID_HEADER;
            assertEquals(expected, proof.verify(header, blob.id(), 1, 1, 2), header.toString());
            assertNotEquals(ProofVerdict.ACCEPT, verdictOf(proof.encode(), header, 1, 1, 2), header.toString());
        }
    }

    @Test
    void swappedSiblingsAreRejected() {
        ChunkProof proof = proofOf(5, 2, 0);
        byte[] encoded = proof.encode();
        for (int one = proof.chunk().length; one < encoded.length; one += Digest.BYTES) {
            for (int two = one + Digest.BYTES; two < encoded.length; two += Digest.BYTES) {
                byte[] swapped = encoded.clone();
                System.arraycopy(encoded, one, swapped, two, Digest.BYTES);
                System.arraycopy(encoded, two, swapped, one, Digest.BYTES);
                assertEquals(ProofVerdict.WRONG_ROOT, verdictOf(swapped, blob.header(), 5, 2, 0));
            }
        }
    }

    @Test
    void anInnerNodeIsNoChunk() {
        // Symbols of 1,088 bytes: the last chunk is 64 bytes long, as long as the two children of a node.
        ProvedBlob tail = ProvedBlob.random(random, 4, 6 * 1088);
        assertEquals(64, SymbolTree.chunkBytes(tail.header().symbolSizeBytes(), 1));
        ChunkProof proof = ChunkProof.of(tail.commitment(), tail.matrixBytes(), new ChunkRun(1, 0, 1, 1)).get(0);
        Digest own = MerkleTree.leafHash(proof.chunk());
        byte[] children = ProofBytes.concat(proof.symbolPath(), own.toBytes());
        ChunkProof inner =
                new ChunkProof(children, proof.symbolPath(), proof.rowPath(), proof.columnRoot(), proof.blobPath());
        assertEquals(ProofVerdict.WRONG_ROOT, inner.verify(tail.header(), tail.id(), 1, 0, 1));
        ChunkProof cut = new ChunkProof(children, new byte[0], proof.rowPath(), proof.columnRoot(), proof.blobPath());
        assertEquals(ProofVerdict.WRONG_LENGTH, cut.verify(tail.header(), tail.id(), 1, 0, 1));
    }

    @Test
    void proofsAreNotMadeFromPartsThatDoNotBelongTogether() {
        byte[] rowRoots = blob.commitment().rowSymbolRoots(1);
        MemorySegment symbol = blob.symbol(1, 1);
        ChunkRun ofAnotherRow = new ChunkRun(2, 1, 0, 1);
        assertThrows(
                IllegalArgumentException.class,
                () -> ChunkProof.fromRow(blob.metadata(), ofAnotherRow, rowRoots, symbol));
        for (int count : new int[] {-1, 0, ChunkRun.MAX_CHUNKS + 1}) {
            ChunkRun run = new ChunkRun(1, 1, 0, count);
            assertThrows(
                    IllegalArgumentException.class, () -> ChunkProof.fromRow(blob.metadata(), run, rowRoots, symbol));
        }
        ChunkRun beyond = new ChunkRun(1, 1, 2, 2);
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> ChunkProof.fromRow(blob.metadata(), beyond, rowRoots, symbol));
        assertThrows(
                IllegalArgumentException.class,
                () -> ChunkProof.fromRow(blob.metadata(), 1, 1, 0, rowRoots, symbol.asSlice(64)));
    }

    @Test
    void theLongestRunIsProvedAndOneChunkMoreIsRefused() {
        ProvedBlob wide = ProvedBlob.random(random, 4, 6 * 1024 * (ChunkRun.MAX_CHUNKS + 1));
        ChunkRun longest = new ChunkRun(0, 0, 1, ChunkRun.MAX_CHUNKS);
        List<ChunkProof> proofs = ChunkProof.of(wide.commitment(), wide.matrixBytes(), longest);
        byte[] encoded = ChunkProof.encodeRun(proofs);
        assertEquals(proofs, ChunkProof.decodeRun(encoded, wide.header(), longest));
        ChunkRun longer = new ChunkRun(0, 0, 0, ChunkRun.MAX_CHUNKS + 1);
        assertThrows(
                IllegalArgumentException.class, () -> ChunkProof.of(wide.commitment(), wide.matrixBytes(), longer));
        assertNull(ChunkProof.decodeRun(encoded, wide.header(), longer));
    }

    @Test
    void costsStayWithinWhatTheProtocolPromises() {
        Digest root = new Digest(1, 2, 3, 4);
        for (int shards = Geometry.MIN_SHARDS; shards <= Geometry.MAX_SHARDS; shards++) {
            Geometry geometry = new Geometry(shards);
            for (long length : new long[] {1, 100_000, 10_000_000, Geometry.MAX_BLOB_BYTES}) {
                BlobHeader header = BlobHeader.of(geometry, length, root);
                int chunks = SymbolTree.chunkCount(header.symbolSizeBytes());
                int hashes = ceilLog2(chunks) + 2 * ceilLog2(shards) + 1;
                for (int index = 0; index < shards; index++) {
                    for (int chunk : new int[] {0, chunks / 2, chunks - 1}) {
                        int proofBytes = ChunkProof.encodedBytes(header, index, shards - 1 - index, chunk)
                                - SymbolTree.chunkBytes(header.symbolSizeBytes(), chunk);
                        assertTrue(proofBytes <= hashes * Digest.BYTES);
                    }
                }
                long runBytes = (long) ChunkRun.MAX_CHUNKS * (SymbolTree.CHUNK_BYTES + hashes * Digest.BYTES);
                assertTrue(runBytes < MIB, "a run of n = " + shards + ", L = " + length);
            }
        }
    }

    @Test
    void equalProofsAreEqualByContent() {
        ChunkProof proof = proofOf(0, 0, 0);
        ChunkProof decoded = ChunkProof.decode(proof.encode(), blob.header(), 0, 0, 0);
        assertEquals(proof, decoded);
        assertEquals(proof.hashCode(), decoded == null ? 0 : decoded.hashCode());
        assertNotEquals(proof, proofOf(0, 0, 1));
        assertArrayEquals(proof.chunk(), Arrays.copyOf(blob.bytes(), 1024));
    }

    private static int ceilLog2(int value) {
        return 32 - Integer.numberOfLeadingZeros(value - 1);
    }

    private void assertWrongLength(ChunkProof proof) {
        assertEquals(ProofVerdict.WRONG_LENGTH, proof.verify(blob.header(), blob.id(), 6, 5, 1));
    }

    private @Nullable ProofVerdict verdictOf(byte[] encoded, BlobHeader header, int row, int column, int chunk) {
        ChunkProof decoded = ChunkProof.decode(encoded, header, row, column, chunk);
        return decoded == null ? null : decoded.verify(header, blob.id(), row, column, chunk);
    }

    private List<ChunkProof> runOf(ChunkRun run) {
        return ChunkProof.of(blob.commitment(), blob.matrixBytes(), run);
    }

    private ChunkProof proofOf(int row, int column, int chunk) {
        return runOf(new ChunkRun(row, column, chunk, 1)).get(0);
    }
}
