package dev.moraine.wire.message;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A piece of the answer to {@link GetChunks}. Pieces come in the order of their offsets; the last one ends the request.
 *
 * @param requestId the request
 * @param offset where the piece begins within the proof, in bytes
 * @param totalBytes the length of the whole proof, at most {@link MessageLimits#MAX_CHUNKS_PROOF_BYTES}
 * @param proofs the piece, from 1 to {@link MessageLimits#MAX_SLIVER_DATA_BYTES} bytes
 */
@SuppressWarnings("ArrayRecordComponent") // Messages are carried, never compared.
public record ChunksAnswer(long requestId, int offset, int totalBytes, byte[] proofs) implements NodeMessage {
    /**
     * Checks what is carried.
     *
     * @throws IllegalArgumentException if a length, count or value is out of its range
     */
    public ChunksAnswer {
        MessageLimits.range("totalBytes", totalBytes, 1, MessageLimits.MAX_CHUNKS_PROOF_BYTES);
        MessageLimits.range("proofs", proofs.length, 1, Math.min(MessageLimits.MAX_SLIVER_DATA_BYTES, totalBytes));
        MessageLimits.range("offset", offset, 0, totalBytes - proofs.length);
    }

    /**
     * Cuts a proof into messages.
     *
     * @param requestId the request
     * @param whole the whole proof, from 1 to {@link MessageLimits#MAX_CHUNKS_PROOF_BYTES} bytes
     * @return the messages, in the order in which to send them
     * @throws IllegalArgumentException if the proof is empty or too long
     */
    public static List<ChunksAnswer> split(long requestId, byte[] whole) {
        MessageLimits.atMost("whole", whole, MessageLimits.MAX_CHUNKS_PROOF_BYTES);
        List<ChunksAnswer> pieces = new ArrayList<>();
        for (int offset = 0; offset < whole.length; offset += MessageLimits.MAX_SLIVER_DATA_BYTES) {
            int end = Math.min(whole.length, offset + MessageLimits.MAX_SLIVER_DATA_BYTES);
            pieces.add(new ChunksAnswer(requestId, offset, whole.length, Arrays.copyOfRange(whole, offset, end)));
        }
        return pieces;
    }

    /**
     * Whether this piece is the end of the proof.
     *
     * @return true if no piece follows
     */
    public boolean isLast() {
        return offset + proofs.length == totalBytes;
    }
}
