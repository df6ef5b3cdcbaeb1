package dev.moraine.node.cli;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Waits until a process that serves is told to end: by SIGTERM, SIGINT or SIGHUP, or, if it was started for its parent alone, by
 * the end of standard input, which the parent holds open for as long as it lives, however it dies.
 *
 * <p>A process that closes everything in time after a signal ends with status 0.
 */
final class ExitSignal implements AutoCloseable {
    /** How long a process may take to close everything. */
    static final int PROCESS_SECONDS = 20;

    /** How long a process may take that waits for others of which each may take so long, one after another. */
    static final int PARENT_SECONDS = 60;

    private final int maxSeconds;
    private final CountDownLatch requested = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    private ExitSignal(int maxSeconds) {
        this.maxSeconds = maxSeconds;
    }

    /**
     * Listens for signals from now on.
     *
     * @param endsWithInput whether the end of standard input counts as one
     * @param maxSeconds how long everything may take to close after one
     * @return closed by the caller when all else is closed
     */
    static ExitSignal install(boolean endsWithInput, int maxSeconds) {
        ExitSignal signal = new ExitSignal(maxSeconds);
        Signals.onTermination(signal::request);
        if (endsWithInput) {
            Thread.ofPlatform().daemon().name("parent-watch").start(signal::awaitEndOfInput);
        }
        return signal;
    }

    /**
     * Whether the process was told to end.
     *
     * @return true from the first signal on
     */
    boolean isRequested() {
        return requested.getCount() == 0;
    }

    /**
     * Waits for a signal.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    void await() throws InterruptedException {
        requested.await();
    }

    private void request() {
        if (!isRequested()) {
            requested.countDown();
            Thread.ofPlatform().daemon().name("exit-limit").start(this::limit);
        }
    }

    private void awaitEndOfInput() {
        byte[] ignored = new byte[64];
        try {
            while (System.in.read(ignored) >= 0) {
                // Nobody says anything: the parent only holds the other end.
            }
        } catch (IOException e) {
            // A broken pipe is the end of the parent as well.
        }
        request();
    }

    private void limit() {
        try {
            if (!closed.await(maxSeconds, TimeUnit.SECONDS)) {
                System.err.println("moraine: still busy after " + maxSeconds + " s, ending all the same");
                Runtime.getRuntime().halt(Main.EXIT_FAILED);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
