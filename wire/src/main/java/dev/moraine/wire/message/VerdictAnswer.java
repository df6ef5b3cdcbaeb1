package dev.moraine.wire.message;

/**
 * Ends a {@link GetVerdict}.
 *
 * @param requestId the request
 * @param state what the node found
 * @param signature the node's signature of the verdict, {@link MessageLimits#NODE_SIGNATURE_BYTES}; empty for
 *     {@link VerdictState#NOT_YET}
 */
@SuppressWarnings("ArrayRecordComponent") // Messages are carried, never compared.
public record VerdictAnswer(long requestId, VerdictState state, byte[] signature) implements NodeMessage {
    /**
     * Checks what is carried.
     *
     * @throws IllegalArgumentException if a length, count or value is out of its range
     */
    public VerdictAnswer {
        MessageLimits.exact("signature", signature, signatureBytes(state));
    }

    /** How long the signature of a verdict is. */
    static int signatureBytes(VerdictState state) {
        return state == VerdictState.NOT_YET ? 0 : MessageLimits.NODE_SIGNATURE_BYTES;
    }
}
