package dev.moraine.node.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a command clean up when its process is told to end: the command's thread is interrupted, and the process waits
 * until the command has closed this, within a bound.
 */
final class InterruptOnExit implements AutoCloseable {
    private static final long MAX_WAIT_SECONDS = 20;

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook;

    private InterruptOnExit(Thread command) {
        hook = new Thread(() -> end(command), "interrupt-on-exit");
    }

    /**
     * Guards the calling thread from now until it closes the result.
     *
     * @return the guard
     */
    static InterruptOnExit ofThisThread() {
        InterruptOnExit guard = new InterruptOnExit(Thread.currentThread());
        Runtime.getRuntime().addShutdownHook(guard.hook);
        return guard;
    }

    private void end(Thread command) {
        command.interrupt();
        try {
            if (!closed.await(MAX_WAIT_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("moraine: still busy after " + MAX_WAIT_SECONDS + " s, ending all the same");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending, and the hook is what waits for this call.
            return;
        }
    }
}
