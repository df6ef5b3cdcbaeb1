package dev.moraine.node.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Sends the log to standard error, a line a record: {@value #LEVEL_PROPERTY_NAME} says from which level on, as
 * {@link Level} names it.
 */
final class LogOutput {
    /** Names the system property. */
    static final String LEVEL_PROPERTY_NAME = "moraine.log";

    private static final String DEFAULT_LEVEL = "SEVERE";

    private LogOutput() {}

    /**
     * Sets the log up for this process.
     *
     * @throws IllegalArgumentException if the property names no level
     */
    static void toStandardError() {
        LogManager.getLogManager().reset();
        Level level = Level.parse(System.getProperty(LEVEL_PROPERTY_NAME, DEFAULT_LEVEL));
        Logger root = Logger.getLogger("");
        root.setLevel(level);
        root.addHandler(new LineHandler(level));
    }

    /** One line a record. */
    private static final class LineHandler extends Handler {
        LineHandler(Level level) {
            setLevel(level);
            setFormatter(new Formatter() {
                @Override
                public String format(LogRecord event) {
                    return event.getInstant() + " " + event.getLevel() + " " + event.getLoggerName() + " "
                            + formatMessage(event) + trace(event);
                }
            });
        }

        @Override
        public synchronized void publish(LogRecord event) {
            if (isLoggable(event)) {
                System.err.println(getFormatter().format(event));
            }
        }

        @Override
        public void flush() {
            System.err.flush();
        }

        @Override
        public void close() {}

        private static String trace(LogRecord event) {
            if (event.getThrown() == null) {
                return "";
            }
            StringWriter text = new StringWriter();
            event.getThrown().printStackTrace(new PrintWriter(text));
            return System.lineSeparator() + text.toString().stripTrailing();
        }
    }
}
