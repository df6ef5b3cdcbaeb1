package dev.moraine.proofs.proof;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
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
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ByteRangeProofTest {
    private final Random random = Seed.random("ByteRangeProofTest");
    /** Symbols of 2,688 bytes: three chunks each, five symbols a row, three rows. */
    private final ProvedBlob blob = ProvedBlob.random(random, 7, 40_000);

    @Test
    void everyRangeShowsItsBytes() {
        for (ProvedBlob any : new ProvedBlob[] {
            blob,
            ProvedBlob.random(random, 4, 1),
            ProvedBlob.random(random, 4, 384),
            ProvedBlob.random(random, 4, 6 * 1024),
            ProvedBlob.random(random, 10, 7000),
            ProvedBlob.random(random, 31, 20_000)
        }) {
            int length = any.bytes().length;
            checkRange(any, 0, 1);
            checkRange(any, length - 1L, 1);
            checkRange(any, 0, length);
            for (int i = 0; i < 25; i++) {
                int offset = random.nextInt(length);
                checkRange(any, offset, 1 + random.nextInt(length - offset));
            }
        }
    }

    @Test
    void rangesAroundEveryBoundaryShowTheirBytes() {
        int symbol = blob.header().symbolSizeBytes();
        int row = 5 * symbol;
        for (int boundary : new int[] {1024, 2048, symbol, symbol + 1024, row, row + symbol, 2 * row}) {
            for (int before = 0; before <= 2; before++) {
                for (int after = 0; after <= 2; after++) {
                    if (before + after > 0) {
                        checkRange(blob, boundary - before, before + after);
                    }
                }
            }
        }
        checkRange(blob, row - 1, symbol + 2);
        checkRange(blob, 1, 2 * row);
    }

    @Test
    void theMappingIsThatOfTheMatrix() {
        BlobHeader header = blob.header();
        int symbolSizeBytes = header.symbolSizeBytes();
        for (int b = 0; b < 40_000; b += 17) {
            List<ChunkRun> runs = ChunkRun.covering(header, b, 1);
            int inRow = b % (5 * symbolSizeBytes);
            int chunk = b % symbolSizeBytes / SymbolTree.CHUNK_BYTES;
            ChunkRun expected = new ChunkRun(b / (5 * symbolSizeBytes), inRow / symbolSizeBytes, chunk, 1);
            assertEquals(List.of(expected), runs);
        }
        assertEquals(
                List.of(new ChunkRun(0, 4, 2, 1), new ChunkRun(1, 0, 0, 3), new ChunkRun(1, 1, 0, 1)),
                ChunkRun.covering(header, 5 * symbolSizeBytes - 1, symbolSizeBytes + 2));
    }

    @Test
    void longSymbolsAreAskedForInRunsOfBoundedLength() {
        BlobHeader header = BlobHeader.of(new Geometry(4), 6L * 1024 * 1500, new Digest(1, 2, 3, 4));
        List<ChunkRun> runs = ChunkRun.covering(header, 1023, 1024 * 1500);
        int max = ChunkRun.MAX_CHUNKS;
        assertEquals(
                List.of(
                        new ChunkRun(0, 0, 0, max),
                        new ChunkRun(0, 0, max, max),
                        new ChunkRun(0, 0, 2 * max, 1500 - 2 * max),
                        new ChunkRun(0, 1, 0, 1)),
                runs);
    }

    @Test
    void aReaderPutsTheAnswersOfTheNodesTogether() {
        List<ChunkProof> chunks = new ArrayList<>();
        for (ChunkRun run : ChunkRun.covering(blob.header(), 5000, 20_000)) {
            byte[] rowRoots = blob.commitment().rowSymbolRoots(run.row());
            MemorySegment symbol = blob.symbol(run.row(), run.column());
            byte[] answer = ChunkProof.encodeRun(ChunkProof.fromRow(blob.metadata(), run, rowRoots, symbol));
            List<ChunkProof> decoded = ChunkProof.decodeRun(answer, blob.header(), run);
            assertNotNull(decoded);
            chunks.addAll(decoded);
        }
        ByteRangeProof proof = new ByteRangeProof(blob.header(), 5000, 20_000, chunks);
        assertEquals(ByteRangeProof.of(blob.commitment(), blob.matrixBytes(), 5000, 20_000), proof);
        assertEquals(ProofVerdict.ACCEPT, proof.verify(blob.geometry(), blob.id(), 5000, 20_000));
    }

    @Test
    void sharedPathsAreEncodedOnce() {
        byte[] encoded = proofOf(0, 40_000).encode();
        int symbolPaths = 15 * (2 + 2 + 1) * Digest.BYTES;
        int rowPaths = 3 * 5 * 3 * Digest.BYTES;
        int pairs = 3 * (1 + 3) * Digest.BYTES;
        int padding = 15 * 2688 - 40_000;
        assertTrue(padding < 1024 && padding > 0, "the last chunk is covered");
        assertEquals(46 + 12 + 40_000 + padding + symbolPaths + rowPaths + pairs, encoded.length);
    }

    @Test
    void everyFlippedBitIsRejected() {
        ProvedBlob small = ProvedBlob.random(random, 4, 300);
        byte[] encoded = ByteRangeProof.of(small.commitment(), small.matrixBytes(), 60, 150).encode();
        for (int bit = 0; bit < 8 * encoded.length; bit++) {
            encoded[bit / 8] ^= (byte) (1 << bit % 8);
            ProofVerdict verdict = verdictOf(small, encoded, 60, 150);
            assertNotEquals(ProofVerdict.ACCEPT, verdict, "bit " + bit);
            encoded[bit / 8] ^= (byte) (1 << bit % 8);
        }
        assertEquals(ProofVerdict.ACCEPT, verdictOf(small, encoded, 60, 150));
    }

    @Test
    void everyOtherLengthHasNoByteForm() {
        byte[] encoded = proofOf(2600, 200).encode();
        for (int length = 0; length <= encoded.length + 40; length++) {
            byte[] wrong = Arrays.copyOf(encoded, length);
            assertEquals(length == encoded.length, ByteRangeProof.decode(wrong, blob.geometry()) != null);
        }
    }

    @Test
    void anotherRangeThanTheOneAskedForIsRejected() {
        ByteRangeProof proof = proofOf(2600, 200);
        for (int delta : new int[] {-1, 1}) {
            assertEquals(ProofVerdict.WRONG_RANGE, verify(proof, 2600 + delta, 200));
            assertEquals(ProofVerdict.WRONG_RANGE, verify(proof, 2600, 200 + delta));
            assertEquals(ProofVerdict.WRONG_RANGE, verify(proof, 2600 + delta, 200 - delta));
        }
        ByteRangeProof relabelled = new ByteRangeProof(proof.header(), 100, 200, proofOf(1100, 200).chunks());
        assertEquals(ProofVerdict.WRONG_ROOT, verify(relabelled, 100, 200));
        ByteRangeProof moved = new ByteRangeProof(proof.header(), 2600 + 2688, 200, proof.chunks());
        assertEquals(ProofVerdict.WRONG_ROOT, verify(moved, 2600 + 2688, 200));
    }

    @Test
    void emptyRangesAndRangesBeyondTheBlobAreRejected() {
        ByteRangeProof last = proofOf(39_999, 1);
        assertEquals(ProofVerdict.ACCEPT, verify(last, 39_999, 1));
        long[][] wrongRanges = {
            {39_999, 2}, {40_000, 1}, {40_000, 0}, {0, 0}, {0, -1}, {-1, 1}, {0, 40_001}, {Long.MAX_VALUE, 1},
            {Long.MAX_VALUE, Integer.MAX_VALUE}, {Long.MIN_VALUE, 1}, {0, Integer.MIN_VALUE}, {1, Integer.MAX_VALUE}
        };
        for (long[] range : wrongRanges) {
            long offset = range[0];
            int length = (int) range[1];
            assertEquals(ProofVerdict.OUT_OF_RANGE, verify(last, offset, length));
            ByteRangeProof claims = new ByteRangeProof(blob.header(), offset, length, last.chunks());
            assertEquals(ProofVerdict.OUT_OF_RANGE, verify(claims, offset, length));
            assertThrows(IllegalStateException.class, claims::encode);
            assertThrows(IllegalStateException.class, claims::bytes);
            assertThrows(IllegalArgumentException.class, () -> ChunkRun.covering(blob.header(), offset, length));
            assertThrows(IllegalArgumentException.class, () -> proofOf(offset, length));
            byte[] encoded = last.encode();
            ByteBuffer.wrap(encoded).putLong(46, offset).putInt(54, length);
            assertNull(ByteRangeProof.decode(encoded, blob.geometry()));
        }
    }

    @Test
    void paddingBehindTheBlobIsNoPartOfIt() {
        int lastByteOfTheMatrix = 15 * 2688 - 1;
        assertTrue(lastByteOfTheMatrix > 40_000);
        ChunkProof ofPadding = proofOf(39_999, 1).chunks().get(0);
        ByteRangeProof claims = new ByteRangeProof(blob.header(), lastByteOfTheMatrix, 1, List.of(ofPadding));
        assertEquals(ProofVerdict.OUT_OF_RANGE, verify(claims, lastByteOfTheMatrix, 1));
    }

    @Test
    void rangesUpToTheLimitAreAllowedAndNotOneByteMore() {
        Geometry geometry = new Geometry(4);
        BlobHeader header = BlobHeader.of(geometry, Geometry.MAX_BLOB_BYTES, new Digest(1, 2, 3, 4));
        int limit = ByteRangeProof.MAX_RANGE_BYTES;
        ByteRangeProof atLimit = new ByteRangeProof(header, 5, limit, List.of());
        ByteRangeProof above = new ByteRangeProof(header, 5, limit + 1, List.of());
        assertEquals(ProofVerdict.WRONG_LENGTH, atLimit.verify(geometry, header.id(), 5, limit));
        assertEquals(ProofVerdict.OUT_OF_RANGE, above.verify(geometry, header.id(), 5, limit + 1));
        assertThrows(IllegalArgumentException.class, () -> proofOf(0, limit + 1));
        ProvedBlob longest = ProvedBlob.random(random, 4, limit + 1);
        checkRange(longest, 1, limit);
        assertThrows(
                IllegalArgumentException.class,
                () -> ByteRangeProof.of(longest.commitment(), longest.matrixBytes(), 0, limit + 1));
    }

    @Test
    void aProofOfAnotherBlobDeploymentOrHeaderIsRejected() {
        ProvedBlob other = ProvedBlob.random(random, 7, 40_000);
        ByteRangeProof proof = proofOf(100, 5000);
        assertEquals(ProofVerdict.WRONG_ID, proof.verify(blob.geometry(), other.id(), 100, 5000));
        assertEquals(ProofVerdict.INVALID_HEADER, proof.verify(new Geometry(8), blob.id(), 100, 5000));
        assertNull(ByteRangeProof.decode(proof.encode(), new Geometry(8)));
        ByteRangeProof renamed = new ByteRangeProof(other.header(), 100, 5000, proof.chunks());
        assertEquals(ProofVerdict.WRONG_ROOT, renamed.verify(blob.geometry(), other.id(), 100, 5000));
        for (BlobHeader header : blob.otherHeaders()) {
            ByteRangeProof changed = new ByteRangeProof(header, 100, 5000, proof.chunks());
            ProofVerdict expected =
                    header.isValidFor(blob.geometry()) ? ProofVerdict.WRONG_ID : ProofVerdict.INVALID_HEADER;
            assertEquals(expected, changed.verify(blob.geometry(), blob.id(), 100, 5000));
            byte[] encoded = proof.encode();
            System.arraycopy(header.encode(), 0, encoded, 0, BlobHeader.ENCODED_BYTES);
            assertNotEquals(ProofVerdict.ACCEPT, verdictOf(blob, encoded, 100, 5000));
        }
    }

    @Test
    void chunksThatAreMissingAddedSwappedOrForeignAreRejected() {
        ByteRangeProof proof = proofOf(100, 8000);
        List<ChunkProof> chunks = proof.chunks();
        for (int i = 0; i < chunks.size(); i++) {
            List<ChunkProof> fewer = new ArrayList<>(chunks);
            fewer.remove(i);
            assertRejected(fewer);
            List<ChunkProof> more = new ArrayList<>(chunks);
            more.add(i, chunks.get(i));
            assertRejected(more);
            List<ChunkProof> twice = new ArrayList<>(chunks);
            twice.set(i, chunks.get((i + 1) % chunks.size()));
            assertRejected(twice);
        }
        assertRejected(List.of());
        ChunkProof ofAnotherRow = proofOf(20_000, 1).chunks().get(0);
        List<ChunkProof> foreign = new ArrayList<>(chunks);
        foreign.set(0, ofAnotherRow);
        assertRejected(foreign);
    }

    @Test
    void swappedSiblingsAreRejected() {
        byte[] encoded = proofOf(2600, 50).encode();
        int chunkBytes = 2688 - 2 * 1024;
        // One short chunk, the last one of its symbol: hashes stand before and behind it.
        int pathsBytes = encoded.length - 58 - chunkBytes;
        int symbolPathBytes = Digest.BYTES;
        List<Integer> hashes = new ArrayList<>();
        for (int at = 0; at < pathsBytes; at += Digest.BYTES) {
            hashes.add(58 + at + (at < pathsBytes - symbolPathBytes ? 0 : chunkBytes));
        }
        assertEquals(1 + 3 + 3 + 1, hashes.size());
        assertEquals(ProofVerdict.ACCEPT, verdictOf(blob, encoded, 2600, 50));
        for (int one : hashes) {
            for (int two : hashes) {
                if (one < two) {
                    byte[] swapped = encoded.clone();
                    System.arraycopy(encoded, one, swapped, two, Digest.BYTES);
                    System.arraycopy(encoded, two, swapped, one, Digest.BYTES);
                    assertEquals(ProofVerdict.WRONG_ROOT, verdictOf(blob, swapped, 2600, 50));
                }
            }
        }
    }

    @Test
    void anInnerNodeIsNoChunkOfARange() {
        // Symbols of 1,088 bytes: the last chunk is 64 bytes long, as long as the two children of a node.
        ProvedBlob tail = ProvedBlob.random(random, 4, 6 * 1088);
        ByteRangeProof proof = ByteRangeProof.of(tail.commitment(), tail.matrixBytes(), 1024, 64);
        ChunkProof chunk = proof.chunks().getFirst();
        byte[] children = ProofBytes.concat(
                chunk.symbolPath(), MerkleTree.leafHash(chunk.chunk()).toBytes());
        ChunkProof inner = new ChunkProof(
                children, chunk.symbolPath(), chunk.rowPath(), chunk.columnRoot(), chunk.blobPath());
        ByteRangeProof claims = new ByteRangeProof(proof.header(), 1024, 64, List.of(inner));
        assertEquals(ProofVerdict.ACCEPT, proof.verify(tail.geometry(), tail.id(), 1024, 64));
        assertEquals(ProofVerdict.WRONG_ROOT, claims.verify(tail.geometry(), tail.id(), 1024, 64));
    }

    @Test
    void aProofWhoseChunksDisagreeOnWhatTheyShareHasNoByteForm() {
        List<ChunkProof> chunks = new ArrayList<>(proofOf(0, 5000).chunks());
        ChunkProof second = chunks.get(1);
        byte[] otherRowPath = second.rowPath().clone();
        otherRowPath[0] ^= 1;
        chunks.set(1, new ChunkProof(
                second.chunk(), second.symbolPath(), otherRowPath, second.columnRoot(), second.blobPath()));
        assertThrows(IllegalStateException.class, new ByteRangeProof(blob.header(), 0, 5000, chunks)::encode);
        byte[] otherBlobPath = second.blobPath().clone();
        otherBlobPath[0] ^= 1;
        chunks.set(1, new ChunkProof(
                second.chunk(), second.symbolPath(), second.rowPath(), second.columnRoot(), otherBlobPath));
        assertThrows(IllegalStateException.class, new ByteRangeProof(blob.header(), 0, 5000, chunks)::encode);
        assertFalse(chunks.isEmpty());
    }

    private void assertRejected(List<ChunkProof> chunks) {
        ByteRangeProof proof = new ByteRangeProof(blob.header(), 100, 8000, chunks);
        assertNotEquals(ProofVerdict.ACCEPT, verify(proof, 100, 8000));
    }

    private static void checkRange(ProvedBlob any, long offset, int length) {
        ByteRangeProof proof = ByteRangeProof.of(any.commitment(), any.matrixBytes(), offset, length);
        String range = "n = " + any.shards() + ", offset " + offset + ", length " + length;
        assertEquals(ProofVerdict.ACCEPT, proof.verify(any.geometry(), any.id(), offset, length), range);
        byte[] expected = Arrays.copyOfRange(any.bytes(), (int) offset, (int) offset + length);
        assertArrayEquals(expected, proof.bytes(), range);
        ByteRangeProof decoded = ByteRangeProof.decode(proof.encode(), any.geometry());
        assertEquals(proof, decoded, range);
        assertEquals(ProofVerdict.ACCEPT, verdictOf(any, proof.encode(), offset, length), range);
    }

    private ProofVerdict verify(ByteRangeProof proof, long offset, int length) {
        return proof.verify(blob.geometry(), blob.id(), offset, length);
    }

    private static @Nullable ProofVerdict verdictOf(ProvedBlob any, byte[] encoded, long offset, int length) {
        ByteRangeProof decoded = ByteRangeProof.decode(encoded, any.geometry());
        return decoded == null ? null : decoded.verify(any.geometry(), any.id(), offset, length);
    }

    private ByteRangeProof proofOf(long offset, int length) {
        return ByteRangeProof.of(blob.commitment(), blob.matrixBytes(), offset, length);
    }
}
