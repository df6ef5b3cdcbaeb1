package dev.moraine.node.client;

/** Why a request of a client has no result. The message is one line that says what to do about it. */
public final class ClientException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The kinds of reasons. */
    public enum Kind {
        /** There definitely is no such blob or certificate. */
        NOT_FOUND,
        /** The request is refused, and will be again. */
        REFUSED,
        /** No answer could be had within the deadline. */
        UNAVAILABLE,
        /** An answer came that does not verify. */
        WRONG_ANSWER
    }

    private final Kind kind;

    /**
     * A reason.
     *
     * @param kind its kind
     * @param message one line
     */
    public ClientException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** {@return the kind of reason} */
    public Kind kind() {
        return kind;
    }
}
