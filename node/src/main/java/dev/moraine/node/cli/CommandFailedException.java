package dev.moraine.node.cli;

/** Ends a command with exit status 1 and one line that names the thing, the value and the limit. */
final class CommandFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * A failure that the user can act on.
     *
     * @param message one line
     */
    CommandFailedException(String message) {
        super(message);
    }
}
