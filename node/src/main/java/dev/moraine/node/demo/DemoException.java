package dev.moraine.node.demo;

/** The demo cannot go on; the message is one line that names what failed and what to do about it. */
public final class DemoException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * A failure with its reason.
     *
     * @param message one line
     */
    public DemoException(String message) {
        super(message);
    }

    /**
     * A failure that follows from another.
     *
     * @param message one line
     * @param cause what happened below
     */
    public DemoException(String message, Throwable cause) {
        super(message, cause);
    }
}
