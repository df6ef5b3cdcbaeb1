package dev.moraine.wire.message;

import org.jspecify.annotations.Nullable;

/**
 * One symbol of a {@link SymbolsAnswer}: a failure, or a whole proof, or a piece of one that is too long for a frame.
 *
 * @param failure why there is no proof, or null if there is one
 * @param offset where the piece begins within the proof, in bytes; 0 with a failure
 * @param totalBytes the length of the whole proof, at most {@link MessageLimits#MAX_SYMBOL_PROOF_BYTES}; 0 with a
 *     failure
 * @param proof the piece, from 1 to {@link MessageLimits#MAX_SLIVER_DATA_BYTES} bytes; empty with a failure
 */
@SuppressWarnings("ArrayRecordComponent") // Messages are carried, never compared.
public record SymbolAnswer(@Nullable FailureCode failure, int offset, int totalBytes, byte[] proof) {
    private static final byte[] NO_PROOF = {};

    /**
     * Checks what is carried.
     *
     * @throws IllegalArgumentException if a length or value is out of its range
     */
    public SymbolAnswer {
        if (!isValid(failure, offset, totalBytes, proof.length)) {
            throw new IllegalArgumentException("proof of " + proof.length + " bytes at offset " + offset + " of "
                    + totalBytes + " with failure " + failure + " is not a piece of an answer");
        }
    }

    /**
     * An answer without a proof.
     *
     * @param failure why
     * @return the answer
     */
    public static SymbolAnswer failed(FailureCode failure) {
        return new SymbolAnswer(failure, 0, 0, NO_PROOF);
    }

    /**
     * An answer with a whole proof that fits one frame.
     *
     * @param proof from 1 to {@link MessageLimits#MAX_SLIVER_DATA_BYTES} bytes
     * @return the answer
     * @throws IllegalArgumentException if the proof is empty or too long
     */
    public static SymbolAnswer whole(byte[] proof) {
        return new SymbolAnswer(null, 0, proof.length, proof);
    }

    /**
     * Whether the answer for this symbol is complete with this piece.
     *
     * @return true if no piece follows
     */
    public boolean isLast() {
        return offset + proof.length == totalBytes;
    }

    static boolean isValid(@Nullable FailureCode failure, long offset, long totalBytes, long lengthBytes) {
        if (failure != null) {
            return offset == 0 && totalBytes == 0 && lengthBytes == 0;
        }
        return MessageLimits.isWithin(totalBytes, 1, MessageLimits.MAX_SYMBOL_PROOF_BYTES)
                && MessageLimits.isWithin(lengthBytes, 1, Math.min(MessageLimits.MAX_SLIVER_DATA_BYTES, totalBytes))
                && MessageLimits.isWithin(offset, 0, totalBytes - lengthBytes);
    }
}
