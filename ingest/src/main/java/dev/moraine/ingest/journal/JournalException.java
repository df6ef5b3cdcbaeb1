package dev.moraine.ingest.journal;

/** The journal cannot be opened or written. The message says what to do about it. */
public final class JournalException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * A failure that was found by looking.
     *
     * @param message what is wrong, with file and value
     */
    public JournalException(String message) {
        super(message);
    }

    /**
     * A failure of the file system.
     *
     * @param message what was tried
     * @param cause what came of it
     */
    public JournalException(String message, Throwable cause) {
        super(message + ": " + cause.getMessage(), cause);
    }
}
