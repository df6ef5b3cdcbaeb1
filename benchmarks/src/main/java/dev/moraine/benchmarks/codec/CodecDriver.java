package dev.moraine.benchmarks.codec;

import dev.moraine.codec.ReedSolomon;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/**
 * Moraine's coder behind the same requests as the peers', see {@code benchmarks/peers/README.md}, and four more:
 *
 * <ul>
 *   <li>{@code row}: one parity shard from all data shards, set-up included like that of {@code reconstruct};
 *   <li>{@code matrix}: with n for k and the bytes of the blob for the bytes of a shard;
 *   <li>{@code copy}: of as many bytes as are given for a shard;
 *   <li>{@code memory}: what a thread holds besides input and output, as {@code ok bytes 1}.
 * </ul>
 */
public final class CodecDriver {
    private CodecDriver() {}

    /**
     * Answers requests until its input ends.
     *
     * @param arguments not used
     * @throws IOException if its input fails
     */
    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        // Threads stay, as those of a node do: what a new one sets up is not part of a run.
        Map<Integer, ExecutorService> pools = new HashMap<>();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println(answer(line, threads -> pools.computeIfAbsent(threads, Executors::newFixedThreadPool)));
        }
        pools.values().forEach(ExecutorService::shutdown);
    }

    private static String answer(String line, IntFunction<ExecutorService> pools) {
        if (line.equals("name")) {
            return "ok Moraine, kernel " + ReedSolomon.kernelName() + ", Java " + Runtime.version();
        }
        String[] words = line.split(" ", -1);
        int k = Integer.parseInt(words[1]);
        int m = Integer.parseInt(words[2]);
        long bytes = Long.parseLong(words[3]);
        int threads = Integer.parseInt(words[4]);
        long nanos = Long.parseLong(words[5]) * 1_000_000;
        int lost = Integer.parseInt(words[6]);
        try {
            if (words[0].equals("memory")) {
                return "ok " + MemoryProbe.peakBytes(k, m, bytes, lost) + " 1";
            }
            CyclicBarrier start = new CyclicBarrier(threads);
            CodecOperations operations = new CodecOperations(start, nanos);
            return run(pools.apply(threads), threads, () -> switch (words[0]) {
                case "encode" -> operations.encode(k, m, bytes);
                case "reconstruct" -> operations.reconstruct(k, m, bytes, lost);
                case "row" -> operations.row(k, m, bytes);
                case "matrix" -> operations.matrix(k, bytes);
                case "copy" -> operations.copy(bytes);
                default -> throw new IllegalArgumentException("no operation " + words[0]);
            });
        } catch (ExecutionException | InterruptedException e) {
            return "no " + e.getMessage();
        }
    }

    private static String run(ExecutorService pool, int threads, Callable<CodecOperations.Sample> job)
            throws ExecutionException, InterruptedException {
        List<Callable<CodecOperations.Sample>> jobs = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            jobs.add(job);
        }
        long dataBytes = 0;
        long nanos = 0;
        for (Future<CodecOperations.Sample> done : pool.invokeAll(jobs)) {
            dataBytes += done.get().dataBytes();
            nanos = Math.max(nanos, done.get().nanos());
        }
        return "ok " + dataBytes + " " + nanos;
    }
}
