package dev.moraine.node.devnet;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A command of the command line in a process of its own, from the class path of the tests. Ends with the test. */
public final class CommandProcess implements AutoCloseable {
    private static final long LINE_SECONDS = 240;
    private static final long END_SECONDS = 120;
    private static final String END = "(end of output)";

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private CommandProcess(Process process) {
        this.process = process;
        Thread.ofVirtual().start(this::read);
    }

    /**
     * Starts a command.
     *
     * @param args the command line
     * @return the running process
     * @throws IOException if it cannot be started
     */
    public static CommandProcess start(Object... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.moraine.node.cli.Main"));
        for (Object arg : args) {
            command.add(arg.toString());
        }
        return new CommandProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    private void read() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            reader.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException e) {
            lines.add("(" + e + ")");
        }
        lines.add(END);
    }

    /**
     * Waits for a line of output.
     *
     * @param part what it contains
     * @return the line
     * @throws InterruptedException if the thread is interrupted
     */
    public String awaitLine(String part) throws InterruptedException {
        List<String> seen = new ArrayList<>();
        while (true) {
            @Nullable String line = lines.poll(LINE_SECONDS, TimeUnit.SECONDS);
            if (line == null || line.equals(END)) {
                throw new AssertionError("no line with '" + part + "' came, but " + seen);
            }
            if (line.contains(part)) {
                return line;
            }
            seen.add(line);
        }
    }

    /**
     * Waits for the end of the process.
     *
     * @return its exit status
     * @throws InterruptedException if the thread is interrupted
     */
    public int awaitEnd() throws InterruptedException {
        if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("process " + process.pid() + " has not ended after " + END_SECONDS + " s: " + lines);
        }
        return process.exitValue();
    }

    /** {@return the process} */
    public Process process() {
        return process;
    }

    @Override
    public void close() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        process.onExit().join();
    }
}
