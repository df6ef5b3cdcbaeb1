package dev.moraine.node.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes whose properties choose the kernel of the erasure coder. */
class ForcedKernelTest {
    private static final String NO_SUCH_KERNEL = "-Dmoraine.simd=warp";

    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"demo", "id anything --shards 7"})
    void aKernelThatIsNotThereEndsACommandBeforeItBegins(String command) throws Exception {
        Invocation outcome = run(List.of(NO_SUCH_KERNEL), command);
        outcome.failed(1, "moraine: " + NO_SUCH_KERNEL + " names no Reed-Solomon kernel", "scalar");
    }

    @Test
    void helpIsGivenWhateverKernelIsForced() throws Exception {
        assertTrue(run(List.of(NO_SUCH_KERNEL), "demo --help").succeeded().out().contains("--shards"));
    }

    @Test
    void everyKernelIsLoggedInOneLineAndLeavesTheOutputAlone() throws Exception {
        Path blob = Files.writeString(folder.resolve("blob"), "any content");
        String command = "id " + blob + " --shards 7 --json";
        Invocation quiet = run(List.of("-Dmoraine.simd=scalar"), command).succeeded();
        assertEquals("", quiet.err());
        Invocation logged = run(List.of("-Dmoraine.simd=scalar", "-Dmoraine.log=INFO"), command).succeeded();
        assertEquals(quiet.out(), logged.out());
        assertTrue(quiet.out().startsWith("{"), quiet.out());
        assertTrue(logged.err().contains("INFO dev.moraine.codec Reed-Solomon kernel: scalar"), logged.err());
        assertTrue(logged.err().contains("INFO dev.moraine.proofs.hash SHA-256 kernel: scalar"), logged.err());
        assertEquals(2, logged.err().lines().count(), logged.err());
    }

    private Invocation run(List<String> properties, String arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(properties);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(arguments.split(" ", -1)));
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
        // The JVM announces options that it finds there.
        builder.environment().keySet().removeAll(List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS"));
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Invocation(process.waitFor(), out, Files.readString(err));
    }
}
