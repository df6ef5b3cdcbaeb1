package dev.moraine.storage.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.storage.disk.FaultDisk;
import dev.moraine.storage.store.StoreException.Reason;
import dev.moraine.testing.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StoreWriterAgentTest {
    private static final int WRITERS = 8;

    private final Random random = Seed.random("StoreWriterAgentTest");
    private final List<SampleBlob> blobs =
            Stream.generate(() -> SampleBlob.random(random, 2_000)).limit(WRITERS).toList();

    private static BundleRecord bundle(SampleBlob blob) {
        return new BundleRecord(List.of(blob.pair(0)), List.of(new BundleRecord.Retention(blob.id(), 7)));
    }

    private List<Future<?>> appendAll(ExecutorService threads, StoreWriterAgent agent) {
        List<Future<?>> appends = new ArrayList<>();
        for (SampleBlob blob : blobs) {
            appends.add(threads.submit(() -> {
                agent.appendBundle(bundle(blob));
                return null;
            }));
        }
        return appends;
    }

    /** Runs the agent by hand until so many appends went through it. */
    private static int groupsFor(StoreWriterAgent agent, int appends) {
        int groups = 0;
        for (int done = 0; done < appends; ) {
            int count = agent.doWork();
            done += count;
            groups += count > 0 ? 1 : 0;
            Thread.onSpinWait();
        }
        return groups;
    }

    @Test
    void everyAppendThatReturnedSurvivesAPowerCutAndAGroupSharesAForce() throws Exception {
        FaultDisk disk = new FaultDisk();
        int[] forces = {0};
        try (SliverStore store = Workload.open(disk, 1 << 20);
                ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
            StoreWriterAgent agent = new StoreWriterAgent(store, WRITERS);
            store.appendPair(SampleBlob.random(random, 10).pair(0));
            disk.failCalls(call -> {
                forces[0]++;
                return false;
            });
            List<Future<?>> appends = appendAll(threads, agent);
            int groups = groupsFor(agent, WRITERS);
            for (Future<?> append : appends) {
                append.get();
            }
            // Three writes for each bundle, and a force for each group.
            assertEquals(3 * WRITERS + groups, forces[0]);
            try (SliverStore later = Workload.open(disk.afterPowerCut((sector, changes) -> 0))) {
                for (SampleBlob blob : blobs) {
                    blob.assertServed(later, 0);
                    assertEquals(7, later.expiryEpoch(blob.id()));
                }
            }
        }
    }

    @Test
    void aFailedForceFailsEveryAppendOfItsGroup() throws Exception {
        FaultDisk disk = new FaultDisk();
        try (SliverStore store = Workload.open(disk, 1 << 20);
                ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
            StoreWriterAgent agent = new StoreWriterAgent(store, WRITERS);
            store.appendPair(blobs.getFirst().pair(1));
            disk.failForces(true);
            List<Future<?>> appends = appendAll(threads, agent);
            groupsFor(agent, WRITERS);
            for (Future<?> append : appends) {
                ExecutionException failed = assertThrows(ExecutionException.class, append::get);
                assertEquals(Reason.DISK_FAILED, assertInstanceOf(StoreException.class, failed.getCause()).reason());
            }
        }
    }

    @Test
    void aFullQueueRefusesAndAClosedAgentAnswersWhoeverWaits() throws Exception {
        FaultDisk disk = new FaultDisk();
        try (SliverStore store = Workload.open(disk, 1 << 20);
                ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
            StoreWriterAgent agent = new StoreWriterAgent(store, 4);
            List<Future<?>> appends = appendAll(threads, agent);
            int refused = 0;
            while (refused < WRITERS - 4) {
                refused = (int) appends.stream().filter(Future::isDone).count();
                Thread.onSpinWait();
            }
            agent.onClose();
            int full = 0;
            for (Future<?> append : appends) {
                Throwable cause = assertThrows(ExecutionException.class, append::get).getCause();
                full += cause instanceof StoreWriterAgent.QueueFullException ? 1 : 0;
                assertTrue(cause instanceof IllegalStateException
                        || cause instanceof StoreWriterAgent.QueueFullException, () -> "was " + cause);
            }
            assertEquals(WRITERS - 4, full);
            assertThrows(IllegalStateException.class, () -> agent.appendBundle(bundle(blobs.getFirst())));
            assertEquals(0, store.health().pairs());
        }
    }
}
