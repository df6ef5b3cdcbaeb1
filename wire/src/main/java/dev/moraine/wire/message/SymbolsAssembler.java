package dev.moraine.wire.message;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts the messages of one answer to a {@link GetSymbols} together, and refuses what does not continue where the last
 * message ended. Whatever lengths are announced, it holds only bytes that came. For one thread.
 */
public final class SymbolsAssembler {
    private record Complete(@Nullable FailureCode failure, ByteArrayOutputStream proof) {}

    private final int expectedCount;
    private final int maxProofBytes;
    private final List<Complete> complete = new ArrayList<>();
    private ByteArrayOutputStream partial = new ByteArrayOutputStream(0);
    private int partialTotalBytes;
    private AssemblyState state = AssemblyState.INCOMPLETE;

    /**
     * Waits for the answer to one request.
     *
     * @param expectedCount how many symbols were asked for, from 1 to {@link MessageLimits#MAX_COORDINATES}
     * @param maxProofBytes how long a proof may be: symbol size and hashes
     * @throws IllegalArgumentException if one of them is out of range
     */
    public SymbolsAssembler(int expectedCount, int maxProofBytes) {
        MessageLimits.range("expectedCount", expectedCount, 1, MessageLimits.MAX_COORDINATES);
        MessageLimits.range("maxProofBytes", maxProofBytes, 1, MessageLimits.MAX_SYMBOL_PROOF_BYTES);
        this.expectedCount = expectedCount;
        this.maxProofBytes = maxProofBytes;
    }

    /**
     * Adds the next message.
     *
     * @param answer as it came
     * @return what is known now; once invalid, always invalid
     */
    public AssemblyState add(SymbolsAnswer answer) {
        if (state == AssemblyState.INCOMPLETE) {
            state = accept(answer);
        } else {
            state = AssemblyState.INVALID;
        }
        return state;
    }

    /**
     * The proof of a symbol.
     *
     * @param index the index of its coordinate in the request
     * @return the proof, or null if there is a failure instead
     * @throws IndexOutOfBoundsException if it has not come
     */
    public byte @Nullable [] proof(int index) {
        Complete symbol = complete.get(index);
        return symbol.failure == null ? symbol.proof.toByteArray() : null;
    }

    /**
     * The failure of a symbol.
     *
     * @param index the index of its coordinate in the request
     * @return the failure, or null if there is a proof instead
     * @throws IndexOutOfBoundsException if it has not come
     */
    public @Nullable FailureCode failure(int index) {
        return complete.get(index).failure;
    }

    private AssemblyState accept(SymbolsAnswer answer) {
        if (answer.firstIndex() != complete.size()) {
            return AssemblyState.INVALID;
        }
        for (SymbolAnswer piece : answer.symbols()) {
            if (complete.size() == expectedCount || !accept(piece)) {
                return AssemblyState.INVALID;
            }
        }
        boolean hasAll = complete.size() == expectedCount;
        if (hasAll != answer.isLast()) {
            return AssemblyState.INVALID;
        }
        return hasAll ? AssemblyState.COMPLETE : AssemblyState.INCOMPLETE;
    }

    private boolean accept(SymbolAnswer piece) {
        boolean isContinued = partial.size() > 0;
        if (piece.offset() != partial.size()
                || piece.totalBytes() > maxProofBytes
                || (isContinued && piece.totalBytes() != partialTotalBytes)) {
            return false;
        }
        partial.writeBytes(piece.proof());
        partialTotalBytes = piece.totalBytes();
        if (piece.isLast()) {
            complete.add(new Complete(piece.failure(), partial));
            partial = new ByteArrayOutputStream(0);
        }
        return true;
    }
}
