package dev.moraine.proofs.certificate;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.testing.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Entries with random ids. */
final class BundleFixture {
    private BundleFixture() {}

    static List<BundleEntry> entries(Random random, int count, long expiryEpoch) {
        List<BundleEntry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entries.add(new BundleEntry(
                    BlobId.of(Seed.bytes(random, BlobId.BYTES)),
                    new Namespace(digest(random)),
                    1 + i,
                    expiryEpoch));
        }
        return entries;
    }

    static Bundle bundle(Random random, int count) {
        return new Bundle(entries(random, count, 20));
    }

    static Digest digest(Random random) {
        return Digest.of(Seed.bytes(random, Digest.BYTES));
    }
}
