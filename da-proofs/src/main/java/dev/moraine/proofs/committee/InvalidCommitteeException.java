package dev.moraine.proofs.committee;

/**
 * A genesis file does not describe a committee. The message names the node or field, its value and the limit.
 */
public final class InvalidCommitteeException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The kind of fault. */
    private final CommitteeFault fault;

    /**
     * Names the fault.
     *
     * @param fault its kind
     * @param message what is wrong and what would be right
     */
    InvalidCommitteeException(CommitteeFault fault, String message) {
        super(message);
        this.fault = fault;
    }

    /**
     * The kind of fault.
     *
     * @return the first check that failed
     */
    public CommitteeFault fault() {
        return fault;
    }
}
