package dev.moraine.wire.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Locale;

/** A server cannot listen, or will not, where it was told to. The message is one line that names the address and the reason. */
public final class BindFailedException extends IOException {
    private static final long serialVersionUID = 1L;
    private static final String IN_USE = "address already in use";

    /**
     * Says where nobody listens now, and why.
     *
     * @param address where it was tried
     * @param cause what the operating system said
     */
    public BindFailedException(InetSocketAddress address, Throwable cause) {
        super(
                "cannot listen on " + address.getHostString() + ":" + address.getPort() + ": "
                        + reason(address, cause),
                cause);
    }

    private BindFailedException(String message) {
        super(message);
    }

    /** A server without protection was to be reachable by other machines. */
    static BindFailedException plaintext(InetSocketAddress address) {
        return new BindFailedException("will not listen on " + address.getHostString() + ":" + address.getPort()
                + " without TLS: other machines can reach it. Set a TLS certificate, or allow plaintext");
    }

    private static String reason(InetSocketAddress address, Throwable cause) {
        if (address.isUnresolved()) {
            return "host name is unknown";
        }
        return isInUse(cause) ? IN_USE : String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    }

    /** Whether somebody else listens there, or did until a moment ago. */
    static boolean isInUse(Throwable cause) {
        return String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT).contains(IN_USE);
    }
}
