package dev.moraine.storage.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A process that stores bundles until it is killed, and says what it has been promised. Its blobs follow from their
 * numbers, so that whoever killed it can tell what must be there.
 */
final class AppendingProcess {
    static final long SEGMENT_BYTES = 256 << 10;
    static final String OPENING = "opening";
    static final String REFUSED = "refused";

    private static final int MAX_BLOB_BYTES = 8_000;

    private AppendingProcess() {}

    static SampleBlob blob(long number) {
        Random random = new Random(number);
        return SampleBlob.random(random, 1 + random.nextInt(MAX_BLOB_BYTES));
    }

    static StoreContext context(Path folder) {
        return new StoreContext()
                .folder(folder)
                .deploymentId(SampleBlob.DEPLOYMENT)
                .segmentBytes(SEGMENT_BYTES);
    }

    /** Starts such a process. */
    static Process start(Path folder, long firstBlob) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "--add-modules=jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                AppendingProcess.class.getName(),
                folder.toString(),
                Long.toString(firstBlob)));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    /** Arguments: the folder, and the number of the first blob. Prints the number behind every forced bundle. */
    public static void main(String[] args) throws StoreException {
        System.out.println(OPENING);
        try (SliverStore store = SliverStore.open(context(Path.of(args[0])))) {
            Random random = new Random();
            for (long next = Long.parseLong(args[1]); ; ) {
                for (long end = next + 1 + random.nextInt(6); next < end; next++) {
                    SampleBlob blob = blob(next);
                    store.appendPair(blob.pair(1));
                    store.appendRetention(blob.id(), next);
                }
                store.force();
                System.out.println(next);
            }
        } catch (StoreException e) {
            System.out.println(REFUSED + " " + e.reason());
        }
    }
}
