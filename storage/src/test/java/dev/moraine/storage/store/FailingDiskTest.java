package dev.moraine.storage.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.storage.disk.FaultDisk;
import dev.moraine.storage.store.StoreException.Reason;
import dev.moraine.testing.Seed;
import java.util.List;
import java.util.Random;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class FailingDiskTest {
    private final Random random = Seed.random("FailingDiskTest");
    private final Workload workload = new Workload(random, 5, 4, 6_000);

    private long callsWithoutFaults() throws StoreException {
        FaultDisk disk = new FaultDisk();
        disk.failCalls(call -> false);
        try (SliverStore store = Workload.open(disk)) {
            workload.run(store);
        }
        assertTrue(disk.fileCount() > 1, "several segments");
        return disk.calls();
    }

    @Test
    void whicheverCallFailsOnceNothingAcknowledgedIsLost() throws StoreException {
        long calls = callsWithoutFaults();
        for (long n = 1; n <= calls; n++) {
            long failing = n;
            assertSurvives(call -> call == failing);
        }
    }

    @Test
    void whicheverCallFailsFirstOfAllNothingAcknowledgedIsLost() throws StoreException {
        long calls = callsWithoutFaults();
        for (long n = 1; n <= calls; n++) {
            long failing = n;
            assertSurvives(call -> call >= failing);
        }
    }

    private void assertSurvives(LongPredicate failing) throws StoreException {
        workload.forgetAcknowledgements();
        FaultDisk disk = new FaultDisk();
        disk.failCalls(failing);
        try (SliverStore store = Workload.open(disk)) {
            runUntilItFails(store);
        } catch (StoreException e) {
            assertEquals(Reason.CANNOT_OPEN, e.reason());
        }
        disk.failCalls(call -> false);
        FaultDisk powerCut = disk.afterPowerCut((sector, changes) -> 0);
        try (SliverStore store = Workload.open(powerCut)) {
            workload.assertNothingLost(store);
        }
        // The process is started again and sees in memory what a failed force never brought to the disk. Whatever it
        // acknowledges from then on must survive, also what it did not have to write again.
        try (SliverStore store = Workload.open(disk)) {
            workload.assertNothingLost(store);
            workload.run(store);
        }
        FaultDisk later = disk.afterPowerCut((sector, changes) -> 0);
        try (SliverStore store = Workload.open(later)) {
            workload.assertNothingLost(store);
            assertEquals(0, store.health().quarantined());
        }
    }

    private void runUntilItFails(SliverStore store) {
        try {
            workload.run(store);
        } catch (StoreException e) {
            assertEquals(Reason.DISK_FAILED, e.reason());
            assertEquals(StoreHealth.State.DISK_FAILED, store.health().state());
            assertRefusesWrites(store);
        }
    }

    private void assertRefusesWrites(SliverStore store) {
        SampleBlob blob = SampleBlob.random(new Random(5), 100);
        List<Executable> writes = List.of(
                () -> store.appendPair(blob.pair(0)),
                () -> store.appendRetention(blob.id(), 7),
                () -> store.appendCertificate(
                        SampleBlob.certificate(1, List.of(blob.entry(4))), List.of(blob.entry(4))),
                store::force);
        for (Executable write : writes) {
            assertEquals(Reason.DISK_FAILED, assertThrows(StoreException.class, write).reason());
        }
        assertInstanceOf(PairLookup.NotHeld.class, store.find(blob.id(), 0));
    }

    @Test
    void anErrorInTheMiddleOfARecordFailsTheStore() throws StoreException {
        SampleBlob before = SampleBlob.random(random, 1_000);
        SampleBlob torn = SampleBlob.random(random, 1_000);
        FaultDisk disk = new FaultDisk();
        try (SliverStore store = Workload.open(disk)) {
            store.appendPair(before.pair(0));
            store.force();
            disk.failCalls(call -> {
                if (call == 2) {
                    throw new OutOfMemoryError("injected");
                }
                return false;
            });
            StoreException failed = assertThrows(StoreException.class, () -> store.appendPair(torn.pair(0)));
            assertEquals(Reason.DISK_FAILED, failed.reason());
            disk.failCalls(call -> false);
            assertRefusesWrites(store);
            before.assertServed(store, 0);
        }
        try (SliverStore store = Workload.open(disk)) {
            before.assertServed(store, 0);
            store.appendPair(torn.pair(0));
            torn.assertServed(store, 0);
        }
    }

    @Test
    void anErrorInAForceFailsTheStore() throws StoreException {
        SampleBlob blob = SampleBlob.random(random, 1_000);
        FaultDisk disk = new FaultDisk();
        try (SliverStore store = Workload.open(disk)) {
            store.appendPair(blob.pair(0));
            disk.failCalls(call -> {
                throw new OutOfMemoryError("injected");
            });
            assertEquals(Reason.DISK_FAILED, assertThrows(StoreException.class, store::force).reason());
            disk.failCalls(call -> false);
            assertRefusesWrites(store);
        }
    }

    @Test
    void aFailedForceIsNeverTriedAgain() throws StoreException {
        SampleBlob blob = SampleBlob.random(random, 1_000);
        FaultDisk disk = new FaultDisk();
        try (SliverStore store = Workload.open(disk)) {
            store.appendPair(blob.pair(0));
            disk.failCalls(call -> true);
            assertThrows(StoreException.class, store::force);
            disk.failCalls(call -> false);
            assertThrows(StoreException.class, store::force);
            assertEquals(0, disk.calls());
            assertEquals(StoreHealth.State.DISK_FAILED, store.health().state());
            blob.assertServed(store, 0);
        }
    }

    @Test
    void aFullDiskRefusesAndIsWritableAgainWhenThereIsRoom() throws StoreException {
        FaultDisk disk = new FaultDisk();
        disk.capacityBytes(5 * Workload.SEGMENT_BYTES / 2);
        Workload large = new Workload(random, 12, 4, 6_000);
        try (SliverStore store = Workload.open(disk)) {
            StoreException full = assertThrows(StoreException.class, () -> large.run(store));
            assertEquals(Reason.DISK_FULL, full.reason());
            assertEquals(2, disk.fileCount(), "what was preallocated in part is gone");
            assertEquals(StoreHealth.State.OK, store.health().state());
            assertEquals(
                    Reason.DISK_FULL,
                    assertThrows(StoreException.class, () -> large.run(store)).reason());
            large.assertNothingLost(store);
            disk.capacityBytes(Long.MAX_VALUE);
            large.run(store);
            large.assertNothingLost(store);
        }
        FaultDisk later = disk.afterPowerCut((sector, changes) -> 0);
        try (SliverStore store = Workload.open(later)) {
            large.assertNothingLost(store);
        }
    }

    @Test
    void aBundleForWhichThereIsNoRoomIsStoredNotEvenInPart() throws StoreException {
        List<SampleBlob> blobs = Stream.generate(() -> SampleBlob.random(random, 6_000)).limit(8).toList();
        BundleRecord bundle = new BundleRecord(
                blobs.stream().map(blob -> blob.pair(1)).toList(),
                blobs.stream().map(blob -> new BundleRecord.Retention(blob.id(), 5)).toList());
        FaultDisk disk = new FaultDisk();
        disk.capacityBytes(Workload.SEGMENT_BYTES);
        try (SliverStore store = Workload.open(disk)) {
            SampleBlob before = SampleBlob.random(random, 1_000);
            store.appendPair(before.pair(0));
            long bytes = store.health().bytes();
            disk.failCalls(call -> false);
            for (int i = 0; i < 3; i++) {
                StoreException full = assertThrows(StoreException.class, () -> store.appendBundle(bundle));
                assertEquals(Reason.DISK_FULL, full.reason());
            }
            assertEquals(bytes, store.health().bytes());
            assertEquals(1, store.health().pairs());
            assertEquals(1, disk.calls(), "one force of the segment, and no attempt to fill the disk");
            before.assertServed(store, 0);
            disk.capacityBytes(Long.MAX_VALUE);
            store.appendBundle(bundle);
            for (SampleBlob blob : blobs) {
                blob.assertServed(store, 1);
            }
        }
    }

    @Test
    void aRecordThatCannotBeReadIsQuarantinedAndCanBeRepaired() throws StoreException {
        SampleBlob blob = SampleBlob.random(random, 1_000);
        SampleBlob other = SampleBlob.random(random, 1_000);
        FaultDisk disk = new FaultDisk();
        try (SliverStore store = Workload.open(disk)) {
            store.appendPair(blob.pair(0));
            store.appendPair(other.pair(0));
            store.force();
            disk.failCalls(call -> true);
            assertInstanceOf(PairLookup.Quarantined.class, store.find(blob.id(), 0));
            disk.failCalls(call -> false);
            assertInstanceOf(PairLookup.Quarantined.class, store.find(blob.id(), 0), "it stays so");
            assertEquals(1, store.health().quarantined());
            assertEquals(1, store.health().pairs());
            assertEquals(StoreHealth.State.OK, store.health().state());
            other.assertServed(store, 0);
            store.appendPair(blob.pair(0));
            store.force();
            blob.assertServed(store, 0);
            assertEquals(2, store.health().pairs());
        }
        try (SliverStore store = Workload.open(disk)) {
            blob.assertServed(store, 0);
            assertEquals(2, store.health().pairs());
        }
    }
}
