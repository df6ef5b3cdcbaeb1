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
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Proves symbols one after the other: by row from the primary of that row's pair, by column from the secondary of that
 * column's pair. Symbols that are stored are copied with their paths, and nothing else of their pairs is read. For the
 * others, whose line must be extended, it keeps the last pair, so whoever asks for symbols of one line together has it
 * read once; whoever mixes lines has only {@link #MAX_PAIR_RELOADS} pairs read again, so a small request cannot cost many
 * large reads.
 */
final class ProvedSymbolsAnswer implements Answer {
    /** How often pairs are read again in one answer; symbols that need more fail as over the limit. */
    static final int MAX_PAIR_RELOADS = 8;

    private final PairSource source;
    private final GetSymbols request;
    private final long maxProofBytes;
    private final Axis axis;
    private final SymbolReader symbols;
    private final SymbolsSplitter splitter;
    private final Queue<SymbolsAnswer> ready = new ArrayDeque<>();
    private final List<AskedBlob> blobs;
    private int reloads;
    private int nextCoordinate;
    private long proofBytes;
    private int heldIndex = -1;
    private @Nullable AskedBlob heldOf;
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
        blobs = request.blobIds().stream().map(blobId -> new AskedBlob(BlobId.of(blobId), source)).toList();
        axis = request.axis() == WireAxis.ROW ? Axis.ROW : Axis.COLUMN;
        symbols = source.store().newSymbolReader();
        splitter = new SymbolsSplitter(request.requestId(), request.coordinates().size(), ready::add);
    }

    /** Whether there is no blob whose retention is not over. */
    boolean isAllExpired() {
        return blobs.stream().allMatch(blob -> blob.isExpired);
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
        AskedBlob blob = blobs.get(coordinate.blob());
        BlobHeader header = blob.header;
        if (blob.isExpired) {
            splitter.addFailure(FailureCode.EXPIRED);
            return;
        }
        int shards = source.geometry().shards();
        if (coordinate.row() >= shards || coordinate.column() >= shards) {
            splitter.addFailure(FailureCode.OUT_OF_RANGE);
            return;
        }
        if (header != null && isOverLimit(header, coordinate)) {
            splitter.addFailure(FailureCode.OVER_LIMIT);
            return;
        }
        if (!proveStored(blob, coordinate)) {
            proveExtended(blob, coordinate);
        }
    }

    private boolean proveStored(AskedBlob blob, Coordinate coordinate) {
        boolean isRow = axis == Axis.ROW;
        int pairIndex = isRow ? coordinate.row() : coordinate.column();
        int symbol = isRow ? coordinate.column() : coordinate.row();
        int lengthBytes = symbols.lengthBytes(blob.id, pairIndex, axis, symbol);
        if (lengthBytes < 0) {
            return false;
        }
        if (lengthBytes > maxProofBytes - proofBytes) {
            splitter.addFailure(FailureCode.OVER_LIMIT);
            return true;
        }
        byte[] proof = new byte[lengthBytes];
        if (symbols.read(blob.id, pairIndex, axis, symbol, MemorySegment.ofArray(proof)) != lengthBytes) {
            return false;
        }
        proofBytes += lengthBytes;
        splitter.add(proof);
        return true;
    }

    private void proveExtended(AskedBlob blob, Coordinate coordinate) {
        int pairIndex = axis == Axis.ROW ? coordinate.row() : coordinate.column();
        FailureCode failure = hold(blob, pairIndex);
        HeldPair pair = held;
        if (failure != null || pair == null) {
            splitter.addFailure(failure == null ? FailureCode.NOT_FOUND : failure);
            return;
        }
        BlobHeader known = pair.metadata().header();
        blob.header = known;
        if (isOverLimit(known, coordinate)) {
            splitter.addFailure(FailureCode.OVER_LIMIT);
            return;
        }
        byte[] proof = pair.prove(coordinate.row(), coordinate.column(), axis).encode();
        proofBytes += proof.length;
        splitter.add(proof);
    }

    private boolean isOverLimit(BlobHeader of, Coordinate coordinate) {
        return SymbolProof.encodedBytes(of, coordinate.row(), coordinate.column(), axis) > maxProofBytes - proofBytes;
    }

    private @Nullable FailureCode hold(AskedBlob blob, int pairIndex) {
        if (blob == heldOf && pairIndex == heldIndex && held != null) {
            return null;
        }
        FailureCode known = blob.missing.get(pairIndex);
        if (known != null) {
            return known;
        }
        if (blob.loaded.get(pairIndex)) {
            if (reloads == MAX_PAIR_RELOADS) {
                return FailureCode.OVER_LIMIT;
            }
            reloads++;
        }
        return switch (source.find(blob.id, pairIndex)) {
            case PairSource.Held found -> {
                release();
                held = found.pair();
                heldOf = blob;
                heldIndex = pairIndex;
                blob.loaded.set(pairIndex);
                yield null;
            }
            case PairSource.Missing none -> {
                blob.missing.put(pairIndex, none.code());
                yield none.code();
            }
        };
    }

    /** What is known of one blob of the request. */
    private static final class AskedBlob {
        private final BlobId id;
        private final boolean isExpired;
        private final BitSet loaded = new BitSet();
        private final Map<Integer, FailureCode> missing = new HashMap<>();
        private @Nullable BlobHeader header;

        AskedBlob(BlobId id, PairSource source) {
            this.id = id;
            this.isExpired = source.isExpired(id);
        }
    }
}
