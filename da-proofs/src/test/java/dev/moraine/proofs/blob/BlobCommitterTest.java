package dev.moraine.proofs.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.codec.BlobMatrix;
import dev.moraine.codec.Geometry;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.merkle.MerkleTree;
import dev.moraine.testing.Seed;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BlobCommitterTest {
    private final Random random = Seed.random("BlobCommitterTest");

    @Test
    void committedVectorsComeOut() {
        BlobVector.committed().forEach(BlobCommitterTest::checkVector);
    }

    @Test
    void sharedVectorsComeOut() {
        BlobVector.shared().forEach(BlobCommitterTest::checkVector);
    }

    @Test
    void randomBlobsHaveTheMatrixRootsAndIdOfTheProtocolText() {
        int[][] shapes = {{4, 3000}, {4, 40_000}, {5, 7000}, {6, 20_000}, {7, 60_000}, {13, 5000}, {16, 90_000},
            {31, 20_000}, {64, 60_000}, {192, 10_000}};
        for (int[] shape : shapes) {
            checkAgainstText(Seed.bytes(random, 1 + random.nextInt(shape[1])), shape[0]);
        }
    }

    @Test
    void onePassOnAnyNumberOfThreadsGivesTheSameMatrixAndRoots() {
        try (ExecutorService executor = Executors.newFixedThreadPool(3)) {
            int[][] shapes = {{4, 1}, {4, 3000}, {4, 80_000}, {4, 200_000}, {7, 131_072}, {31, 20_000}, {31, 700_000}, {100, 5000}};
            for (int[] shape : shapes) {
                int length = shape[1];
                Geometry geometry = new Geometry(shape[0]);
                BlobMatrix matrix = new BlobMatrix(geometry, geometry.symbolSizeBytes(length));
                try (Arena arena = Arena.ofShared()) {
                    MemorySegment blob =
                            arena.allocate(length).copyFrom(MemorySegment.ofArray(Seed.bytes(random, length)));
                    MemorySegment expected = arena.allocate(geometry.matrixBytes(matrix.symbolSizeBytes()), 64);
                    matrix.encode(blob, expected);
                    BlobCommitment commitment = BlobCommitter.commit(matrix, expected, length);
                    for (int threads = 1; threads <= 3; threads++) {
                        MemorySegment actual = arena.allocate(expected.byteSize(), 64);
                        assertEquals(
                                commitment,
                                BlobCommitter.encodeAndCommit(matrix, blob, actual, executor, threads));
                        assertEquals(-1, expected.mismatch(actual));
                    }
                }
            }
        }
    }

    @Test
    void onePassChecksWhatItIsGivenBeforeItStarts() {
        Geometry geometry = new Geometry(4);
        BlobMatrix matrix = new BlobMatrix(geometry, 128);
        MemorySegment blob = MemorySegment.ofArray(new byte[64 * 6 + 1]);
        MemorySegment bytes = MemorySegment.ofArray(new byte[(int) geometry.matrixBytes(128)]);
        BlobCommitter.encodeAndCommit(matrix, blob, bytes);
        Class<? extends Exception> refused = IllegalArgumentException.class;
        assertThrows(refused, () -> BlobCommitter.encodeAndCommit(matrix, blob.asSlice(1), bytes));
        assertThrows(refused, () -> BlobCommitter.encodeAndCommit(matrix, blob, bytes.asSlice(1)));
        assertThrows(refused, () -> BlobCommitter.encodeAndCommit(matrix, blob, bytes, Runnable::run, 0));
    }

    @Test
    void lengthsAroundEverySymbolBoundaryHaveTheIdOfTheProtocolText() {
        int step = 64 * 2 * 3;
        for (int symbolSize : new int[] {64, 128, 1024, 1088, 2048, 2112}) {
            for (int delta = -1; delta <= 1; delta++) {
                checkAgainstText(Seed.bytes(random, step * (symbolSize / 64) + delta), 4);
            }
        }
    }

    @Test
    void trailingZerosChangeTheId() {
        Set<BlobId> ids = new HashSet<>();
        byte[] blob = Seed.bytes(random, 50);
        for (int length = 50; length < 450; length++) {
            assertTrue(ids.add(commit(Arrays.copyOf(blob, length), 4).id()), "length " + length);
        }
    }

    @Test
    void linesOfSymbolRootsLeadToTheRootsOfTheMetadata() {
        BlobCommitment commitment = commit(Seed.bytes(random, 30_000), 10);
        for (int i = 0; i < 10; i++) {
            assertEquals(
                    commitment.metadata().rowRoot(i), MerkleTree.rootOfLeafHashes(commitment.rowSymbolRoots(i)));
            assertEquals(
                    commitment.metadata().columnRoot(i), MerkleTree.rootOfLeafHashes(commitment.columnSymbolRoots(i)));
            for (int j = 0; j < 10; j++) {
                assertEquals(
                        Digest.of(commitment.rowSymbolRoots(i), j * Digest.BYTES),
                        Digest.of(commitment.columnSymbolRoots(j), i * Digest.BYTES));
            }
        }
        assertThrows(IndexOutOfBoundsException.class, () -> commitment.rowSymbolRoots(10));
        assertThrows(IndexOutOfBoundsException.class, () -> commitment.columnSymbolRoots(-1));
    }

    @Test
    void rootsOfManySymbolsAreTheRootsOfTheirTrees() {
        for (int symbolSize : new int[] {64, 960, 1024, 1088, 2048, 5056}) {
            byte[] symbols = Seed.bytes(random, 3 + 5 * symbolSize);
            byte[] roots = new byte[5 * Digest.BYTES + 1];
            SymbolTree.roots(MemorySegment.ofArray(symbols), 3, symbolSize, 5, MemorySegment.ofArray(roots), 1);
            for (int i = 0; i < 5; i++) {
                MemorySegment symbol = MemorySegment.ofArray(symbols).asSlice(3 + (long) i * symbolSize, symbolSize);
                MerkleTree tree = SymbolTree.of(symbol);
                assertEquals(SymbolTree.chunkCount(symbolSize), tree.leafCount());
                assertEquals(tree.root(), Digest.of(roots, 1 + i * Digest.BYTES));
            }
        }
    }

    @Test
    void theLastChunkIsWhatRemains() {
        assertEquals(1, SymbolTree.chunkCount(64));
        assertEquals(1, SymbolTree.chunkCount(1024));
        assertEquals(2, SymbolTree.chunkCount(1088));
        assertEquals(64, SymbolTree.chunkBytes(64, 0));
        assertEquals(1024, SymbolTree.chunkBytes(1024, 0));
        assertEquals(1024, SymbolTree.chunkBytes(1088, 0));
        assertEquals(64, SymbolTree.chunkBytes(1088, 1));
        int longestSymbol = new Geometry(Geometry.MIN_SHARDS).symbolSizeBytes(Geometry.MAX_BLOB_BYTES);
        assertEquals(699_051, SymbolTree.chunkCount(longestSymbol));
        assertTrue(SymbolTree.chunkCount(longestSymbol) <= MerkleTree.MAX_LEAVES);
        assertThrows(IndexOutOfBoundsException.class, () -> SymbolTree.chunkBytes(1024, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> SymbolTree.chunkBytes(1024, -1));
    }

    @Test
    void lengthsThatDoNotFitTogetherAreRefused() {
        BlobMatrix matrix = new BlobMatrix(new Geometry(4), 128);
        MemorySegment bytes = MemorySegment.ofArray(new byte[16 * 128]);
        BlobCommitter.commit(matrix, bytes, 385);
        assertThrows(IllegalArgumentException.class, () -> BlobCommitter.commit(matrix, bytes, 384));
        assertThrows(IllegalArgumentException.class, () -> BlobCommitter.commit(matrix, bytes, 769));
        assertThrows(IllegalArgumentException.class, () -> BlobCommitter.commit(matrix, bytes, 0));
        MemorySegment shorter = bytes.asSlice(0, 16 * 128 - 1);
        assertThrows(IllegalArgumentException.class, () -> BlobCommitter.commit(matrix, shorter, 385));
        byte[] fifteenRoots = new byte[15 * Digest.BYTES];
        assertThrows(
                IllegalArgumentException.class,
                () -> BlobCommitter.ofSymbolRoots(new Geometry(4), 385, fifteenRoots));
        BlobMetadata metadata = BlobCommitter.commit(matrix, bytes, 385).metadata();
        assertThrows(IllegalArgumentException.class, () -> new BlobCommitment(metadata, fifteenRoots));
    }

    private static void checkVector(BlobVector vector) {
        BlobCommitment commitment = commit(vector.blob(), vector.shards());
        for (int i = 0; i < vector.shards(); i++) {
            assertEquals(vector.rowRoots().get(i), commitment.metadata().rowRoot(i).toString(), vector.name());
            assertEquals(vector.columnRoots().get(i), commitment.metadata().columnRoot(i).toString(), vector.name());
        }
        assertEquals(vector.symbolSize(), commitment.metadata().header().symbolSizeBytes(), vector.name());
        assertEquals(vector.blobRoot(), commitment.metadata().header().blobRoot().toString(), vector.name());
        assertEquals(vector.blobId(), commitment.id().toString(), vector.name());
    }

    private static void checkAgainstText(byte[] blob, int shards) {
        ProtocolTextReference text = new ProtocolTextReference(blob, shards);
        Geometry geometry = new Geometry(shards);
        BlobMatrix matrix = new BlobMatrix(geometry, geometry.symbolSizeBytes(blob.length));
        String what = "n = " + shards + ", L = " + blob.length;
        assertEquals(text.symbolSize, matrix.symbolSizeBytes(), what);
        byte[] matrixBytes = new byte[shards * shards * text.symbolSize];
        matrix.encode(MemorySegment.ofArray(blob), MemorySegment.ofArray(matrixBytes));
        assertArrayEquals(text.matrixBytes(), matrixBytes, what);
        BlobMetadata metadata =
                BlobCommitter.commit(matrix, MemorySegment.ofArray(matrixBytes), blob.length).metadata();
        assertEquals(hex(text.rowRoots), roots(shards, metadata, true), what);
        assertEquals(hex(text.columnRoots), roots(shards, metadata, false), what);
        assertArrayEquals(text.header, metadata.header().encode(), what);
        assertEquals(text.blobId, metadata.id().toString(), what);
    }

    private static List<String> roots(int shards, BlobMetadata metadata, boolean ofRows) {
        return IntStream.range(0, shards)
                .mapToObj(i -> ofRows ? metadata.rowRoot(i) : metadata.columnRoot(i))
                .map(Digest::toString)
                .toList();
    }

    private static List<String> hex(List<byte[]> digests) {
        return digests.stream().map(HexFormat.of()::formatHex).toList();
    }

    private static BlobCommitment commit(byte[] blob, int shards) {
        Geometry geometry = new Geometry(shards);
        BlobMatrix matrix = new BlobMatrix(geometry, geometry.symbolSizeBytes(blob.length));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment matrixBytes = arena.allocate(geometry.matrixBytes(matrix.symbolSizeBytes()), 64);
            matrix.encode(MemorySegment.ofArray(blob), matrixBytes);
            return BlobCommitter.commit(matrix, matrixBytes, blob.length);
        }
    }
}
