package dev.moraine.sampling.serve;

import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.proofs.proof.SymbolProof;
import dev.moraine.storage.store.SymbolReader;
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
 * column's pair. Symbols that are stored, or of a line that was extended lately, are copied with their paths. For the
 * others the sliver is read: a line for which the cache has room is extended as a whole, of a longer one only the last
 * sliver is kept. No request has more than a limit of bytes of slivers read for it, beyond the first, so a small one
 * cannot cost many large reads.
 */
final class ProvedSymbolsAnswer implements Answer {
    private final PairSource source;
    private final SymbolSource symbols;
    private final GetSymbols request;
    private final Axis axis;
    private final SymbolsSplitter splitter;
    private final Queue<SymbolsAnswer> ready = new ArrayDeque<>(2);
    private final BlobId[] blobIds;
    private final boolean[] isExpired;
    private long proofBytesLeft;
    private long loadBytesLeft;
    private int nextCoordinate;
    private int heldBlob;
    private int heldIndex = -1;
    private @Nullable HeldSliver held;

    /**
     * Starts with the first coordinate.
     *
     * @param source where slivers come from
     * @param symbols where symbols come from
     * @param request which symbols
     * @param maxProofBytes most bytes of proofs; symbols that go past it fail with {@link FailureCode#OVER_LIMIT}
     * @param maxLoadBytes from how many bytes of slivers on no further one is read; symbols that need one fail with
     *     {@link FailureCode#OVER_LIMIT}
     */
    ProvedSymbolsAnswer(
            PairSource source, SymbolSource symbols, GetSymbols request, long maxProofBytes, long maxLoadBytes) {
        this.source = source;
        this.symbols = symbols;
        this.request = request;
        proofBytesLeft = maxProofBytes;
        loadBytesLeft = maxLoadBytes;
        blobIds = new BlobId[request.blobIds().size()];
        isExpired = new boolean[blobIds.length];
        for (int i = 0; i < blobIds.length; i++) {
            blobIds[i] = BlobId.of(request.blobIds().get(i));
            isExpired[i] = source.isExpired(blobIds[i]);
        }
        axis = request.axis() == WireAxis.ROW ? Axis.ROW : Axis.COLUMN;
        splitter = new SymbolsSplitter(request.requestId(), request.coordinates().size(), ready::add);
    }

    /** Whether there is no blob whose retention is not over. */
    boolean isAllExpired() {
        for (boolean each : isExpired) {
            if (!each) {
                return false;
            }
        }
        return true;
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
        if (isExpired[coordinate.blob()]) {
            splitter.addFailure(FailureCode.EXPIRED);
            return;
        }
        int shards = source.geometry().shards();
        if (coordinate.row() >= shards || coordinate.column() >= shards) {
            splitter.addFailure(FailureCode.OUT_OF_RANGE);
            return;
        }
        boolean isRow = axis == Axis.ROW;
        int pairIndex = isRow ? coordinate.row() : coordinate.column();
        int symbol = isRow ? coordinate.column() : coordinate.row();
        BlobId blobId = blobIds[coordinate.blob()];
        byte[] proof = symbols.prove(blobId, pairIndex, axis, symbol, proofBytesLeft);
        if (proof != null) {
            add(proof);
            return;
        }
        switch (symbols.resultCode()) {
            case SymbolReader.NOT_STORED -> proveBySliver(coordinate, pairIndex, symbol);
            case SymbolReader.QUARANTINED -> splitter.addFailure(FailureCode.QUARANTINED);
            case SymbolReader.TARGET_TOO_SHORT -> splitter.addFailure(FailureCode.OVER_LIMIT);
            default -> splitter.addFailure(FailureCode.NOT_FOUND);
        }
    }

    private void add(byte[] proof) {
        proofBytesLeft -= proof.length;
        splitter.add(proof);
    }

    private void proveBySliver(Coordinate coordinate, int pairIndex, int symbol) {
        FailureCode failure = hold(coordinate.blob(), pairIndex);
        HeldSliver sliver = held;
        if (failure != null || sliver == null) {
            splitter.addFailure(failure == null ? FailureCode.NOT_FOUND : failure);
            return;
        }
        BlobHeader header = sliver.header();
        if (SymbolProof.encodedBytes(header, coordinate.row(), coordinate.column(), axis) > proofBytesLeft) {
            splitter.addFailure(FailureCode.OVER_LIMIT);
            return;
        }
        add(sliver.prove(symbol).encode());
        if (symbols.lines().hasRoomFor(sliver.extensionBytes())) {
            symbols.lines().keep(blobIds[coordinate.blob()], pairIndex, axis, sliver.extension());
            release();
        }
    }

    private @Nullable FailureCode hold(int blob, int pairIndex) {
        if (held != null && blob == heldBlob && pairIndex == heldIndex) {
            return null;
        }
        if (loadBytesLeft <= 0) {
            return FailureCode.OVER_LIMIT;
        }
        return switch (source.find(blobIds[blob], pairIndex, axis)) {
            case PairSource.Held found -> {
                release();
                held = found.sliver();
                heldBlob = blob;
                heldIndex = pairIndex;
                loadBytesLeft -= found.sliver().heldBytes();
                yield null;
            }
            case PairSource.Missing none -> none.code();
        };
    }
}
