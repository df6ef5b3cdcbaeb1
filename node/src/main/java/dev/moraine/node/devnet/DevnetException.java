package dev.moraine.node.devnet;

/** A devnet that cannot do what it was asked to. The message is one line. */
public final class DevnetException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Says what is wrong.
     *
     * @param message one line for the user
     */
    public DevnetException(String message) {
        super(message);
    }

    /**
     * Says what is wrong.
     *
     * @param message one line for the user
     * @param cause what was thrown below
     */
    public DevnetException(String message, Throwable cause) {
        super(message, cause);
    }
}
