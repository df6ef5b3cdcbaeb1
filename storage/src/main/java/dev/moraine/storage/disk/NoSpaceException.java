package dev.moraine.storage.disk;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The disk, or the part of it that the process may use, is full. */
public final class NoSpaceException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Says which write did not fit.
     *
     * @param message names the file
     * @param cause what the system said, or null
     */
    public NoSpaceException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
