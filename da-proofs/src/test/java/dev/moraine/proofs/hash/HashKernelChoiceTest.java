package dev.moraine.proofs.hash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.codec.SimdChoice;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Forcing a hash kernel in processes of their own, and what happens when it cannot be had. */
class HashKernelChoiceTest {
    private static final String WITH_VECTORS = "--add-modules=" + SimdChoice.VECTOR_MODULE;

    @Test
    void withoutTheVectorModuleTheJdkHashes() throws Exception {
        Outcome outcome = run();
        assertEquals(0, outcome.exitCode(), outcome.output());
        assertTrue(outcome.output().contains("kernel=scalar"), outcome.output());
    }

    @Test
    void aForcedWidthRunsAndIsLoggedOnce() throws Exception {
        Outcome outcome = run(WITH_VECTORS, "-Dmoraine.simd=128");
        assertEquals(1, outcome.output().lines().filter(line -> line.contains("SHA-256 kernel: 128")).count());
        assertTrue(outcome.output().contains("kernel=128"), outcome.output());
    }

    @Test
    void thePropertyOfHashingGoesBeforeTheGeneralOne() throws Exception {
        Outcome outcome = run(WITH_VECTORS, "-Dmoraine.simd=warp", "-Dmoraine.simd.hash=scalar");
        assertEquals(0, outcome.exitCode(), outcome.output());
        assertTrue(outcome.output().contains("kernel=scalar"), outcome.output());
    }

    @Test
    void aForcedKernelThatCannotRunFailsAndSaysWhatCan() throws Exception {
        Outcome outcome = run("-Dmoraine.simd.hash=128");
        assertNotEquals(0, outcome.exitCode());
        String expected = "-Dmoraine.simd.hash=128 names no SHA-256 kernel that runs here; choose one of: auto, scalar";
        assertTrue(outcome.output().contains(expected), outcome.output());
        assertTrue(outcome.output().contains(WITH_VECTORS), outcome.output());
        assertFalse(outcome.output().contains("kernel="), outcome.output());
    }

    private record Outcome(int exitCode, String output) {}

    private static Outcome run(String... options) throws IOException, InterruptedException, URISyntaxException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.add("-cp");
        command.add(location(SimdChoice.class)
                + File.pathSeparator
                + location(Sha256.class)
                + File.pathSeparator
                + location(HashKernelProbe.class));
        command.add(HashKernelProbe.class.getName());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        // The JVM announces options that it finds there.
        builder.environment().keySet().removeAll(List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS"));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), output);
    }

    private static Path location(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
