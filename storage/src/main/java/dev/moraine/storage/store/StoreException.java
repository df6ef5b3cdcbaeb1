package dev.moraine.storage.store;

import org.jspecify.annotations.Nullable;

/** The store cannot do what it was asked to. */
public final class StoreException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why the store cannot. */
    public enum Reason {
        /** A write or a sync failed, now or before: nothing is written any more. Reads go on. Final for this store. */
        DISK_FAILED,
        /** There is no room for another segment. Nothing was written, and it can be tried again. */
        DISK_FULL,
        /** Another store has the folder open. */
        FOLDER_IN_USE,
        /** A segment is of a format version that this program does not know. */
        UNKNOWN_VERSION,
        /** A segment belongs to another deployment. */
        FOREIGN_DEPLOYMENT,
        /** A segment's header is damaged in both copies, or the file has another segment's name. */
        DAMAGED_SEGMENT,
        /** The folder cannot be made, locked or read, or the end of the log cannot be recovered. */
        CANNOT_OPEN
    }

    private final Reason reason;

    /**
     * Makes the exception.
     *
     * @param reason why
     * @param message names the folder or file, and what to do
     * @param cause what the disk said, or null
     */
    StoreException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /**
     * Why the store cannot do what it was asked to.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }
}
