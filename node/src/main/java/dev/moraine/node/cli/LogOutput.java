package dev.moraine.node.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.FileHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

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
        use(new LineHandler(), level);
    }

    /**
     * Sets the log up as a configuration says; a level in the system property goes before the configuration's.
     *
     * @param file where to, with a number behind it for rotation, or null for standard error
     * @param levelName from which level on
     * @param fileBytes how long a file grows
     * @param files how many files are kept
     * @throws CommandFailedException if the file cannot be written
     */
    static void to(@Nullable Path file, String levelName, int fileBytes, int files) throws CommandFailedException {
        LogManager.getLogManager().reset();
        Level level = Level.parse(System.getProperty(LEVEL_PROPERTY_NAME, levelName));
        if (file == null) {
            use(new LineHandler(), level);
            return;
        }
        try {
            Path parent = file.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            String pattern = file.toString().replace("%", "%%") + ".%g";
            FileHandler handler = new FileHandler(pattern, fileBytes, files, true);
            handler.setFormatter(new LineFormatter());
            use(handler, level);
        } catch (IOException e) {
            throw new CommandFailedException("log.file: cannot write " + file + ": " + BlobFile.reason(e));
        }
    }

    /** Closes the files of the log. */
    static void close() {
        for (Handler handler : Logger.getLogger("").getHandlers()) {
            handler.close();
        }
    }

    private static void use(Handler handler, Level level) {
        Logger root = Logger.getLogger("");
        root.setLevel(level);
        handler.setLevel(level);
        root.addHandler(handler);
    }

    /** One line a record, and what was thrown below it. */
    private static final class LineFormatter extends Formatter {
        @Override
        public String format(LogRecord event) {
            return event.getInstant() + " " + event.getLevel() + " " + event.getLoggerName() + " "
                    + formatMessage(event) + trace(event) + System.lineSeparator();
        }

        private static String trace(LogRecord event) {
            if (event.getThrown() == null) {
                return "";
            }
            StringWriter text = new StringWriter();
            event.getThrown().printStackTrace(new PrintWriter(text));
            return System.lineSeparator() + text.toString().stripTrailing();
        }
    }

    /** Writes to standard error, whatever that is at the time. */
    private static final class LineHandler extends Handler {
        LineHandler() {
            setFormatter(new LineFormatter());
        }

        @Override
        public synchronized void publish(LogRecord event) {
            if (isLoggable(event)) {
                System.err.print(getFormatter().format(event));
            }
        }

        @Override
        public void flush() {
            System.err.flush();
        }

        @Override
        public void close() {}
    }
}
