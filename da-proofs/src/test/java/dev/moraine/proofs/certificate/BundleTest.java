package dev.moraine.proofs.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.merkle.MerklePath;
import dev.moraine.proofs.merkle.MerkleTree;
import dev.moraine.testing.Seed;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BundleTest {
    private final Random random = Seed.random("BundleTest");

    @Test
    void aBundleHasFromOneToTheLimitOfEntries() {
        assertThrows(IllegalArgumentException.class, () -> new Bundle(List.of()));
        assertEquals(1, BundleFixture.bundle(random, 1).entries().size());
        List<BundleEntry> full = BundleFixture.entries(random, Bundle.MAX_ENTRIES, 3);
        assertEquals(Bundle.MAX_ENTRIES, new Bundle(full).statement(BundleFixture.digest(random), 3).count());
        List<BundleEntry> one = BundleFixture.entries(random, 1, 3);
        List<BundleEntry> tooMany = new ArrayList<>(full);
        tooMany.addAll(one);
        assertThrows(IllegalArgumentException.class, () -> new Bundle(tooMany));
        assertFalse(Bundle.isCountInRange((1L << 32) + 1));
    }

    @Test
    void noBlobIsInABundleTwice() {
        List<BundleEntry> entries = BundleFixture.entries(random, 9, 3);
        BundleEntry first = entries.getFirst();
        entries.add(new BundleEntry(first.blobId(), new Namespace(BundleFixture.digest(random)), 77, 4));
        assertThrows(IllegalArgumentException.class, () -> new Bundle(entries));
    }

    @Test
    void everyPathLeadsToTheRoot() {
        for (int count : new int[] {1, 2, 3, 7, 8, 33}) {
            Bundle bundle = BundleFixture.bundle(random, count);
            for (int i = 0; i < count; i++) {
                Digest leaf = MerkleTree.leafHash(bundle.entries().get(i).encode());
                assertEquals(bundle.root(), MerklePath.rootFrom(leaf, i, count, bundle.path(i)));
            }
        }
    }

    @Test
    void theRootDependsOnEveryFieldOfEveryEntryAndOnTheOrder() {
        List<BundleEntry> entries = BundleFixture.entries(random, 4, 3);
        Digest root = new Bundle(entries).root();
        assertEquals(root, Bundle.rootOf(entries));
        assertNotEquals(root, new Bundle(entries.reversed()).root());
        BundleEntry old = entries.get(2);
        BlobId otherId = BlobId.of(Seed.bytes(random, BlobId.BYTES));
        Namespace otherSpace = new Namespace(BundleFixture.digest(random));
        for (BundleEntry changed : List.of(
                new BundleEntry(otherId, old.namespace(), old.lengthBytes(), old.expiryEpoch()),
                new BundleEntry(old.blobId(), otherSpace, old.lengthBytes(), old.expiryEpoch()),
                new BundleEntry(old.blobId(), old.namespace(), old.lengthBytes() + 1, old.expiryEpoch()),
                new BundleEntry(old.blobId(), old.namespace(), old.lengthBytes(), old.expiryEpoch() + 1))) {
            entries.set(2, changed);
            assertNotEquals(root, new Bundle(entries).root());
        }
    }

    @Test
    void anEntryHasTheLayoutOfTheProtocol() throws InvalidEncodingException {
        BundleEntry entry = new BundleEntry(
                BlobId.parse("01".repeat(32)), Namespace.parse("02".repeat(32)), 0x0000_0001_0000_0000L, 0x1122);
        String layout = "01".repeat(32) + "02".repeat(32) + "0000000100000000" + "0000000000001122";
        assertEquals(layout, HexFormat.of().formatHex(entry.encode()));
        assertEquals(entry, BundleEntry.decode(HexFormat.of().parseHex(layout)));
    }

    @Test
    void entriesOutOfRangeAreNeitherMadeNorDecoded() throws InvalidEncodingException {
        long longest = Geometry.MAX_BLOB_BYTES;
        assertEquals(longest, roundTrip(longest, Long.MAX_VALUE).lengthBytes());
        assertEquals(0, roundTrip(1, 0).expiryEpoch());
        assertOutOfRange(0, 0);
        assertOutOfRange(longest + 1, 0);
        assertOutOfRange(-1, 0);
        assertOutOfRange(Long.MIN_VALUE, 0);
        assertOutOfRange(1, -1);
        assertOutOfRange(1, Long.MIN_VALUE);
    }

    @Test
    void anEntryOfAnotherLengthIsNotDecoded() {
        byte[] encoded = BundleFixture.bundle(random, 1).entries().getFirst().encode();
        for (int length = 0; length < 2 * encoded.length; length++) {
            byte[] resized = Arrays.copyOf(encoded, length);
            if (length != encoded.length) {
                assertEquals(
                        EncodingFault.WRONG_LENGTH,
                        assertThrows(InvalidEncodingException.class, () -> BundleEntry.decode(resized)).fault());
            }
        }
    }

    @Test
    void aNamespaceIsWrittenInHexOrAsAShortName() {
        assertEquals("61".repeat(3) + "00".repeat(29), Namespace.parse("aaa").toString());
        assertEquals("ff".repeat(32), Namespace.parse("ff".repeat(32)).toString());
        assertEquals("7e".repeat(32), Namespace.parse("~".repeat(32)).toString());
        for (String bad : new String[] {"", "a b", "ä", "a\n", "a".repeat(33), "FF".repeat(32), "xx".repeat(32)}) {
            assertThrows(IllegalArgumentException.class, () -> Namespace.parse(bad), bad);
        }
    }

    private BundleEntry roundTrip(long lengthBytes, long expiryEpoch) throws InvalidEncodingException {
        assertTrue(BundleEntry.isInRange(lengthBytes, expiryEpoch));
        BundleEntry entry = new BundleEntry(
                new BlobId(BundleFixture.digest(random)),
                new Namespace(BundleFixture.digest(random)),
                lengthBytes,
                expiryEpoch);
        assertEquals(entry, BundleEntry.decode(entry.encode()));
        return entry;
    }

    private void assertOutOfRange(long lengthBytes, long expiryEpoch) {
        assertFalse(BundleEntry.isInRange(lengthBytes, expiryEpoch));
        BlobId blobId = new BlobId(BundleFixture.digest(random));
        Namespace namespace = new Namespace(BundleFixture.digest(random));
        assertThrows(
                IllegalArgumentException.class,
                () -> new BundleEntry(blobId, namespace, lengthBytes, expiryEpoch));
        byte[] encoded = new BundleEntry(blobId, namespace, 1, 1).encode();
        ByteBuffer.wrap(encoded).putLong(64, lengthBytes).putLong(72, expiryEpoch);
        assertEquals(
                EncodingFault.OUT_OF_RANGE,
                assertThrows(InvalidEncodingException.class, () -> BundleEntry.decode(encoded)).fault());
    }
}
