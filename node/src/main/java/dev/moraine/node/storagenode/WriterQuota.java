package dev.moraine.node.storagenode;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BundleEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The stored bytes that one writer holds: each blob is charged once, from the bundle that brought it until its expiry. A
 * bundle is charged when it is admitted and the charge is dropped when it comes to nothing, so that bundles in flight
 * count.
 *
 * <p>Charges are kept in memory: a restarted node begins anew. Thread-safe.
 */
final class WriterQuota {
    private static final int BYTES_PER_ROOT_PAIR = 64;

    private final Geometry geometry;
    private final long limitBytes;
    private final Map<BlobId, Held> heldByBlob = new HashMap<>();
    private long heldBytes;
    private long inFlightBytes;
    private long sweptEpoch;

    private record Held(long bytes, long expiryEpoch) {}

    /**
     * A quota of which nothing is used.
     *
     * @param geometry the committee's
     * @param limitBytes how much the writer may hold
     */
    WriterQuota(Geometry geometry, long limitBytes) {
        this.geometry = geometry;
        this.limitBytes = limitBytes;
    }

    /**
     * What a blob costs: its stored bytes in the whole committee, {@code n·((k₁+k₂)·s + 64·n)}.
     *
     * @param geometry the committee's
     * @param lengthBytes the blob's length, from 1 to {@link Geometry#MAX_BLOB_BYTES}
     * @return bytes
     */
    static long storedBytes(Geometry geometry, long lengthBytes) {
        int symbolSizeBytes = geometry.symbolSizeBytes(lengthBytes);
        long pairBytes = geometry.primarySliverBytes(symbolSizeBytes) + geometry.secondarySliverBytes(symbolSizeBytes);
        return geometry.shards() * (pairBytes + (long) BYTES_PER_ROOT_PAIR * geometry.shards());
    }

    /**
     * Finds the entries that do not fit, in the order of the bundle, without charging anything. Bundles in flight do
     * not count here: they may come to nothing, and a refusal is for good.
     *
     * @param entries the bundle, lengths checked
     * @param epoch the current epoch; charges for blobs that expired before it are forgotten
     * @return indices of entries that go past the quota
     */
    synchronized List<Integer> entriesOverQuota(List<BundleEntry> entries, long epoch) {
        forgetExpired(epoch);
        List<Integer> over = new ArrayList<>();
        long free = limitBytes - heldBytes;
        for (int i = 0; i < entries.size(); i++) {
            BundleEntry entry = entries.get(i);
            if (heldByBlob.containsKey(entry.blobId())) {
                continue;
            }
            long bytes = storedBytes(geometry, entry.lengthBytes());
            if (bytes > free) {
                over.add(i);
            } else {
                free -= bytes;
            }
        }
        return over;
    }

    /**
     * Charges a bundle, if all of it fits beside what is held and in flight.
     *
     * @param entries the bundle, lengths checked
     * @return the charge, or null if it does not fit now
     */
    synchronized @Nullable Charge tryCharge(List<BundleEntry> entries) {
        long bytes = 0;
        for (BundleEntry entry : entries) {
            if (!heldByBlob.containsKey(entry.blobId())) {
                bytes += storedBytes(geometry, entry.lengthBytes());
            }
        }
        if (bytes > limitBytes - heldBytes - inFlightBytes) {
            return null;
        }
        Charge charge = new Charge(bytes);
        inFlightBytes += bytes;
        return charge;
    }

    /**
     * What is charged, bundles in flight included.
     *
     * @return bytes
     */
    synchronized long usedBytes() {
        return heldBytes + inFlightBytes;
    }

    private void forgetExpired(long epoch) {
        if (epoch <= sweptEpoch) {
            return;
        }
        sweptEpoch = epoch;
        for (Iterator<Held> held = heldByBlob.values().iterator(); held.hasNext(); ) {
            Held blob = held.next();
            if (blob.expiryEpoch < epoch) {
                heldBytes -= blob.bytes;
                held.remove();
            }
        }
    }

    /** The charge of one bundle: it is either kept or dropped, once; what comes after that has no effect. */
    final class Charge {
        private final long bytes;
        private boolean settled;

        private Charge(long bytes) {
            this.bytes = bytes;
        }

        /**
         * Turns the charge into blobs that the writer holds until they expire.
         *
         * @param entries those entries of the bundle that were stored
         */
        void keep(List<BundleEntry> entries) {
            synchronized (WriterQuota.this) {
                if (settled) {
                    return;
                }
                settled = true;
                inFlightBytes -= bytes;
                for (BundleEntry entry : entries) {
                    hold(entry);
                }
            }
        }

        /** Takes the charge back. */
        void drop() {
            synchronized (WriterQuota.this) {
                if (!settled) {
                    settled = true;
                    inFlightBytes -= bytes;
                }
            }
        }

        private void hold(BundleEntry entry) {
            Held before = heldByBlob.get(entry.blobId());
            long entryBytes = before == null ? storedBytes(geometry, entry.lengthBytes()) : before.bytes;
            long expiryEpoch = before == null ? entry.expiryEpoch() : Math.max(before.expiryEpoch, entry.expiryEpoch());
            heldByBlob.put(entry.blobId(), new Held(entryBytes, expiryEpoch));
            if (before == null) {
                heldBytes += entryBytes;
            }
        }
    }
}
