package dev.moraine.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Forcing a kernel, and what happens when it cannot be had. */
class KernelChoiceTest {
    @Test
    void theScalarKernelCanAlwaysBeForced() {
        assertEquals("scalar", KernelChoice.choose("scalar", null).kernel().name());
        assertEquals("scalar", KernelChoice.choose(null, "scalar").kernel().name());
    }

    @Test
    void automaticIsTheDefaultAndAlwaysFindsAKernel() {
        String chosen = KernelChoice.choose(null, null).kernel().name();
        assertEquals(chosen, KernelChoice.choose("auto", null).kernel().name());
        assertEquals(chosen, KernelChoice.choose("scalar", "auto").kernel().name());
    }

    @Test
    void thePropertyOfTheModuleGoesBeforeTheGeneralOne() {
        assertEquals("scalar", KernelChoice.choose("warp", "scalar").kernel().name());
        KernelChoice refused = KernelChoice.choose("scalar", "warp");
        IllegalStateException failure = assertThrows(IllegalStateException.class, refused::kernel);
        assertTrue(String.valueOf(failure.getMessage()).startsWith("-Dmoraine.simd.codec=warp "), failure::getMessage);
    }

    @Test
    void aKernelThatDoesNotRunHereIsRefusedByPropertyAndChoices() {
        for (String wanted : new String[] {"warp", "", "Scalar", "scalar "}) {
            KernelChoice refused = KernelChoice.choose(wanted, null);
            IllegalStateException failure = assertThrows(IllegalStateException.class, refused::kernel);
            String message = String.valueOf(failure.getMessage());
            assertTrue(message.startsWith("-Dmoraine.simd=" + wanted + " "), message);
            assertTrue(message.contains("auto, "), message);
            assertTrue(message.contains("scalar"), message);
        }
    }

    @Test
    void aProcessRunsOnTheForcedKernelAndSaysNothingUnasked() throws Exception {
        Outcome outcome = run("-Dmoraine.simd=scalar");
        assertEquals(0, outcome.exitCode(), outcome.output());
        assertEquals("kernel=scalar", outcome.output().strip());
    }

    @Test
    void aProcessWithAForcedKernelThatIsNotThereFailsAtStart() throws Exception {
        Outcome outcome = run("-Dmoraine.simd.codec=warp");
        assertNotEquals(0, outcome.exitCode());
        String expected = "-Dmoraine.simd.codec=warp names no Reed-Solomon kernel";
        assertTrue(outcome.output().contains(expected), outcome.output());
        assertFalse(outcome.output().contains("kernel="), outcome.output());
    }

    private record Outcome(int exitCode, String output) {}

    private static Outcome run(String property) throws IOException, InterruptedException, URISyntaxException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add(property);
        command.add("-cp");
        command.add(location(ReedSolomon.class) + File.pathSeparator + location(KernelProbe.class));
        command.add(KernelProbe.class.getName());
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
