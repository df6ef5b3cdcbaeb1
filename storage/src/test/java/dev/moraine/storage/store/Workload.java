package dev.moraine.storage.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.storage.disk.Disk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Bundles as a node stores them: pairs and expiries, force, then the certificate, force. Keeps account of what was
 * acknowledged, and checks a store against it.
 */
final class Workload {
    /** Room for two bundles at the most, since each of them takes at least two pages of its own. */
    static final long SEGMENT_BYTES = 24 << 10;

    /** Kept, since a logger that nobody keeps forgets its level. */
    private static final Logger STORE_LOGGER = Logger.getLogger(SliverStore.class.getName());

    static {
        // These tests make the damage that the store reports, a hundred thousand times.
        STORE_LOGGER.setLevel(Level.OFF);
    }

    /** One blob of a bundle and what a store has promised about it. */
    private static final class Item {
        private final SampleBlob blob;
        private final List<BundleEntry> bundle;
        private final long expiryEpoch;
        private boolean pairAcknowledged;
        private boolean certificateAcknowledged;

        private Item(SampleBlob blob, List<BundleEntry> bundle, long expiryEpoch) {
            this.blob = blob;
            this.bundle = bundle;
            this.expiryEpoch = expiryEpoch;
        }
    }

    private final List<List<Item>> bundles = new ArrayList<>();

    /** Some bundles of blobs for four shards. */
    Workload(Random random, int bundleCount, int maxBlobsPerBundle, int maxBlobBytes) {
        for (int i = 0; i < bundleCount; i++) {
            List<SampleBlob> blobs = new ArrayList<>();
            for (int j = 0, count = 1 + random.nextInt(maxBlobsPerBundle); j < count; j++) {
                blobs.add(SampleBlob.random(random, 1 + random.nextInt(maxBlobBytes)));
            }
            long expiryEpoch = 10L + i;
            List<BundleEntry> entries = blobs.stream().map(blob -> blob.entry(expiryEpoch)).toList();
            bundles.add(blobs.stream().map(blob -> new Item(blob, entries, expiryEpoch)).toList());
        }
    }

    static SliverStore open(Disk disk) throws StoreException {
        return open(disk, SEGMENT_BYTES);
    }

    static SliverStore open(Disk disk, long segmentBytes) throws StoreException {
        long[] nonce = {1};
        return SliverStore.open(new StoreContext()
                .folder(Path.of("memory"))
                .deploymentId(SampleBlob.DEPLOYMENT)
                .segmentBytes(segmentBytes)
                .reserveBytes(0)
                .disks(folder -> disk)
                .nonces(() -> nonce[0] += 0x9E3779B97F4A7C15L));
    }

    /** Stores all bundles, or as many as the disk lets it. */
    void run(SliverStore store) throws StoreException {
        run(store, 0, bundles.size());
    }

    /** Stores the bundles of a range. */
    void run(SliverStore store, int from, int to) throws StoreException {
        for (List<Item> bundle : bundles.subList(from, to)) {
            for (Item item : bundle) {
                store.appendPair(item.blob.pair(0));
                store.appendPair(item.blob.pair(2));
                store.appendRetention(item.blob.id(), item.expiryEpoch);
            }
            store.force();
            bundle.forEach(item -> item.pairAcknowledged = true);
            List<BundleEntry> entries = bundle.getFirst().bundle;
            store.appendCertificate(SampleBlob.certificate(3, entries), entries);
            store.force();
            bundle.forEach(item -> item.certificateAcknowledged = true);
        }
    }

    /** Takes back what was promised, for a new run on an empty disk. */
    void forgetAcknowledgements() {
        for (List<Item> bundle : bundles) {
            for (Item item : bundle) {
                item.pairAcknowledged = false;
                item.certificateAcknowledged = false;
            }
        }
    }

    /** Fails unless everything acknowledged is served, and everything served is right. */
    void assertNothingLost(SliverStore store) {
        assertEquals(0, missing(store), "acknowledged and not served");
    }

    /**
     * Fails if the store serves anything that was not appended.
     *
     * @return how many acknowledged pairs, expiries and certificates it does not serve
     */
    int missing(SliverStore store) {
        int missing = 0;
        for (List<Item> bundle : bundles) {
            for (Item item : bundle) {
                for (int pairIndex : new int[] {0, 2}) {
                    if (!isServed(store, item, pairIndex) && item.pairAcknowledged) {
                        missing++;
                    }
                }
                missing += missingAbout(store, item);
            }
        }
        return missing;
    }

    private static boolean isServed(SliverStore store, Item item, int pairIndex) {
        if (store.find(item.blob.id(), pairIndex) instanceof PairLookup.Found found) {
            try (StoredPair pair = found.pair()) {
                item.blob.assertIsPair(pair, pairIndex);
                return true;
            }
        }
        return false;
    }

    private static int missingAbout(SliverStore store, Item item) {
        int missing = 0;
        BlobMetadata metadata = store.metadata(item.blob.id());
        if (metadata != null) {
            assertEquals(item.blob.commitment().metadata(), metadata);
        } else if (item.pairAcknowledged) {
            missing++;
        }
        long expiryEpoch = store.expiryEpoch(item.blob.id());
        assertTrue(expiryEpoch == item.expiryEpoch || expiryEpoch == SliverStore.NO_EXPIRY);
        if (expiryEpoch == SliverStore.NO_EXPIRY && item.pairAcknowledged) {
            missing++;
        }
        BlobCertificate certificate = store.certificate(item.blob.id());
        if (certificate != null) {
            assertEquals(item.bundle.get(certificate.index()), certificate.entry());
            assertEquals(item.blob.id(), certificate.entry().blobId());
            assertNotNull(certificate.path());
        } else if (item.certificateAcknowledged) {
            missing++;
        }
        return missing;
    }

    /** How many bundles there are. */
    int bundleCount() {
        return bundles.size();
    }

    /** How many pairs were acknowledged. */
    int acknowledgedPairs() {
        Set<Object> acknowledged = new HashSet<>();
        for (List<Item> bundle : bundles) {
            bundle.stream().filter(item -> item.pairAcknowledged).forEach(item -> acknowledged.add(item.blob.id()));
        }
        return 2 * acknowledged.size();
    }
}
