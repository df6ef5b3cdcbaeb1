package dev.moraine.node.devnet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One process of a devnet. It prints one line of JSON when it is ready; what it logs goes to a file. It is started anew
 * as often as one wants, one at a time. Thread-safe.
 */
final class ChildProcess {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final long SIGNAL_SECONDS = 10;
    private static final int LONGEST_LOG_TAIL = 64 << 10;

    private final String name;
    private final List<String> command;
    private final Path log;
    private final Consumer<String> events;
    private @Nullable Process process;
    private CompletableFuture<JsonNode> ready = new CompletableFuture<>();
    private boolean isPaused;
    private boolean isEndExpected;

    /**
     * A process that is not started yet.
     *
     * @param name what it is called
     * @param command the program and its arguments
     * @param log where its standard error goes, behind what is there
     * @param events is told when it ends by itself
     */
    ChildProcess(String name, List<String> command, Path log, Consumer<String> events) {
        this.name = name;
        this.command = List.copyOf(command);
        this.log = log;
        this.events = events;
    }

    /**
     * Starts the process; it need not be ready when this returns.
     *
     * @throws DevnetException if it runs already or cannot be started
     */
    synchronized void start() throws DevnetException {
        if (process != null && process.isAlive()) {
            throw new DevnetException(name + " runs already, as process " + process.pid());
        }
        CompletableFuture<JsonNode> line = new CompletableFuture<>();
        try {
            Process started = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            process = started;
            ready = line;
            isPaused = false;
            isEndExpected = false;
            Thread.ofVirtual().name(name + "-output").start(() -> readOutput(started, line));
            var _ = started.onExit().thenAccept(ended -> onExit(ended, line));
        } catch (IOException e) {
            throw new DevnetException("cannot start " + name + ": " + e.getMessage(), e);
        }
    }

    /**
     * Waits until the process is ready.
     *
     * @param timeoutSeconds how long at most
     * @return what it printed
     * @throws DevnetException if it ended instead, or takes longer
     * @throws InterruptedException if the thread is interrupted
     */
    JsonNode awaitReady(long timeoutSeconds) throws DevnetException, InterruptedException {
        CompletableFuture<JsonNode> line;
        synchronized (this) {
            line = ready;
        }
        try {
            return line.get(timeoutSeconds, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new DevnetException(String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()), e);
        } catch (TimeoutException e) {
            throw new DevnetException(name + " is not ready after " + timeoutSeconds + " s; its log is " + log, e);
        }
    }

    /**
     * Kills the process at once, as {@code kill -9} does, and waits until it is gone.
     *
     * @throws DevnetException if it does not run or does not go
     * @throws InterruptedException if the thread is interrupted
     */
    void kill() throws DevnetException, InterruptedException {
        Process running = expectEnd();
        running.destroyForcibly();
        if (!running.waitFor(SIGNAL_SECONDS, TimeUnit.SECONDS)) {
            throw new DevnetException(name + " was killed, but is still there after " + SIGNAL_SECONDS + " s");
        }
    }

    /**
     * Stops the process in its tracks with SIGSTOP.
     *
     * @throws DevnetException if it does not run
     * @throws InterruptedException if the thread is interrupted
     */
    synchronized void pause() throws DevnetException, InterruptedException {
        signal(running(), "STOP");
        isPaused = true;
    }

    /**
     * Lets the process go on with SIGCONT.
     *
     * @throws DevnetException if it does not run
     * @throws InterruptedException if the thread is interrupted
     */
    synchronized void resume() throws DevnetException, InterruptedException {
        signal(running(), "CONT");
        isPaused = false;
    }

    /**
     * Tells the process to end in its own time. Nothing happens if it does not run.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    synchronized void terminate() throws InterruptedException {
        Process running = process;
        if (running == null || !running.isAlive()) {
            return;
        }
        isEndExpected = true;
        running.destroy();
        if (isPaused) {
            try {
                resume();
            } catch (DevnetException e) {
                running.destroyForcibly();
            }
        }
    }

    /**
     * Waits until the process is gone, and kills it if that takes too long.
     *
     * @param timeoutMs how long at most
     * @return whether it went by itself
     * @throws InterruptedException if the thread is interrupted
     */
    boolean awaitEnd(long timeoutMs) throws InterruptedException {
        Process running;
        synchronized (this) {
            running = process;
        }
        if (running == null || running.waitFor(timeoutMs, TimeUnit.MILLISECONDS)) {
            return true;
        }
        running.destroyForcibly();
        running.waitFor(SIGNAL_SECONDS, TimeUnit.SECONDS);
        return false;
    }

    /**
     * How the process is.
     *
     * @return its state now
     */
    synchronized ChildStatus status() {
        Process last = process;
        if (last == null) {
            return new ChildStatus(name, ChildState.ENDED, -1, null);
        }
        if (!last.isAlive()) {
            return new ChildStatus(name, ChildState.ENDED, last.pid(), last.exitValue());
        }
        ChildState state = isPaused ? ChildState.PAUSED : ready.isDone() ? ChildState.RUNNING : ChildState.STARTING;
        return new ChildStatus(name, state, last.pid(), null);
    }

    /** {@return what the process is called} */
    String name() {
        return name;
    }

    private synchronized Process expectEnd() throws DevnetException {
        Process running = running();
        isEndExpected = true;
        return running;
    }

    private synchronized Process running() throws DevnetException {
        Process running = process;
        if (running == null || !running.isAlive()) {
            throw new DevnetException(name + " does not run");
        }
        return running;
    }

    /** Java has no signals but those that end a process; the shell of every POSIX system has. */
    private static void signal(Process target, String signal) throws DevnetException, InterruptedException {
        try {
            Process kill = new ProcessBuilder("sh", "-c", "kill -s \"$0\" \"$1\"", signal, Long.toString(target.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!kill.waitFor(SIGNAL_SECONDS, TimeUnit.SECONDS) || kill.exitValue() != 0) {
                throw new DevnetException("SIG" + signal + " could not be sent to process " + target.pid());
            }
        } catch (IOException e) {
            throw new DevnetException("cannot run sh to send SIG" + signal + ": " + e.getMessage(), e);
        }
    }

    private void readOutput(Process from, CompletableFuture<JsonNode> line) {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(from.getInputStream(), StandardCharsets.UTF_8))) {
            for (String text = reader.readLine(); text != null; text = reader.readLine()) {
                line.complete(MAPPER.readTree(text));
            }
        } catch (JsonProcessingException e) {
            line.completeExceptionally(new DevnetException(name + " did not print a line of JSON: " + e.getMessage()));
        } catch (IOException e) {
            // The end of the process is what tells that nothing more comes.
            line.completeExceptionally(new UncheckedIOException(name + " cannot be read from", e));
        }
    }

    private void onExit(Process ended, CompletableFuture<JsonNode> line) {
        String text = name + " ended with status " + ended.exitValue() + "; its log, " + log + ", ends: " + lastLogLine();
        boolean wasReady = !line.completeExceptionally(new DevnetException(text));
        boolean isExpected;
        synchronized (this) {
            isExpected = isEndExpected || !ended.equals(process);
        }
        if (wasReady && !isExpected) {
            events.accept(text);
        }
    }

    private String lastLogLine() {
        try {
            if (Files.size(log) > LONGEST_LOG_TAIL) {
                return "(see there)";
            }
            List<String> lines = Files.readAllLines(log);
            return lines.isEmpty() ? "(empty)" : lines.getLast();
        } catch (IOException e) {
            return "(unreadable)";
        }
    }
}
