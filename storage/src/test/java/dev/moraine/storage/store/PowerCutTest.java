package dev.moraine.storage.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.storage.disk.FaultDisk;
import dev.moraine.storage.disk.FaultDisk.Fate;
import dev.moraine.testing.Seed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PowerCutTest {
    /** More of them for a campaign: {@code -Dmoraine.store.fates=1000}. */
    private static final int RANDOM_FATES = Integer.getInteger("moraine.store.fates", 110);

    private final Random random = Seed.random("PowerCutTest");
    private final SampleBlob added = SampleBlob.random(new Random(1), 500);

    private List<Fate> fates() {
        List<Fate> fates = new ArrayList<>();
        fates.add((sector, changes) -> 0);
        fates.add((sector, changes) -> changes);
        fates.add((sector, changes) -> sector < 0 ? changes : 0);
        fates.add((sector, changes) -> sector < 0 ? 0 : changes);
        for (int i = 0; i < RANDOM_FATES; i++) {
            int style = i % 4;
            long threshold = random.nextInt((int) (Workload.SEGMENT_BYTES / FaultDisk.SECTOR_BYTES));
            Random own = new Random(random.nextLong());
            fates.add((sector, changes) -> switch (style) {
                case 0 -> sector < threshold ? changes : 0;
                case 1 -> sector < threshold ? 0 : changes;
                case 2 -> own.nextInt(8) == 0 ? own.nextInt(changes + 1) : changes;
                default -> own.nextInt(changes + 1);
            });
        }
        return fates;
    }

    @Test
    void nothingAcknowledgedIsLostWhereverThePowerIsCut() throws StoreException {
        Workload workload = new Workload(random, 7, 4, 6_000);
        FaultDisk disk = new FaultDisk();
        int[] states = {0};
        disk.beforeChange(() -> {
            for (Fate fate : fates()) {
                assertRecovers(workload, disk.afterPowerCut(fate));
                states[0]++;
            }
        });
        try (SliverStore store = Workload.open(disk)) {
            workload.run(store);
        }
        disk.beforeChange(() -> {});
        assertTrue(states[0] > 10_000 || RANDOM_FATES < 110, states[0] + " states");
        assertTrue(disk.fileCount() > 2, "several segments");
        assertRecovers(workload, disk.afterPowerCut((sector, changes) -> 0));
    }

    private void assertRecovers(Workload workload, FaultDisk disk) {
        try {
            int files;
            try (SliverStore store = Workload.open(disk)) {
                workload.assertNothingLost(store);
                assertEquals(0, store.health().quarantined());
                files = disk.fileCount();
                store.appendPair(added.pair(1));
                store.force();
            }
            FaultDisk again = disk.afterPowerCut((sector, changes) -> 0);
            try (SliverStore store = Workload.open(again)) {
                workload.assertNothingLost(store);
                added.assertServed(store, 1);
                assertEquals(0, store.health().quarantined());
                assertEquals(0, store.recovery().tornRecords());
            }
            assertTrue(again.fileCount() <= files + 1);
        } catch (StoreException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aPowerCutDuringRecoveryLosesNothing() throws StoreException {
        Workload workload = new Workload(random, 3, 3, 3_000);
        FaultDisk disk = new FaultDisk();
        List<FaultDisk> torn = new ArrayList<>();
        disk.beforeChange(() -> {
            Random own = new Random(random.nextLong());
            torn.add(disk.afterPowerCut((sector, changes) -> own.nextInt(changes + 1)));
        });
        // Abandoned, not closed: as a process that ends with its power.
        workload.run(Workload.open(disk));
        FaultDisk last = disk.afterPowerCut((sector, changes) -> 0);
        try (SliverStore store = Workload.open(last)) {
            workload.assertNothingLost(store);
        }
        // Acknowledgements grew while the images were taken, so each image is judged by itself: what the first recovery
        // finds, every later one must find too.
        Collections.shuffle(torn, random);
        for (FaultDisk image : torn.subList(0, 6)) {
            assertRecoveryIsRepeatable(workload, image);
        }
    }

    private void assertRecoveryIsRepeatable(Workload workload, FaultDisk image) throws StoreException {
        workload.forgetAcknowledgements();
        FaultDisk disk = image.copy();
        List<FaultDisk> interrupted = new ArrayList<>();
        disk.beforeChange(() ->
                fates().subList(0, 12).forEach(fate -> interrupted.add(disk.afterPowerCut(fate))));
        long pairs;
        try (SliverStore store = Workload.open(disk)) {
            workload.assertNothingLost(store);
            pairs = store.health().pairs();
        }
        for (FaultDisk again : interrupted) {
            try (SliverStore store = Workload.open(again)) {
                assertEquals(0, workload.missing(store));
                assertEquals(pairs, store.health().pairs());
            }
        }
    }
}
