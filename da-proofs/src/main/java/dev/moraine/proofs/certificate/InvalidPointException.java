package dev.moraine.proofs.certificate;

/**
 * Bytes from outside are not a BLS public key or signature.
 */
public final class InvalidPointException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What was found; part of the serialised form only because exceptions are serialisable. */
    private final PointFault fault;

    /**
     * Names the fault.
     *
     * @param what what the bytes were meant to be, for example {@code "public key"}
     * @param fault what is wrong with them
     */
    InvalidPointException(String what, PointFault fault) {
        super("not a BLS " + what + ": " + fault);
        this.fault = fault;
    }

    /**
     * What is wrong with the bytes.
     *
     * @return the first check that failed
     */
    public PointFault fault() {
        return fault;
    }
}
