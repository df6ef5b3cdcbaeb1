package dev.moraine.codec;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Strips that threads claim one by one until none is left. Whoever began one ends it; nobody waits for a thread that
 * has not begun.
 */
final class SharedStrips {
    private final int count;
    private final IntConsumer work;
    private final AtomicInteger next = new AtomicInteger();
    private final CountDownLatch unfinished;
    private @Nullable Throwable failure;

    /**
     * Strips that nobody has claimed.
     *
     * @param count how many
     * @param work what to do with the strip of an index
     */
    SharedStrips(int count, IntConsumer work) {
        this.count = count;
        this.work = work;
        unfinished = new CountDownLatch(count);
    }

    /**
     * Works on all strips and returns when all are done.
     *
     * @param executor may take part; if it refuses, or never runs its tasks, the calling thread does everything
     * @throws RuntimeException what a strip threw first, with what others threw suppressed; no strip is worked on any
     *     more then, and every strip was tried
     */
    void run(Executor executor) {
        try {
            for (int helper = 1; helper < count; helper++) {
                executor.execute(this::claim);
            }
        } catch (RejectedExecutionException e) {
            // Then there are fewer to share with.
        }
        claim();
        awaitAll();
        Throwable thrown = failure();
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown != null) {
            throw (RuntimeException) thrown;
        }
    }

    private void claim() {
        for (int strip = next.getAndIncrement(); strip < count; strip = next.getAndIncrement()) {
            try {
                work.accept(strip);
            } catch (RuntimeException | Error e) {
                keep(e);
            } finally {
                unfinished.countDown();
            }
        }
    }

    private synchronized void keep(Throwable thrown) {
        if (failure == null) {
            failure = thrown;
        } else if (!failure.equals(thrown)) {
            failure.addSuppressed(thrown);
        }
    }

    private synchronized @Nullable Throwable failure() {
        return failure;
    }

    /** Even if the thread is interrupted: the memory must not be given back while somebody writes to it. */
    private void awaitAll() {
        boolean interrupted = false;
        while (true) {
            try {
                unfinished.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
