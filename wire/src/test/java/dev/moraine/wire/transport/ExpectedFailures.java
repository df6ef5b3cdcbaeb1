package dev.moraine.wire.transport;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Keeps the traces of exceptions that a test throws on purpose out of the output. */
final class ExpectedFailures implements AutoCloseable {
    private final Logger logger = Logger.getLogger(FrameSession.class.getName());

    ExpectedFailures() {
        logger.setLevel(Level.OFF);
    }

    @Override
    public void close() {
        logger.setLevel(null);
    }
}
