package dev.moraine.sampling.serve;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.proofs.proof.SymbolProof;
import dev.moraine.wire.message.Coordinate;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.message.GetSymbols;
import dev.moraine.wire.message.NodeMessage;
import dev.moraine.wire.message.SymbolsAnswer;
import dev.moraine.wire.message.SymbolsSplitter;
import dev.moraine.wire.message.WireAxis;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Proves symbols one after the other: by row from the primary of that row's pair, by column from the secondary of that
 * column's pair. It keeps the last pair, so whoever asks for symbols of one line together has it read once.
 */
final class ProvedSymbolsAnswer implements Answer {
    private final PairSource source;
    private final BlobId blobId;
    private final GetSymbols request;
    private final long maxProofBytes;
    private final Axis axis;
    private final SymbolsSplitter splitter;
    private final Queue<SymbolsAnswer> ready = new ArrayDeque<>();
    private int nextCoordinate;
    private long proofBytes;
    private int heldIndex = -1;
    private @Nullable HeldPair held;

    /**
     * Starts with the first coordinate.
     *
     * @param source where pairs come from
     * @param request which symbols
     * @param maxProofBytes most bytes of proofs; symbols that go past it fail with {@link FailureCode#OVER_LIMIT}
     */
    ProvedSymbolsAnswer(PairSource source, GetSymbols request, long maxProofBytes) {
        this.source = source;
        this.request = request;
        this.maxProofBytes = maxProofBytes;
        blobId = BlobId.of(request.blobId());
        axis = request.axis() == WireAxis.ROW ? Axis.ROW : Axis.COLUMN;
        splitter = new SymbolsSplitter(request.requestId(), request.coordinates().size(), ready::add);
    }

    @Override
    public @Nullable NodeMessage next() {
        while (ready.isEmpty() && nextCoordinate < request.coordinates().size()) {
            prove(request.coordinates().get(nextCoordinate));
            nextCoordinate++;
        }
        return ready.poll();
    }

    @Override
    public long heldBytes() {
        return held == null ? 0 : held.heldBytes();
    }

    @Override
    public void release() {
        if (held != null) {
            held.release();
            held = null;
        }
    }

    private void prove(Coordinate coordinate) {
        int shards = source.geometry().shards();
        if (coordinate.row() >= shards || coordinate.column() >= shards) {
            splitter.addFailure(FailureCode.OUT_OF_RANGE);
            return;
        }
        int pairIndex = axis == Axis.ROW ? coordinate.row() : coordinate.column();
        FailureCode missing = hold(pairIndex);
        HeldPair pair = held;
        if (missing != null || pair == null) {
            splitter.addFailure(missing == null ? FailureCode.NOT_FOUND : missing);
            return;
        }
        int nextBytes = SymbolProof.encodedBytes(
                pair.metadata().header(), coordinate.row(), coordinate.column(), axis);
        if (nextBytes > maxProofBytes - proofBytes) {
            splitter.addFailure(FailureCode.OVER_LIMIT);
            return;
        }
        proofBytes += nextBytes;
        splitter.add(pair.prove(coordinate.row(), coordinate.column(), axis).encode());
    }

    private @Nullable FailureCode hold(int pairIndex) {
        if (pairIndex == heldIndex && held != null) {
            return null;
        }
        release();
        return switch (source.find(blobId, pairIndex)) {
            case PairSource.Held found -> {
                held = found.pair();
                heldIndex = pairIndex;
                yield null;
            }
            case PairSource.Missing missing -> missing.code();
        };
    }
}
