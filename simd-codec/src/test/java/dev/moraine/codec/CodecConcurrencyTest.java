package dev.moraine.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moraine.testing.Seed;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Codes, their tables and the cache of recoveries are shared by all threads. */
class CodecConcurrencyTest {
    private static final int[] SHARDS = {4, 7, 10, 13, 31, 64};
    private static final int THREADS = 6;
    private static final int ROUNDS = 40;

    @Test
    void threadsThatWorkOnDifferentShapesAtOnceDoNotDisturbEachOther() throws Exception {
        Random random = Seed.random("CodecConcurrencyTest");
        List<Job> jobs = new ArrayList<>();
        for (int shards : SHARDS) {
            jobs.add(new Job(shards, Seed.bytes(random, 1 + random.nextInt(20_000))));
        }
        CyclicBarrier start = new CyclicBarrier(THREADS);
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                Random own = new Random(random.nextLong());
                running.add(threads.submit(() -> {
                    start.await();
                    for (int round = 0; round < ROUNDS; round++) {
                        jobs.get(own.nextInt(jobs.size())).encodeAndDecode(own);
                    }
                    return null;
                }));
            }
            for (Future<?> thread : running) {
                thread.get();
            }
        }
    }

    /** A blob with the matrix that one thread alone made of it. */
    private static final class Job {
        private final BlobMatrix matrix;
        private final MemorySegment blob;
        private final MemorySegment expected;

        private Job(int shards, byte[] blob) {
            Geometry geometry = new Geometry(shards);
            matrix = new BlobMatrix(geometry, geometry.symbolSizeBytes(blob.length));
            this.blob = MemorySegment.ofArray(blob);
            expected = newMatrix();
            matrix.encode(this.blob, expected);
        }

        private MemorySegment newMatrix() {
            return MemorySegment.ofArray(new byte[(int) matrix.geometry().matrixBytes(matrix.symbolSizeBytes())]);
        }

        private void encodeAndDecode(Random random) throws TooFewShardsException {
            MemorySegment encoded = newMatrix();
            matrix.encode(blob, encoded);
            assertEquals(-1, encoded.mismatch(expected));
            Geometry geometry = matrix.geometry();
            int[] rows = random.ints(0, geometry.shards()).distinct().limit(geometry.sourceRows()).toArray();
            MemorySegment[] slivers = Arrays.stream(rows)
                    .mapToObj(row -> encoded.asSlice(
                            row * geometry.lineBytes(matrix.symbolSizeBytes()),
                            geometry.primarySliverBytes(matrix.symbolSizeBytes())))
                    .toArray(MemorySegment[]::new);
            MemorySegment decoded =
                    MemorySegment.ofArray(new byte[(int) geometry.paddedBlobBytes(matrix.symbolSizeBytes())]);
            matrix.decodeFromPrimaries(rows, slivers, decoded);
            assertEquals(-1, decoded.asSlice(0, blob.byteSize()).mismatch(blob), Arrays.toString(rows));
        }
    }
}
