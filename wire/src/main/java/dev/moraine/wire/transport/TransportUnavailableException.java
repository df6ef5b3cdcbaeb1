package dev.moraine.wire.transport;

/** The transport that was asked for by name does not work on this machine. */
public final class TransportUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TransportUnavailableException(TransportKind kind, Throwable obstacle) {
        super("transport " + kind.optionName() + " does not work here: " + rootMessage(obstacle), obstacle);
    }

    private static String rootMessage(Throwable obstacle) {
        Throwable root = obstacle;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }
}
