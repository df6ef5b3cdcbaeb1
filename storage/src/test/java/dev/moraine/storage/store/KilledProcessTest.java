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
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledProcessTest {
    /** The campaign has ten thousand: {@code -Dmoraine.store.kills=10000}. */
    private static final int KILLS = Integer.getInteger("moraine.store.kills", 10);
    private static final int MAX_BUNDLES_BEFORE_KILL = 25;

    @TempDir
    private Path temporary;

    @Test
    void nothingAcknowledgedIsLostWhenTheProcessIsKilled() throws Exception {
        Random random = Seed.random("KilledProcessTest");
        Path folder = temporary.resolve("store");
        long acknowledged = 0;
        long started = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            int bundles = random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(MAX_BUNDLES_BEFORE_KILL);
            acknowledged = Math.max(acknowledged, killAfter(bundles, folder, started));
            try (SliverStore store = SliverStore.open(AppendingProcess.context(folder))) {
                for (long number = 0; number < acknowledged; number++) {
                    SampleBlob blob = AppendingProcess.blob(number);
                    blob.assertServed(store, 1);
                    assertEquals(number, store.expiryEpoch(blob.id()));
                }
                assertEquals(0, store.health().quarantined());
                long pairs = store.health().pairs();
                assertTrue(pairs >= acknowledged);
                started = acknowledged;
            }
        }
        assertTrue(acknowledged > 0);
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
