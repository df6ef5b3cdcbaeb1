package dev.moraine.proofs.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.merkle.MerklePath;
import dev.moraine.proofs.merkle.MerkleTree;
import dev.moraine.testing.Seed;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BlobMetadataTest {
    private final Random random = Seed.random("BlobMetadataTest");

    @Test
    void rootsOfAVectorLeadToItsRootAndId() {
        for (BlobVector vector : BlobVector.committed()) {
            BlobMetadata metadata = metadataOf(vector);
            assertEquals(vector.blobId(), metadata.id().toString(), vector.name());
            assertEquals(vector.blobRoot(), metadata.header().blobRoot().toString(), vector.name());
            assertEquals(vector.symbolSize(), metadata.header().symbolSizeBytes(), vector.name());
        }
    }

    @Test
    void metadataSurvivesItsEncoding() throws InvalidMetadataException {
        for (int shards : new int[] {4, 5, 10, 100, 192}) {
            BlobMetadata metadata = randomMetadata(shards, 1 + random.nextInt(1_000_000));
            byte[] encoded = metadata.encode();
            assertEquals(BlobMetadata.encodedBytes(metadata.geometry()), encoded.length);
            BlobMetadata decoded = BlobMetadata.decode(encoded, new Geometry(shards));
            assertEquals(metadata, decoded);
            assertEquals(metadata.id(), decoded.id());
            assertArrayEquals(encoded, decoded.encode());
            int pair = random.nextInt(shards);
            Digest leaf = MerkleTree.leafHash(
                    decoded.rowRoot(pair).toBytes(), decoded.columnRoot(pair).toBytes());
            Digest root = MerklePath.rootFrom(leaf, pair, shards, decoded.blobPath(pair));
            assertEquals(metadata.header().blobRoot(), root);
        }
    }

    @Test
    void everyFlippedBitIsRefusedOrGivesAnotherId() {
        BlobMetadata metadata = randomMetadata(4, 1000);
        byte[] encoded = metadata.encode();
        for (int bit = 0; bit < 8 * encoded.length; bit++) {
            byte[] flipped = encoded.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            try {
                BlobMetadata decoded = BlobMetadata.decode(flipped, new Geometry(4));
                assertNotEquals(metadata.id(), decoded.id(), "bit " + bit);
                assertTrue(bit / 8 < BlobHeader.ENCODED_BYTES, "only a length of the same symbol size is consistent");
            } catch (InvalidMetadataException e) {
                assertNotEquals("", e.getMessage());
            }
        }
    }

    @Test
    void everyOtherLengthIsRefused() {
        byte[] encoded = randomMetadata(7, 1000).encode();
        for (int length = 0; length <= encoded.length + 64; length++) {
            byte[] wrong = Arrays.copyOf(encoded, length);
            if (length != encoded.length) {
                assertThrows(InvalidMetadataException.class, () -> BlobMetadata.decode(wrong, new Geometry(7)));
            }
        }
    }

    @Test
    void metadataOfAnotherDeploymentIsRefused() {
        byte[] encoded = randomMetadata(7, 1000).encode();
        assertThrows(InvalidMetadataException.class, () -> BlobMetadata.decode(encoded, new Geometry(8)));
        byte[] renamed = encoded.clone();
        renamed[1] = 10;
        assertThrows(InvalidMetadataException.class, () -> BlobMetadata.decode(renamed, new Geometry(7)));
        assertThrows(
                InvalidMetadataException.class,
                () -> BlobMetadata.decode(Arrays.copyOf(renamed, 46 + 640), new Geometry(10)));
    }

    @Test
    void aHeaderIsValidExactlyForItsShardsLengthAndSymbolSize() {
        Geometry geometry = new Geometry(7);
        Digest root = Digest.of(Seed.bytes(random, Digest.BYTES));
        long max = Geometry.MAX_BLOB_BYTES;
        for (long length : new long[] {1, 64L * 15, 64L * 15 + 1, max - 1, max}) {
            int symbolSize = geometry.symbolSizeBytes(length);
            assertTrue(BlobHeader.of(geometry, length, root).isValidFor(geometry));
            assertTrue(BlobHeader.of(geometry, length, root).isValidForSomeGeometry());
            assertFalse(new BlobHeader(8, symbolSize, length, root).isValidFor(geometry));
            assertFalse(new BlobHeader(7, symbolSize + 64, length, root).isValidFor(geometry));
            assertFalse(new BlobHeader(7, symbolSize - 64, length, root).isValidFor(geometry));
        }
        assertFalse(new BlobHeader(7, 0, 0, root).isValidFor(geometry));
        assertFalse(new BlobHeader(7, 64, 0, root).isValidFor(geometry));
        assertFalse(new BlobHeader(7, geometry.symbolSizeBytes(max), max + 1, root).isValidFor(geometry));
        assertFalse(new BlobHeader(7, Integer.MAX_VALUE, Long.MAX_VALUE, root).isValidFor(geometry));
        assertFalse(new BlobHeader(3, 64, 1, root).isValidForSomeGeometry());
        assertFalse(new BlobHeader(193, 64, 1, root).isValidForSomeGeometry());
        assertThrows(IllegalArgumentException.class, () -> BlobHeader.of(geometry, 0, root));
        assertThrows(IllegalArgumentException.class, () -> BlobHeader.of(geometry, max + 1, root));
        assertThrows(IllegalArgumentException.class, () -> new BlobHeader(0x1_0000, 64, 1, root));
        assertThrows(IllegalArgumentException.class, () -> new BlobHeader(-1, 64, 1, root));
        assertThrows(IllegalArgumentException.class, () -> new BlobHeader(7, -64, 1, root));
        assertThrows(IllegalArgumentException.class, () -> new BlobHeader(7, 64, -1, root));
    }

    @Test
    void everyFieldOfAHeaderIsBoundByTheId() throws InvalidMetadataException {
        BlobHeader header = randomMetadata(7, 12_345).header();
        byte[] encoded = header.encode();
        assertEquals(BlobHeader.ENCODED_BYTES, encoded.length);
        assertEquals(header, BlobHeader.decode(encoded));
        Set<BlobId> ids = new HashSet<>();
        ids.add(header.id());
        for (int bit = 0; bit < 8 * encoded.length; bit++) {
            byte[] flipped = encoded.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            boolean isNegative = bit == 8 * 2 + 7 || bit == 8 * 6 + 7;
            if (isNegative) {
                assertThrows(InvalidMetadataException.class, () -> BlobHeader.decode(flipped));
            } else {
                assertTrue(ids.add(BlobHeader.decode(flipped).id()), "bit " + bit);
            }
        }
        assertThrows(InvalidMetadataException.class, () -> BlobHeader.decode(new byte[0]));
        assertThrows(InvalidMetadataException.class, () -> BlobHeader.decode(new byte[45]));
        assertThrows(InvalidMetadataException.class, () -> BlobHeader.decode(new byte[47]));
    }

    @Test
    void digitsMovedBetweenFieldsGiveAnotherId() {
        Digest root = Digest.of(Seed.bytes(random, Digest.BYTES));
        String digits = "1234567";
        for (int radix : new int[] {10, 16}) {
            Set<BlobId> ids = new HashSet<>();
            int headers = 0;
            for (int first = 1; first <= 3; first++) {
                for (int second = first + 1; second < digits.length(); second++) {
                    int shards = Integer.parseInt(digits.substring(0, first), radix);
                    int symbolSize = Integer.parseInt(digits.substring(first, second), radix);
                    long length = Long.parseLong(digits.substring(second), radix);
                    ids.add(new BlobHeader(shards, symbolSize, length, root).id());
                    headers++;
                }
            }
            assertEquals(headers, ids.size());
        }
    }

    @Test
    void lengthsAroundFourGibibytesAreNotCutOff() throws InvalidMetadataException {
        Digest root = Digest.of(Seed.bytes(random, Digest.BYTES));
        long limit = 1L << 32;
        for (int shards : new int[] {4, 7, 192}) {
            Geometry geometry = new Geometry(shards);
            for (long length : new long[] {limit - 1, limit}) {
                BlobHeader header = BlobHeader.of(geometry, length, root);
                assertEquals(length, BlobHeader.decode(header.encode()).lengthBytes());
                assertTrue(geometry.paddedBlobBytes(header.symbolSizeBytes()) >= length);
            }
            for (long rest : new long[] {1, 300, limit - 1, limit}) {
                BlobHeader small = BlobHeader.of(geometry, rest, root);
                BlobHeader alias = new BlobHeader(shards, small.symbolSizeBytes(), limit + rest, root);
                assertFalse(alias.isValidFor(geometry));
                assertNotEquals(small.id(), alias.id());
            }
            assertThrows(IllegalArgumentException.class, () -> BlobHeader.of(geometry, limit + 1, root));
        }
    }

    @Test
    void aWrongNumberOfRootsIsRefused() {
        Geometry geometry = new Geometry(4);
        byte[] four = new byte[4 * Digest.BYTES];
        byte[] five = new byte[5 * Digest.BYTES];
        assertThrows(IllegalArgumentException.class, () -> BlobMetadata.of(geometry, 1, five, four));
        assertThrows(IllegalArgumentException.class, () -> BlobMetadata.of(geometry, 1, four, five));
        assertThrows(IllegalArgumentException.class, () -> BlobMetadata.of(geometry, 0, four, four));
        BlobMetadata metadata = BlobMetadata.of(geometry, 1, four, four);
        assertThrows(IndexOutOfBoundsException.class, () -> metadata.rowRoot(4));
        assertThrows(IndexOutOfBoundsException.class, () -> metadata.columnRoot(-1));
        assertThrows(IndexOutOfBoundsException.class, () -> metadata.blobPath(4));
    }

    private BlobMetadata randomMetadata(int shards, long lengthBytes) {
        byte[] rowRoots = Seed.bytes(random, shards * Digest.BYTES);
        return BlobMetadata.of(
                new Geometry(shards), lengthBytes, rowRoots, Seed.bytes(random, shards * Digest.BYTES));
    }

    private static BlobMetadata metadataOf(BlobVector vector) {
        return BlobMetadata.of(
                new Geometry(vector.shards()),
                vector.blob().length,
                HexFormat.of().parseHex(String.join("", vector.rowRoots())),
                HexFormat.of().parseHex(String.join("", vector.columnRoots())));
    }
}
