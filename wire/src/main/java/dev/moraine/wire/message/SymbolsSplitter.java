package dev.moraine.wire.message;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Packs answers for single symbols into {@link SymbolsAnswer} messages, as many into each as fit. It holds the answers
 * of one message at a time. For one thread.
 */
public final class SymbolsSplitter {
    private final long requestId;
    private final int expectedCount;
    private final Consumer<SymbolsAnswer> sink;
    private final List<SymbolAnswer> held = new ArrayList<>();
    private int heldBytes;
    private int heldFirstIndex;
    private int addedCount;

    /**
     * Prepares the answer to one request.
     *
     * @param requestId the request
     * @param expectedCount how many symbols were asked for, from 1 to {@link MessageLimits#MAX_COORDINATES}
     * @param sink takes each message as soon as it is full; the last one with the last symbol
     * @throws IllegalArgumentException if the count is out of range
     */
    public SymbolsSplitter(long requestId, int expectedCount, Consumer<SymbolsAnswer> sink) {
        MessageLimits.range("expectedCount", expectedCount, 1, MessageLimits.MAX_COORDINATES);
        this.requestId = requestId;
        this.expectedCount = expectedCount;
        this.sink = sink;
    }

    /**
     * Adds the proof of the next symbol.
     *
     * @param proof from 1 to {@link MessageLimits#MAX_SYMBOL_PROOF_BYTES} bytes, of any length in between; kept, not
     *     copied, if it fits one message
     * @throws IllegalArgumentException if the proof is empty or too long
     * @throws IllegalStateException if all symbols were added before
     */
    public void add(byte[] proof) {
        MessageLimits.atMost("proof", proof, MessageLimits.MAX_SYMBOL_PROOF_BYTES);
        int offset = 0;
        while (offset < proof.length) {
            int remaining = proof.length - offset;
            if (heldBytes > 0 && remaining > MessageLimits.MAX_SLIVER_DATA_BYTES - heldBytes) {
                flush(false);
            }
            int end = offset + Math.min(remaining, MessageLimits.MAX_SLIVER_DATA_BYTES);
            byte[] piece = end - offset == proof.length ? proof : Arrays.copyOfRange(proof, offset, end);
            hold(new SymbolAnswer(null, offset, proof.length, piece));
            offset = end;
        }
        finishSymbol();
    }

    /**
     * Adds a failure for the next symbol.
     *
     * @param failure why there is no proof
     * @throws IllegalStateException if all symbols were added before
     */
    public void addFailure(FailureCode failure) {
        hold(SymbolAnswer.failed(failure));
        finishSymbol();
    }

    private void hold(SymbolAnswer piece) {
        if (addedCount == expectedCount) {
            throw new IllegalStateException("all " + expectedCount + " symbols were added before");
        }
        if (held.isEmpty()) {
            heldFirstIndex = addedCount;
        }
        held.add(piece);
        heldBytes += piece.proof().length;
    }

    private void finishSymbol() {
        addedCount++;
        if (addedCount == expectedCount) {
            flush(true);
        }
    }

    private void flush(boolean isLast) {
        sink.accept(new SymbolsAnswer(requestId, heldFirstIndex, isLast, held));
        held.clear();
        heldBytes = 0;
    }
}
