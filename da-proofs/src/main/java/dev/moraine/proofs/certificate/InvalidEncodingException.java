package dev.moraine.proofs.certificate;

/**
 * Bytes from outside are not the encoding of an object.
 */
public final class InvalidEncodingException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The kind of fault. */
    private final EncodingFault fault;

    /**
     * Names the fault.
     *
     * @param fault its kind
     * @param message what is wrong and what would be right
     */
    InvalidEncodingException(EncodingFault fault, String message) {
        super(message);
        this.fault = fault;
    }

    /**
     * Wraps a point that cannot be used.
     *
     * @param cause what is wrong with it
     */
    InvalidEncodingException(InvalidPointException cause) {
        super(cause.getMessage(), cause);
        this.fault = EncodingFault.BAD_POINT;
    }

    /**
     * The kind of fault.
     *
     * @return the first check that failed
     */
    public EncodingFault fault() {
        return fault;
    }
}
