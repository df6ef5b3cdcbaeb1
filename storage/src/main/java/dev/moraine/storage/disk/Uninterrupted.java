package dev.moraine.storage.disk;

import java.io.IOException;

/**
 * Keeps an interrupt that came before a channel was used from closing the channel. One that comes meanwhile still does.
 */
final class Uninterrupted {
    /** A use of a channel. */
    @FunctionalInterface
    interface ChannelUse {
        /** Does it. */
        void run() throws IOException;
    }

    private Uninterrupted() {}

    /**
     * Uses a channel; the thread's interrupt is put off until that is done.
     *
     * @param use what to do
     * @throws IOException what it throws
     */
    static void run(ChannelUse use) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            use.run();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
