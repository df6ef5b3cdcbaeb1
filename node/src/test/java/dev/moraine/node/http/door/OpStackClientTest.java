package dev.moraine.node.http.door;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The OP Stack's own client against the alt-DA interface: the Go program in {@code opstack-client/}. Skipped, with a
 * message, where there is no Go, or its modules cannot be downloaded.
 */
class OpStackClientTest {
    private static final int BUILD_SECONDS = 240;
    private static final int RUN_SECONDS = 120;
    private static final Pattern NO_NETWORK = Pattern.compile(
            "dial tcp|no such host|i/o timeout|connection refused|TLS handshake|module lookup disabled|proxyconnect|EOF|"
                    + "Bad Gateway|Service Unavailable|Forbidden|requires go >=|toolchain not available");

    @TempDir
    private Path folder;

    @Test
    void theOpStacksOwnClientPutsAndGets() throws Exception {
        Path program = folder.resolve("opstack-client");
        build(program);
        try (DoorFixture door = new DoorFixture(folder)) {
            Path log = folder.resolve("run.log");
            Process run = start(
                    List.of(program.toString(), "-test.v"),
                    log,
                    Map.of("MORAINE_ALTDA_URL", door.altDa("").toString()));
            assertTrue(finished(run, RUN_SECONDS), () -> "not done within " + RUN_SECONDS + " s: " + text(log));
            assertEquals(0, run.exitValue(), () -> text(log));
            assertEquals(5, text(log).lines().filter(line -> line.startsWith("--- PASS")).count(), () -> text(log));
        }
    }

    private void build(Path program) throws InterruptedException {
        Path log = folder.resolve("build.log");
        Process build;
        try {
            // Without C the build takes a fraction of the time, and the client needs none of it.
            build = start(
                    List.of("go", "test", "-c", "-o", program.toString(), "."), log, Map.of("CGO_ENABLED", "0"));
        } catch (IOException e) {
            Assumptions.abort("skipped: there is no Go on the PATH: " + e.getMessage());
            return;
        }
        Assumptions.assumeTrue(
                finished(build, BUILD_SECONDS),
                () -> "skipped: the OP Stack's client could not be downloaded and built within " + BUILD_SECONDS + " s");
        if (build.exitValue() != 0) {
            String problem = text(log);
            Assumptions.assumeFalse(
                    NO_NETWORK.matcher(problem).find(),
                    () -> "skipped: the modules of the OP Stack's client cannot be had: " + problem);
            assertEquals(0, build.exitValue(), problem);
        }
    }

    private static Process start(List<String> command, Path log, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(Path.of("opstack-client").toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static boolean finished(Process process, int seconds) throws InterruptedException {
        boolean isDone = process.waitFor(seconds, TimeUnit.SECONDS);
        if (!isDone) {
            // The compilers that go has started end with it.
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            process.waitFor();
        }
        return isDone;
    }

    private static String text(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return "no log: " + e.getMessage();
        }
    }
}
