package dev.moraine.benchmarks.codec;

import dev.moraine.codec.BlobMatrix;
import dev.moraine.codec.Geometry;
import dev.moraine.codec.ReedSolomon;
import dev.moraine.codec.TooFewShardsException;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Moraine's coder behind the same requests as the peers', see {@code benchmarks/peers/README.md}, and two more:
 * {@code matrix} with n for k and the bytes of the blob for the bytes of a shard, and {@code copy}.
 */
public final class CodecDriver {
    /** More patterns than the code keeps, so that none is still known when it comes again. */
    private static final int OTHER_PATTERNS = 17;

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
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println(answer(line));
        }
    }

    private static String answer(String line) {
        if (line.equals("name")) {
            return "ok Moraine, kernel " + ReedSolomon.kernelName() + ", Java " + Runtime.version();
        }
        String[] words = line.split(" ", -1);
        int k = Integer.parseInt(words[1]);
        int m = Integer.parseInt(words[2]);
        long bytes = Long.parseLong(words[3]);
        int threads = Integer.parseInt(words[4]);
        long millis = Long.parseLong(words[5]);
        int lost = Integer.parseInt(words[6]);
        List<Callable<Sample>> jobs = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            jobs.add(() -> switch (words[0]) {
                case "encode" -> encode(k, m, bytes, millis);
                case "reconstruct" -> reconstruct(k, m, bytes, millis, lost);
                case "matrix" -> matrix(k, bytes, millis);
                case "copy" -> copy(bytes, millis);
                default -> throw new IllegalArgumentException("no operation " + words[0]);
            });
        }
        long dataBytes = 0;
        long nanos = 0;
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (Future<Sample> job : pool.invokeAll(jobs)) {
                dataBytes += job.get().dataBytes();
                nanos = Math.max(nanos, job.get().nanos());
            }
        } catch (ExecutionException | InterruptedException e) {
            return "no " + e.getMessage();
        }
        return "ok " + dataBytes + " " + nanos;
    }

    private record Sample(long dataBytes, long nanos) {}

    private static Sample encode(int k, int m, long shardBytes, long millis) {
        ReedSolomon code = ReedSolomon.of(k, k + m);
        try (Arena arena = Arena.ofShared()) {
            MemorySegment[] shards = shards(arena, k + m, shardBytes);
            long start = System.nanoTime();
            long end = start + millis * 1_000_000;
            long calls = 0;
            do {
                code.encode(shards);
                calls++;
            } while (System.nanoTime() < end);
            return new Sample(calls * k * shardBytes, System.nanoTime() - start);
        }
    }

    private static Sample reconstruct(int k, int m, long shardBytes, long millis, int lost)
            throws TooFewShardsException {
        ReedSolomon code = ReedSolomon.of(k, k + m);
        try (Arena arena = Arena.ofShared()) {
            MemorySegment[] shards = shards(arena, k + m, shardBytes);
            code.encode(shards);
            BitSet present = new BitSet();
            present.set(lost, k + lost);
            MemorySegment[] small = shards(arena, k + m, 64);
            MemorySegment[] used = withoutUnused(shards, present, lost);
            long nanos = 0;
            long calls = 0;
            do {
                forgetPattern(code, small);
                long start = System.nanoTime();
                code.reconstruct(used, present);
                nanos += System.nanoTime() - start;
                calls++;
            } while (nanos < millis * 1_000_000);
            return new Sample(calls * k * shardBytes, nanos);
        }
    }

    /** Leaves null, which means not wanted, at every shard that is neither there nor lost data. */
    @SuppressWarnings("NullAway") // An entry that is not wanted is null by the contract of reconstruct.
    private static MemorySegment[] withoutUnused(MemorySegment[] shards, BitSet present, int lost) {
        MemorySegment[] used = new MemorySegment[shards.length];
        for (int shard = 0; shard < shards.length; shard++) {
            used[shard] = present.get(shard) || shard < lost ? shards[shard] : null;
        }
        return used;
    }

    private static void forgetPattern(ReedSolomon code, MemorySegment[] small) throws TooFewShardsException {
        int left = OTHER_PATTERNS;
        for (int first = 0; first < small.length && left > 0; first++) {
            for (int second = first; second < small.length && left > 0; second++) {
                if (second == first || code.totalShards() - code.dataShards() > 1) {
                    BitSet present = new BitSet();
                    present.set(0, small.length);
                    present.clear(first);
                    present.clear(second);
                    code.reconstruct(small, present);
                    left--;
                }
            }
        }
    }

    private static Sample matrix(int n, long blobBytes, long millis) {
        Geometry geometry = new Geometry(n);
        BlobMatrix matrix = new BlobMatrix(geometry, geometry.symbolSizeBytes(blobBytes));
        try (Arena arena = Arena.ofShared()) {
            MemorySegment blob = random(arena, blobBytes);
            MemorySegment encoded = random(arena, geometry.matrixBytes(matrix.symbolSizeBytes()));
            long start = System.nanoTime();
            long end = start + millis * 1_000_000;
            long calls = 0;
            do {
                matrix.encode(blob, encoded);
                calls++;
            } while (System.nanoTime() < end);
            return new Sample(calls * blobBytes, System.nanoTime() - start);
        }
    }

    private static Sample copy(long bytes, long millis) {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment from = random(arena, bytes);
            MemorySegment to = random(arena, bytes);
            long start = System.nanoTime();
            long end = start + millis * 1_000_000;
            long calls = 0;
            do {
                MemorySegment.copy(from, 0, to, 0, bytes);
                calls++;
            } while (System.nanoTime() < end);
            return new Sample(calls * bytes, System.nanoTime() - start);
        }
    }

    /** Shards an odd number of cache lines apart. */
    private static MemorySegment[] shards(Arena arena, int count, long shardBytes) {
        long stride = shardBytes / 64 % 2 != 0 ? shardBytes : shardBytes + 64;
        MemorySegment memory = random(arena, stride * count);
        MemorySegment[] shards = new MemorySegment[count];
        for (int shard = 0; shard < count; shard++) {
            shards[shard] = memory.asSlice(shard * stride, shardBytes);
        }
        return shards;
    }

    private static MemorySegment random(Arena arena, long bytes) {
        MemorySegment memory = arena.allocate(bytes, 4096);
        for (long i = 0; i < bytes; i++) {
            memory.set(ValueLayout.JAVA_BYTE, i, (byte) (i * 31 + i / 251));
        }
        return memory;
    }
}
