package dev.moraine.benchmarks.sampling;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.storage.store.SliverStore;
import dev.moraine.storage.store.StoreContext;
import dev.moraine.storage.store.StoreException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The blobs that single symbols are asked for: as many as the store of one node of 31 has of them, all in memory. */
final class Warm {
    static final Geometry GEOMETRY = new Geometry(31);
    static final int SYMBOL_BYTES = 576;
    static final int BLOBS = 1_024;
    static final Digest DEPLOYMENT = new Digest(1, 2, 3, 4);

    /** The pair that the node holds of each of them. */
    static final int PAIR = 0;

    private static final long SEED = 7;
    private static final long SEGMENT_BYTES = 64L << 20;

    private Warm() {}

    /** The first of the blobs. */
    static SampleBlobs blobs() {
        return new SampleBlobs(GEOMETRY, Math.toIntExact(GEOMETRY.paddedBlobBytes(SYMBOL_BYTES)), SEED);
    }

    /**
     * Fills a store.
     *
     * @param folder where it is to be
     * @return the ids, 32 bytes each
     */
    static List<byte[]> fill(Path folder) throws StoreException {
        List<byte[]> ids = new ArrayList<>();
        SampleBlobs blobs = blobs();
        try (SliverStore store = open(folder)) {
            for (int i = 0; i < BLOBS; i++) {
                store.appendPair(blobs.pair(PAIR));
                ids.add(blobs.commitment().id().toBytes());
                blobs.next();
            }
            store.force();
        }
        return ids;
    }

    static SliverStore open(Path folder) throws StoreException {
        return SliverStore.open(new StoreContext()
                .folder(folder)
                .deploymentId(DEPLOYMENT)
                .segmentBytes(SEGMENT_BYTES));
    }
}
