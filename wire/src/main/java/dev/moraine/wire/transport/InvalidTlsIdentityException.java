package dev.moraine.wire.transport;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A certificate or its key cannot be used. The message is one line that names the file and says what to do. */
public final class InvalidTlsIdentityException extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidTlsIdentityException(Path file, String problem, @Nullable Throwable cause) {
        super(file + ": " + problem, cause);
    }
}
