package dev.moraine.wire.message;

import java.util.List;

/**
 * Answers to a {@link GetSymbols}, over one or more messages, in the order of the coordinates asked for. A proof that
 * is too long for a frame comes in pieces: it is the last symbol of one message and the first of the next, which then
 * repeats its index. {@link SymbolsSplitter} makes such messages, {@link SymbolsAssembler} puts them together.
 *
 * @param requestId the request
 * @param firstIndex the index, among the coordinates asked for, of the first symbol
 * @param isLast whether this message ends the request
 * @param symbols consecutive answers, from 1 to {@link MessageLimits#MAX_COORDINATES}, with at most
 *     {@link MessageLimits#MAX_SLIVER_DATA_BYTES} of proofs
 */
public record SymbolsAnswer(long requestId, int firstIndex, boolean isLast, List<SymbolAnswer> symbols)
        implements NodeMessage {
    /**
     * Checks what is carried.
     *
     * @throws IllegalArgumentException if a count, index or the sum of the lengths is out of its range
     */
    public SymbolsAnswer {
        MessageLimits.range("symbols", symbols.size(), 1, MessageLimits.MAX_COORDINATES);
        MessageLimits.range("firstIndex", firstIndex, 0, MessageLimits.MAX_COORDINATES - symbols.size());
        long proofBytes = symbols.stream().mapToLong(symbol -> symbol.proof().length).sum();
        MessageLimits.range("proof bytes", proofBytes, 0, MessageLimits.MAX_SLIVER_DATA_BYTES);
        symbols = List.copyOf(symbols);
    }
}
