package dev.moraine.wire.message;

import java.io.ByteArrayOutputStream;

/**
 * Puts the messages of one answer to a {@link GetChunks} together, and refuses what does not continue where the last
 * message ended. Whatever length is announced, it holds only bytes that came. For one thread.
 */
public final class ChunksAssembler {
    private final int maxProofBytes;
    private final ByteArrayOutputStream proof = new ByteArrayOutputStream(0);
    private int totalBytes;
    private AssemblyState state = AssemblyState.INCOMPLETE;

    /**
     * Waits for the answer to one request.
     *
     * @param maxProofBytes how long the proof may be, from 1 to {@link MessageLimits#MAX_CHUNKS_PROOF_BYTES}
     * @throws IllegalArgumentException if it is out of range
     */
    public ChunksAssembler(int maxProofBytes) {
        MessageLimits.range("maxProofBytes", maxProofBytes, 1, MessageLimits.MAX_CHUNKS_PROOF_BYTES);
        this.maxProofBytes = maxProofBytes;
    }

    /**
     * Adds the next message.
     *
     * @param answer as it came
     * @return what is known now; once invalid, always invalid
     */
    public AssemblyState add(ChunksAnswer answer) {
        boolean isContinued = proof.size() > 0;
        if (state != AssemblyState.INCOMPLETE
                || answer.offset() != proof.size()
                || answer.totalBytes() > maxProofBytes
                || (isContinued && answer.totalBytes() != totalBytes)) {
            state = AssemblyState.INVALID;
            return state;
        }
        proof.writeBytes(answer.proofs());
        totalBytes = answer.totalBytes();
        state = answer.isLast() ? AssemblyState.COMPLETE : AssemblyState.INCOMPLETE;
        return state;
    }

    /**
     * What came so far.
     *
     * @return the whole proof, once {@link #add} told that it is complete
     */
    public byte[] proof() {
        return proof.toByteArray();
    }
}
