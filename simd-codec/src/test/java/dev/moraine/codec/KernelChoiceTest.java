package dev.moraine.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Forcing a kernel, and what happens when it cannot be had. */
class KernelChoiceTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void theScalarKernelCanAlwaysBeForced() {
        for (int widestBits : new int[] {0, 128, 512}) {
            assertEquals("scalar", choose("scalar", null, widestBits).name());
            assertEquals("scalar", choose(null, "scalar", widestBits).name());
        }
    }

    @Test
    void automaticIsTheDefaultAndTakesTheWidestVectors() {
        assertEquals("512", choose(null, null, 512).name());
        assertEquals("512", choose("auto", null, 2048).name());
        assertEquals("256", choose("scalar", "auto", 256).name());
        assertEquals("128", choose(null, null, 128).name());
        assertEquals("scalar", choose(null, null, 64).name());
        assertEquals("scalar", choose(null, null, 0).name());
    }

    @Test
    void vectorsTooNarrowToGainAnythingMustBeForced() {
        assertEquals("512", SimdChoice.choose("SHA-256", "p", 512, null, null, 512).name());
        assertEquals("scalar", SimdChoice.choose("SHA-256", "p", 512, null, null, 256).name());
        assertEquals("256", SimdChoice.choose("SHA-256", "p", 512, null, "256", 256).name());
    }

    @Test
    void everyWidthUpToTheWidestCanBeForced() {
        assertEquals(128, choose("128", null, 256).vectorBits());
        assertEquals(256, choose("256", null, 256).vectorBits());
        assertRefused("-Dmoraine.simd=512 ", choose("512", null, 256));
        assertRefused("--add-modules=jdk.incubator.vector", choose("128", null, 0));
        SimdChoice scalar = choose("scalar", null, 512);
        assertThrows(IllegalStateException.class, scalar::vectorBits);
    }

    @Test
    void thePropertyOfTheModuleGoesBeforeTheGeneralOne() {
        assertEquals("scalar", choose("warp", "scalar", 512).name());
        assertRefused("-Dmoraine.simd.codec=warp ", choose("scalar", "warp", 512));
    }

    @Test
    void aKernelThatDoesNotRunHereIsRefusedByPropertyAndChoices() {
        for (String wanted : new String[] {"warp", "", "Scalar", "scalar ", "0128", "64"}) {
            SimdChoice refused = choose(wanted, null, 128);
            assertRefused("-Dmoraine.simd=" + wanted + " ", refused);
            assertRefused("choose one of: auto, 128, scalar", refused);
        }
    }

    @Test
    void theKernelOfTheProcessIsTheOneThatWasChosen() {
        assertEquals(ReedSolomon.kernelName(), KernelChoice.kernelAtStart().name());
    }

    @Test
    void aProcessRunsOnTheForcedKernelAndLogsItOnceAsideOfItsOutput() throws Exception {
        Outcome outcome = run("-Dmoraine.simd=scalar");
        assertEquals(0, outcome.exitCode(), outcome.log());
        assertEquals("kernel=scalar", outcome.output().strip());
        assertEquals(1, outcome.log().lines().filter(line -> line.contains("Reed-Solomon kernel")).count());
        assertTrue(outcome.log().contains("INFO: Reed-Solomon kernel: scalar"), outcome.log());
    }

    @Test
    void aProcessWithAForcedKernelThatIsNotThereFailsAtStart() throws Exception {
        Outcome outcome = run("-Dmoraine.simd.codec=warp");
        assertNotEquals(0, outcome.exitCode());
        String expected = "-Dmoraine.simd.codec=warp names no Reed-Solomon kernel";
        assertTrue(outcome.log().contains(expected), outcome.log());
        assertEquals("", outcome.output());
    }

    @Test
    void aProcessWithoutTheVectorModuleSaysWhatItLacks() throws Exception {
        Outcome outcome = run("-Dmoraine.simd=auto");
        assertEquals(0, outcome.exitCode(), outcome.log());
        assertTrue(outcome.log().contains("--add-modules=jdk.incubator.vector"), outcome.log());
        assertEquals("kernel=scalar", outcome.output().strip());
    }

    private static SimdChoice choose(@Nullable String general, @Nullable String codec, int widestBits) {
        return SimdChoice.choose(KernelChoice.SUBJECT, KernelChoice.CODEC_PROPERTY, 0, general, codec, widestBits);
    }

    private static void assertRefused(String part, SimdChoice choice) {
        IllegalStateException failure = assertThrows(IllegalStateException.class, choice::name);
        assertTrue(String.valueOf(failure.getMessage()).contains(part), failure::getMessage);
    }

    private record Outcome(int exitCode, String output, String log) {}

    private Outcome run(String property) throws IOException, InterruptedException, URISyntaxException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add(property);
        // The level is English in every locale.
        command.add("-Duser.language=en");
        command.add("-cp");
        command.add(location(ReedSolomon.class) + File.pathSeparator + location(KernelProbe.class));
        command.add(KernelProbe.class.getName());
        Path log = folder.resolve("log");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
        // The JVM announces options that it finds there.
        builder.environment().keySet().removeAll(List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS"));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), output, Files.readString(log));
    }

    private static Path location(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
