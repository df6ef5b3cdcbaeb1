package dev.moraine.node.storagenode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.hash.Digest;
import java.util.List;
import org.junit.jupiter.api.Test;

class WriterQuotaTest {
    private static final Geometry GEOMETRY = new Geometry(4);
    private static final long COST = WriterQuota.storedBytes(GEOMETRY, 1);

    private final WriterQuota quota = new WriterQuota(GEOMETRY, 3 * COST, entries -> {});

    @Test
    void theCostIsThatOfTheWholeCommittee() {
        // n·((k₁+k₂)·s + 64·n)
        assertEquals(4 * ((2 + 3) * 64 + 64 * 4), WriterQuota.storedBytes(GEOMETRY, 1));
        assertEquals(4 * ((2 + 3) * 64 + 64 * 4), WriterQuota.storedBytes(GEOMETRY, 384));
        assertEquals(4 * ((2 + 3) * 128 + 64 * 4), WriterQuota.storedBytes(GEOMETRY, 385));
        assertEquals(
                100L * ((34 + 67) * 1_885_440L + 6_400), WriterQuota.storedBytes(new Geometry(100), 1L << 32));
    }

    @Test
    void whatFitsExactlyIsChargedAndOneMoreIsNot() {
        assertEquals(List.of(3), quota.entriesOverQuota(List.of(entry(1), entry(2), entry(3), entry(4)), 0));
        assertNull(quota.tryCharge(List.of(entry(1), entry(2), entry(3), entry(4))));
        assertEquals(0, quota.usedBytes());

        charge(entry(1), entry(2), entry(3)).keep(List.of(entry(1), entry(2), entry(3)));
        assertEquals(List.of(0), quota.entriesOverQuota(List.of(entry(4)), 0));
        assertNull(quota.tryCharge(List.of(entry(4))));
        assertEquals(3 * COST, quota.usedBytes());
    }

    @Test
    void whatIsInFlightPutsOthersOffButDoesNotRefuseThem() {
        WriterQuota.Charge inFlight = charge(entry(1), entry(2), entry(3));
        assertEquals(List.of(), quota.entriesOverQuota(List.of(entry(1), entry(2), entry(3)), 0));
        assertNull(quota.tryCharge(List.of(entry(4))));
        assertEquals(3 * COST, quota.usedBytes());

        inFlight.drop();
        assertNotNull(quota.tryCharge(List.of(entry(4))));
    }

    @Test
    void aDroppedChargeIsFreeAgain() {
        WriterQuota.Charge charge = charge(entry(1), entry(2));
        charge.drop();
        charge.drop();
        charge.keep(List.of(entry(1)));

        assertEquals(0, quota.usedBytes());
    }

    @Test
    void aBlobIsChargedOnce() {
        WriterQuota.Charge first = charge(entry(1));
        WriterQuota.Charge second = charge(entry(1), entry(2));
        assertEquals(3 * COST, quota.usedBytes());
        first.keep(List.of(entry(1)));
        second.keep(List.of(entry(1), entry(2)));
        assertEquals(2 * COST, quota.usedBytes());

        charge(entry(1), entry(2)).keep(List.of(entry(1), entry(2)));
        assertEquals(2 * COST, quota.usedBytes());
    }

    @Test
    void onlyWhatWasStoredIsKept() {
        charge(entry(1), entry(2), entry(3)).keep(List.of(entry(2)));

        assertEquals(COST, quota.usedBytes());
        assertEquals(List.of(), quota.entriesOverQuota(List.of(entry(2), entry(1), entry(3)), 0));
        assertEquals(List.of(3), quota.entriesOverQuota(List.of(entry(2), entry(1), entry(3), entry(4)), 0));
    }

    @Test
    void aBlobCountsToTheEndOfItsLatestExpiry() {
        charge(entry(1)).keep(List.of(entry(1)));
        charge(entry(1)).keep(List.of(entryUntil(1, 9)));
        charge(entry(1)).keep(List.of(entryUntil(1, 7)));
        quota.entriesOverQuota(List.of(), 9);
        assertEquals(COST, quota.usedBytes());

        quota.entriesOverQuota(List.of(), 10);
        assertEquals(0, quota.usedBytes());
    }

    @Test
    void memoryIsReservedUpToTheLimitAndReleasedOnce() {
        MemoryBudget budget = new MemoryBudget(100);
        assertEquals(true, budget.tryReserve(60));
        assertEquals(false, budget.tryReserve(41));
        assertEquals(true, budget.tryReserve(40));
        assertEquals(100, budget.usedBytes());
        assertEquals(false, budget.tryReserve(Long.MAX_VALUE));
        budget.release(100);
        assertEquals(0, budget.usedBytes());
        assertThrows(IllegalStateException.class, () -> budget.release(1));
    }

    private WriterQuota.Charge charge(BundleEntry... entries) {
        WriterQuota.Charge charge = quota.tryCharge(List.of(entries));
        assertNotNull(charge);
        return charge;
    }

    private static BundleEntry entry(long id) {
        return entryUntil(id, 5);
    }

    private static BundleEntry entryUntil(long id, long expiryEpoch) {
        return new BundleEntry(new BlobId(new Digest(0, 0, 0, id)), SampleBlob.NAMESPACE, 1, expiryEpoch);
    }
}
