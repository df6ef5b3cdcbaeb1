package dev.moraine.node.storagenode;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BundleEntry;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.agrona.collections.Long2LongHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The stored bytes that one writer holds: each blob is charged once, from the bundle that brought it until its expiry. A
 * bundle is charged when it is admitted and the charge is dropped when it comes to nothing, so that bundles in flight
 * count. What is held is written into a {@link WriterLedger}, from which a restarted node knows it again.
 *
 * <p>A blob takes 16 bytes: its id is hashed to 64 bits with multipliers that nobody outside knows, so that nobody can
 * make two blobs that are charged as one. Thread-safe.
 */
final class WriterQuota {
    private static final int BYTES_PER_ROOT_PAIR = 64;
    private static final long NOT_HELD = -1;

    /** Symbols are multiples of 64 bytes, and the longest blob of the smallest committee has symbols of 2³⁰ bytes. */
    private static final int SYMBOL_UNIT_BYTES = 64;

    private static final int SYMBOL_BITS = 25;
    private static final long SYMBOL_MASK = (1L << SYMBOL_BITS) - 1;
    private static final long LAST_EXPIRY = (1L << (63 - SYMBOL_BITS)) - 1;

    private final Geometry geometry;
    private final long limitBytes;
    private final HeldLog log;
    private final long[] multipliers;
    private final Long2LongHashMap held = new Long2LongHashMap(NOT_HELD);
    private long heldBytes;
    private long inFlightBytes;
    private long sweptEpoch;

    /** Is told what a writer holds. */
    @FunctionalInterface
    interface HeldLog {
        /**
         * Notes that blobs are held from now on.
         *
         * @param entries the blobs, with their latest expiry
         */
        void held(List<BundleEntry> entries);
    }

    /**
     * A quota of which nothing is used.
     *
     * @param geometry the committee's
     * @param limitBytes how much the writer may hold
     * @param log is told what it holds, on the thread that keeps a charge
     */
    WriterQuota(Geometry geometry, long limitBytes, HeldLog log) {
        this.geometry = geometry;
        this.limitBytes = limitBytes;
        this.log = log;
        RandomGenerator random = new SecureRandom();
        multipliers = random.longs(4).map(each -> each | 1).toArray();
    }

    /**
     * What a blob costs: its stored bytes in the whole committee, {@code n·((k₁+k₂)·s + 64·n)}.
     *
     * @param geometry the committee's
     * @param lengthBytes the blob's length, from 1 to {@link Geometry#MAX_BLOB_BYTES}
     * @return bytes
     */
    static long storedBytes(Geometry geometry, long lengthBytes) {
        return bytesOfSymbols(geometry, geometry.symbolSizeBytes(lengthBytes));
    }

    private static long bytesOfSymbols(Geometry geometry, int symbolSizeBytes) {
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
            if (isHeld(entry.blobId())) {
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
            if (!isHeld(entry.blobId())) {
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
     * Charges a blob that the writer holds since before the node was started.
     *
     * @param entry the blob and its expiry; the latest one counts
     */
    synchronized void restore(BundleEntry entry) {
        hold(entry);
    }

    /**
     * What is charged, bundles in flight included.
     *
     * @return bytes
     */
    synchronized long usedBytes() {
        return heldBytes + inFlightBytes;
    }

    private boolean isHeld(BlobId id) {
        return held.get(keyOf(id)) != NOT_HELD;
    }

    private long keyOf(BlobId id) {
        long mixed = id.digest().w0() * multipliers[0]
                + id.digest().w1() * multipliers[1]
                + id.digest().w2() * multipliers[2]
                + id.digest().w3() * multipliers[3];
        return mixed ^ (mixed >>> 32);
    }

    private void hold(BundleEntry entry) {
        long key = keyOf(entry.blobId());
        long before = held.get(key);
        long expiryEpoch = Math.clamp(entry.expiryEpoch(), 0, LAST_EXPIRY);
        int symbolSizeBytes = geometry.symbolSizeBytes(entry.lengthBytes());
        if (before == NOT_HELD) {
            held.put(key, (expiryEpoch << SYMBOL_BITS) | (symbolSizeBytes / SYMBOL_UNIT_BYTES));
            heldBytes += bytesOfSymbols(geometry, symbolSizeBytes);
        } else if ((before >>> SYMBOL_BITS) < expiryEpoch) {
            held.put(key, (expiryEpoch << SYMBOL_BITS) | (before & SYMBOL_MASK));
        }
    }

    private void forgetExpired(long epoch) {
        if (epoch <= sweptEpoch) {
            return;
        }
        sweptEpoch = epoch;
        held.entrySet().removeIfLong((ignored, packed) -> {
            boolean isExpired = (packed >>> SYMBOL_BITS) < epoch;
            if (isExpired) {
                int symbolSizeBytes = (int) (packed & SYMBOL_MASK) * SYMBOL_UNIT_BYTES;
                heldBytes -= bytesOfSymbols(geometry, symbolSizeBytes);
            }
            return isExpired;
        });
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
                entries.forEach(WriterQuota.this::hold);
            }
            log.held(entries);
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
    }
}
