package dev.moraine.node.cli;

/** Ends a command with exit status 3 and one line: what came does not verify. */
final class RejectedAnswerException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * A rejection.
     *
     * @param message one line
     */
    RejectedAnswerException(String message) {
        super(message);
    }
}
