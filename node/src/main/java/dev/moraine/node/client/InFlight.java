package dev.moraine.node.client;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Bounds the requests that have no answer yet, and the bytes that they hold. Thread-safe. */
final class InFlight {
    private static final int UNIT_BYTES = 4096;

    private final Semaphore requests;
    private final Semaphore units;
    private final int allUnits;

    /**
     * Nothing in flight.
     *
     * @param maxRequests most requests
     * @param maxBytes most bytes; a longer request goes alone
     */
    InFlight(int maxRequests, long maxBytes) {
        requests = new Semaphore(maxRequests, true);
        allUnits = Math.clamp(maxBytes / UNIT_BYTES, 1, Integer.MAX_VALUE);
        units = new Semaphore(allUnits, true);
    }

    /**
     * Waits for room. {@link #leave} with the same length must follow if there is some.
     *
     * @param lengthBytes what the request holds
     * @param timeoutNs how long to wait
     * @return whether there is room
     */
    boolean enter(long lengthBytes, long timeoutNs) {
        long startNs = System.nanoTime();
        boolean isIn = false;
        boolean isCounted = false;
        try {
            isCounted = requests.tryAcquire(timeoutNs, TimeUnit.NANOSECONDS);
            long leftNs = timeoutNs - (System.nanoTime() - startNs);
            isIn = isCounted && units.tryAcquire(units(lengthBytes), leftNs, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (isCounted && !isIn) {
                requests.release();
            }
        }
        return isIn;
    }

    /**
     * Makes room again.
     *
     * @param lengthBytes what the request held
     */
    void leave(long lengthBytes) {
        units.release(units(lengthBytes));
        requests.release();
    }

    private int units(long lengthBytes) {
        return (int) Math.min(allUnits, Math.ceilDiv(lengthBytes, UNIT_BYTES));
    }
}
