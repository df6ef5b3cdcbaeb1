package dev.moraine.storage.index;

import java.io.IOException;

/** LMDB could not do what it was asked to. */
public final class LmdbException extends IOException {
    private static final long serialVersionUID = 1L;

    /** The system's number for a full disk, the same on Linux and macOS. */
    private static final int ENOSPC = 28;

    private final int error;

    /**
     * Says which call failed.
     *
     * @param call what was called
     * @param error what it returned
     */
    LmdbException(String call, int error) {
        super(call + " failed: " + LmdbLibrary.message(error) + " (" + error + ")");
        this.error = error;
    }

    /**
     * Whether the disk is full.
     *
     * @return whether it can be tried again when there is room
     */
    public boolean isOutOfSpace() {
        return error == ENOSPC;
    }
}
