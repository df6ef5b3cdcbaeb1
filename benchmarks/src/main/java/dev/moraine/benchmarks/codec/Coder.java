package dev.moraine.benchmarks.codec;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** A coder in a process of its own that answers requests, see {@code benchmarks/peers/README.md}. */
final class Coder implements AutoCloseable {
    private final String name;
    private final Process process;
    private final BufferedWriter requests;
    private final BufferedReader answers;

    private Coder(String name, Process process) {
        this.name = name;
        this.process = process;
        requests = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /**
     * Starts a program.
     *
     * @param name what to call it in tables
     * @param command the program and its arguments
     * @param log receives what it says besides answers
     * @return the coder
     * @throws IOException if it does not start
     */
    static Coder start(String name, List<String> command, Path log) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        return new Coder(name, process);
    }

    String name() {
        return name;
    }

    /**
     * Runs an operation for a while.
     *
     * @param request what to run
     * @param millis for how long
     * @return data bytes coded in a nanosecond, which is GB/s; empty if the coder has no such shape
     * @throws IOException if the coder is gone
     */
    OptionalDouble measure(Request request, long millis) throws IOException {
        String answer = ask(String.format(
                Locale.ROOT,
                "%s %d %d %d %d %d %d",
                request.operation(),
                request.dataShards(),
                request.parityShards(),
                request.shardBytes(),
                request.threads(),
                millis,
                request.lost()));
        String[] words = answer.split(" ", -1);
        return words[0].equals("ok") && words.length == 3
                ? OptionalDouble.of(Double.parseDouble(words[1]) / Double.parseDouble(words[2]))
                : OptionalDouble.empty();
    }

    private String ask(String request) throws IOException {
        requests.write(request);
        requests.newLine();
        requests.flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException(name + " ended at the request: " + request);
        }
        return answer;
    }

    @Override
    public void close() {
        try {
            requests.close();
        } catch (IOException e) {
            process.destroy();
        }
    }

    /**
     * What to run.
     *
     * @param operation encode, reconstruct, matrix or copy
     * @param dataShards k, or n for matrix
     * @param parityShards m
     * @param shardBytes bytes of a shard, a blob or a copy
     * @param threads how many at once, each with memory of its own
     * @param lost data shards that are gone
     */
    record Request(
            String operation, int dataShards, int parityShards, long shardBytes, int threads, int lost) {}
}
