package dev.moraine.storage.disk;

import java.io.IOException;

/** Another store, of this process or of another one, has the folder open. */
public final class FolderInUseException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Says which folder is taken.
     *
     * @param message names the folder
     */
    public FolderInUseException(String message) {
        super(message);
    }
}
