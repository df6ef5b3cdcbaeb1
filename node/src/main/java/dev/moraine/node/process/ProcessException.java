package dev.moraine.node.process;

/** A process that cannot start. The message is one line that says what is in the way and what to do. */
public final class ProcessException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Says what is wrong.
     *
     * @param message one line for the operator
     * @param cause what was thrown below
     */
    public ProcessException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * Says what is wrong.
     *
     * @param message one line for the operator
     */
    public ProcessException(String message) {
        super(message);
    }
}
