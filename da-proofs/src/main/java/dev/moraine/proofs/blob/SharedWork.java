package dev.moraine.proofs.blob;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Numbered pieces of work that the calling thread shares with others: each thread takes the next piece that nobody has.
 * The caller waits for pieces that were taken, never for a thread that did not come.
 *
 * <p>Thread-safe.
 */
final class SharedWork {
    private final Executor executor;
    private final int threads;

    /**
     * Work for some threads.
     *
     * @param executor runs what other threads do; never called if there is one thread
     * @param threads most threads, the calling one included
     * @throws IllegalArgumentException if there are no threads
     */
    SharedWork(Executor executor, int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, but is " + threads);
        }
        this.executor = executor;
        this.threads = threads;
    }

    /**
     * Runs all pieces and returns when they are done.
     *
     * @param pieces how many there are
     * @param piece runs one of them; called by several threads at a time
     * @throws RuntimeException that a piece threw; the others have ended then
     */
    void run(int pieces, IntConsumer piece) {
        if (threads == 1 || pieces == 1) {
            for (int i = 0; i < pieces; i++) {
                piece.accept(i);
            }
            return;
        }
        Sharing sharing = new Sharing(pieces, piece);
        try {
            for (int other = 1; other < Math.min(threads, pieces); other++) {
                executor.execute(sharing);
            }
        } catch (RejectedExecutionException e) {
            // An executor that takes nothing more leaves all of it to this thread.
            sharing.run();
        }
        sharing.run();
        sharing.await();
    }

    private static final class Sharing implements Runnable {
        private final int pieces;
        private final IntConsumer piece;
        private final AtomicInteger next = new AtomicInteger();
        private final CountDownLatch left;
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        Sharing(int pieces, IntConsumer piece) {
            this.pieces = pieces;
            this.piece = piece;
            left = new CountDownLatch(pieces);
        }

        @Override
        public void run() {
            for (int i = next.getAndIncrement(); i < pieces; i = next.getAndIncrement()) {
                try {
                    if (failure.get() == null) {
                        piece.accept(i);
                    }
                } catch (RuntimeException | Error e) {
                    failure.compareAndSet(null, e);
                } finally {
                    left.countDown();
                }
            }
        }

        void await() {
            boolean interrupted = false;
            while (true) {
                try {
                    left.await();
                    break;
                } catch (InterruptedException e) {
                    // Others still write to the caller's memory.
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            Throwable thrown = failure.get();
            if (thrown instanceof RuntimeException e) {
                throw e;
            }
            if (thrown instanceof Error e) {
                throw e;
            }
        }
    }
}
