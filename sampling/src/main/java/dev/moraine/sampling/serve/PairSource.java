package dev.moraine.sampling.serve;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.storage.store.PairLookup;
import dev.moraine.storage.store.SliverStore;
import dev.moraine.storage.store.StoredPair;
import dev.moraine.wire.message.FailureCode;
import java.util.function.LongSupplier;

/**
 * Finds what the store has of a blob, or says why there is nothing to serve. Thread-safe.
 *
 * @param store the store
 * @param geometry the deployment's
 * @param currentEpoch what epoch it is
 */
record PairSource(SliverStore store, Geometry geometry, LongSupplier currentEpoch) {
    /** What was found. */
    sealed interface Result {}

    /**
     * A sliver.
     *
     * @param sliver the sliver, which whoever asked releases
     */
    record Held(HeldSliver sliver) implements Result {}

    /**
     * Nothing to serve.
     *
     * @param code why
     */
    record Missing(FailureCode code) implements Result {}

    /**
     * Reads one sliver of a pair. The other need not be held.
     *
     * @param blobId the blob
     * @param pairIndex the pair, of any value
     * @param axis {@link Axis#ROW} for the primary, {@link Axis#COLUMN} for the secondary sliver
     * @return the sliver or the reason
     */
    Result find(BlobId blobId, int pairIndex, Axis axis) {
        if (pairIndex < 0 || pairIndex >= geometry.shards()) {
            return new Missing(FailureCode.OUT_OF_RANGE);
        }
        if (isExpired(blobId)) {
            return new Missing(FailureCode.EXPIRED);
        }
        return switch (store.findSliver(blobId, pairIndex, axis)) {
            case PairLookup.Found found -> new Held(hold(found.pair(), axis));
            case PairLookup.NotHeld notHeld -> new Missing(FailureCode.NOT_FOUND);
            case PairLookup.Quarantined quarantined -> new Missing(FailureCode.QUARANTINED);
        };
    }

    private static HeldSliver hold(StoredPair pair, Axis axis) {
        try {
            return new HeldSliver(pair, axis);
        } catch (RuntimeException | OutOfMemoryError e) {
            pair.release();
            throw e;
        }
    }

    /**
     * Whether the node no longer owes a blob to anyone.
     *
     * @param blobId the blob
     * @return true if the latest expiry that it signed or saw certified is over
     */
    boolean isExpired(BlobId blobId) {
        long expiryEpoch = store.expiryEpoch(blobId);
        return expiryEpoch != SliverStore.NO_EXPIRY && expiryEpoch < currentEpoch.getAsLong();
    }
}
