package dev.moraine.wire.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Locale;

/** A server cannot listen where it was told to. The message is one line that names the address and the reason. */
public final class BindFailedException extends IOException {
    private static final long serialVersionUID = 1L;
    private static final String IN_USE = "address already in use";

    BindFailedException(InetSocketAddress address, Throwable cause) {
        super(
                "cannot listen on " + address.getHostString() + ":" + address.getPort() + ": "
                        + reason(address, cause),
                cause);
    }

    private static String reason(InetSocketAddress address, Throwable cause) {
        if (address.isUnresolved()) {
            return "host name is unknown";
        }
        String message = String.valueOf(cause.getMessage());
        return message.toLowerCase(Locale.ROOT).contains(IN_USE) ? IN_USE : message.lines().findFirst().orElse("");
    }
}
