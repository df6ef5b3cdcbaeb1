package dev.moraine.proofs.blob;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class SharedWorkTest {
    private static final int PIECES = 500;

    @Test
    void everyPieceIsRunOnceByWhomeverItMayBe() {
        try (ExecutorService pool = Executors.newFixedThreadPool(3)) {
            Executor full = task -> {
                throw new RejectedExecutionException("full");
            };
            Executor never = task -> {};
            for (Executor executor : new Executor[] {pool, Runnable::run, full, never}) {
                for (int threads = 1; threads <= 4; threads++) {
                    AtomicIntegerArray runs = new AtomicIntegerArray(PIECES);
                    new SharedWork(executor, threads).run(PIECES, runs::incrementAndGet);
                    for (int piece = 0; piece < PIECES; piece++) {
                        assertEquals(1, runs.get(piece));
                    }
                }
            }
        }
    }

    @Test
    void whatAPieceThrowsComesOutOnceAllHaveEnded() {
        try (ExecutorService pool = Executors.newFixedThreadPool(3)) {
            for (Throwable thrown : new Throwable[] {new IllegalStateException("piece"), new StackOverflowError()}) {
                SharedWork work = new SharedWork(pool, 3);
                assertSame(thrown, assertThrows(thrown.getClass(), () -> work.run(PIECES, piece -> {
                    if (piece == 100) {
                        if (thrown instanceof Error e) {
                            throw e;
                        }
                        throw (RuntimeException) thrown;
                    }
                })));
            }
        }
    }
}
