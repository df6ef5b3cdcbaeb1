package dev.moraine.proofs.blob;

/**
 * Bytes that were given as a blob header or blob metadata are none; the message says which field is wrong and what it
 * must be.
 */
public final class InvalidMetadataException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message the field that is wrong, its value, and what it must be
     */
    public InvalidMetadataException(String message) {
        super(message);
    }
}
