package dev.moraine.node.genesis;

/** A genesis file that cannot be used. The message is one line and names the field and what is wrong with it. */
public final class GenesisException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Says what is wrong.
     *
     * @param message one line for whoever wrote the file
     */
    public GenesisException(String message) {
        super(message);
    }

    /**
     * Says what is wrong, and what found it.
     *
     * @param message one line for whoever wrote the file
     * @param cause what was thrown below
     */
    public GenesisException(String message, Throwable cause) {
        super(message, cause);
    }
}
