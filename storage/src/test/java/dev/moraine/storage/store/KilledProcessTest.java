package dev.moraine.storage.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.storage.store.StoreException.Reason;
import dev.moraine.testing.Seed;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledProcessTest {
    /** The campaign has ten thousand: {@code -Dmoraine.store.kills=10000}. */
    private static final int KILLS = Integer.getInteger("moraine.store.kills", 200);
    private static final int STORES = 2;
    private static final int MAX_BUNDLES_BEFORE_KILL = 25;
    /** What was acknowledged before the last kill is looked at as a sample, and as a whole in the end. */
    private static final int SAMPLED_BLOBS = 50;

    @TempDir
    private Path temporary;

    @Test
    void nothingAcknowledgedIsLostWhenTheProcessIsKilled() throws Exception {
        Random random = Seed.random("KilledProcessTest");
        try (ExecutorService threads = Executors.newFixedThreadPool(STORES)) {
            List<Future<Long>> stores = new ArrayList<>();
            for (int i = 0; i < STORES; i++) {
                Path folder = temporary.resolve("store-" + i);
                Random own = new Random(random.nextLong());
                stores.add(threads.submit(() -> killAndOpen(own, folder, Math.max(1, KILLS / STORES))));
            }
            for (Future<Long> store : stores) {
                assertTrue(store.get() > 0);
            }
        }
    }

    private static long killAndOpen(Random random, Path folder, int kills) throws Exception {
        long acknowledged = 0;
        for (int kill = 0; kill < kills; kill++) {
            int bundles = random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(MAX_BUNDLES_BEFORE_KILL);
            long before = acknowledged;
            acknowledged = Math.max(acknowledged, killAfter(bundles, folder, before));
            try (SliverStore store = SliverStore.open(AppendingProcess.context(folder))) {
                assertEquals(0, store.health().quarantined());
                assertTrue(store.health().pairs() >= acknowledged);
                for (long number = before; number < acknowledged; number++) {
                    assertKept(store, number);
                }
                for (int i = 0; i < SAMPLED_BLOBS && before > 0; i++) {
                    assertKept(store, random.nextLong(before));
                }
            }
        }
        try (SliverStore store = SliverStore.open(AppendingProcess.context(folder))) {
            for (long number = 0; number < acknowledged; number++) {
                assertKept(store, number);
            }
        }
        return acknowledged;
    }

    private static void assertKept(SliverStore store, long number) {
        SampleBlob blob = AppendingProcess.blob(number);
        blob.assertServed(store, 1);
        assertEquals(number, store.expiryEpoch(blob.id()));
    }

    /** Gives the number behind the last blob that the process was promised, 0 if none. */
    private static long killAfter(int bundles, Path folder, long firstBlob) throws IOException, InterruptedException {
        Process process = AppendingProcess.start(folder, firstBlob);
        long acknowledged = 0;
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            assertEquals(AppendingProcess.OPENING, lines.readLine());
            for (int i = 0; i < bundles; i++) {
                acknowledged = Long.parseLong(assertLine(lines.readLine()));
            }
            // The handle kills as the process does, but leaves the pipe open, and what was still printed was promised
            // too.
            process.toHandle().destroyForcibly();
            process.waitFor();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                acknowledged = Long.parseLong(line);
            }
        }
        return acknowledged;
    }

    private static String assertLine(@Nullable String line) {
        assertNotNull(line, "the process ended by itself");
        return line == null ? "" : line;
    }

    @Test
    void aFolderIsLockedAgainstOtherProcesses() throws Exception {
        Path folder = temporary.resolve("store");
        try (SliverStore store = SliverStore.open(AppendingProcess.context(folder))) {
            // Must not give the lock away, as the closing of any other handle of the lock file would.
            assertThrows(StoreException.class, () -> SliverStore.open(AppendingProcess.context(folder)));
            Process process = AppendingProcess.start(folder, 0);
            try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
                assertEquals(AppendingProcess.OPENING, lines.readLine());
                assertEquals(AppendingProcess.REFUSED + " " + Reason.FOLDER_IN_USE, lines.readLine());
            }
            process.waitFor();
            assertEquals(0, store.health().segments());
        }
        Process process = AppendingProcess.start(folder, 0);
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            assertEquals(AppendingProcess.OPENING, lines.readLine());
            assertTrue(Long.parseLong(assertLine(lines.readLine())) > 0);
            StoreException refused = assertThrows(
                    StoreException.class, () -> SliverStore.open(AppendingProcess.context(folder)));
            assertEquals(Reason.FOLDER_IN_USE, refused.reason());
        } finally {
            process.destroyForcibly().waitFor();
        }
        SliverStore.open(AppendingProcess.context(folder)).close();
    }
}
