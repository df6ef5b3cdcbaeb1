package dev.moraine.sampling.repair;

import dev.moraine.proofs.proof.Axis;
import dev.moraine.wire.message.Busy;
import dev.moraine.wire.message.Coordinate;
import dev.moraine.wire.message.Failure;
import dev.moraine.wire.message.GetSymbols;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.SymbolAnswer;
import dev.moraine.wire.message.SymbolsAnswer;
import dev.moraine.wire.message.WireAxis;
import dev.moraine.wire.transport.RequestFailure;
import dev.moraine.wire.transport.ResponseHandler;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * One request for symbols of many slivers, all from one node. What comes is put where it belongs as it comes, on the
 * connection's event loop; the thread of the agent looks at it when the request is over.
 */
final class SymbolIntake implements ResponseHandler {
    private final int member;
    private final List<Want> wants;
    private final Axis axis;
    private final List<byte[]> blobIds = new ArrayList<>();
    private final List<Coordinate> coordinates = new ArrayList<>();
    private final List<Target> targets = new ArrayList<>();
    private final Consumer<SymbolIntake> whenOver;
    private final BitSet withoutSymbols = new BitSet();
    private final long expectedBytes;

    // Written by the event loop before the end, read by the agent after it.
    private End end = End.ANSWERED;
    private int retryDelayMs;
    private long receivedBytes;
    private int next;
    private int nextOffset;

    /**
     * Symbols of one source for one sliver.
     *
     * @param repair the sliver
     * @param source the pair that they are of
     * @param slot where they go
     */
    record Want(LineRepair repair, int source, int slot) {
        /** How long the answer is. */
        long answerBytes() {
            return (long) repair.symbolsPerSource() * repair.answerBytes(source, 0);
        }
    }

    /** Where one symbol goes. */
    @SuppressWarnings("ArrayRecordComponent") // Filled as the bytes come, never compared.
    private record Target(int want, LineRepair repair, int slot, int symbol, int answerBytes, byte[] proof) {}

    /** How a request ended. */
    enum End {
        /** Every symbol came, or word that it is not there. */
        ANSWERED,
        /** The node asked to wait. */
        BUSY,
        /** The node refused the request as a whole. */
        REFUSED,
        /** Nothing came, or not all, or the connection broke. */
        UNANSWERED,
        /** What came does not answer the request. */
        LIED
    }

    /**
     * Prepares a request.
     *
     * @param member whom it is for
     * @param axis by which line the symbols are proved
     * @param wants what is wanted, all by that line
     * @param whenOver called once when nothing more will come, on an event loop
     */
    SymbolIntake(int member, Axis axis, List<Want> wants, Consumer<SymbolIntake> whenOver) {
        this.member = member;
        this.axis = axis;
        this.wants = List.copyOf(wants);
        this.whenOver = whenOver;
        Map<MissingPair.Key, Integer> blobs = new LinkedHashMap<>();
        long bytes = 0;
        for (int i = 0; i < wants.size(); i++) {
            Want want = wants.get(i);
            LineRepair repair = want.repair();
            // The ids of a request are distinct, and a node of several shards is asked for one blob more than once.
            MissingPair.Key blob = new MissingPair.Key(repair.missing().blobId(), 0);
            int blobIndex = blobs.computeIfAbsent(blob, key -> {
                blobIds.add(key.blobId().toBytes());
                return blobIds.size() - 1;
            });
            for (int symbol = 0; symbol < repair.symbolsPerSource(); symbol++) {
                int answerBytes = repair.answerBytes(want.source(), symbol);
                int symbolSizeBytes = repair.metadata().header().symbolSizeBytes();
                coordinates.add(new Coordinate(
                        blobIndex, repair.rowOf(want.source()), repair.columnOf(want.source(), symbol)));
                targets.add(new Target(
                        i, repair, want.slot(), symbol, answerBytes, new byte[answerBytes - symbolSizeBytes]));
                bytes += answerBytes;
            }
        }
        expectedBytes = bytes;
    }

    /** The request. */
    GetSymbols message(long requestId) {
        return new GetSymbols(
                requestId, axis == Axis.ROW ? WireAxis.ROW : WireAxis.COLUMN, blobIds, coordinates);
    }

    int member() {
        return member;
    }

    Axis axis() {
        return axis;
    }

    List<Want> wants() {
        return wants;
    }

    long expectedBytes() {
        return expectedBytes;
    }

    long receivedBytes() {
        return receivedBytes;
    }

    End end() {
        return end;
    }

    int retryDelayMs() {
        return retryDelayMs;
    }

    /** Whether all symbols of a want came. */
    boolean hasCome(int want) {
        return end == End.ANSWERED && !withoutSymbols.get(want);
    }

    @Override
    public boolean onMessage(Message message) {
        switch (message) {
            case SymbolsAnswer answer -> {
                if (!accept(answer)) {
                    finish(End.LIED);
                    return true;
                }
                if (next == targets.size()) {
                    finish(End.ANSWERED);
                    return true;
                }
                return false;
            }
            case Busy busy -> {
                retryDelayMs = busy.retryDelayMs();
                finish(End.BUSY);
            }
            case Failure _ -> finish(End.REFUSED);
            default -> finish(End.LIED);
        }
        return true;
    }

    @Override
    public void onFailure(RequestFailure reason) {
        finish(reason == RequestFailure.OVER_LIMIT ? End.BUSY : End.UNANSWERED);
    }

    private void finish(End how) {
        end = how;
        whenOver.accept(this);
    }

    private boolean accept(SymbolsAnswer answer) {
        if (answer.firstIndex() != next) {
            return false;
        }
        for (SymbolAnswer piece : answer.symbols()) {
            if (next == targets.size() || !accept(targets.get(next), piece)) {
                return false;
            }
        }
        return answer.isLast() == (next == targets.size());
    }

    private boolean accept(Target target, SymbolAnswer piece) {
        if (piece.failure() != null) {
            withoutSymbols.set(target.want());
            next++;
            return nextOffset == 0;
        }
        if (piece.offset() != nextOffset || piece.totalBytes() != target.answerBytes()) {
            return false;
        }
        put(target, piece.proof());
        receivedBytes += piece.proof().length;
        nextOffset += piece.proof().length;
        if (nextOffset == target.answerBytes()) {
            target.repair().setProof(target.slot(), target.symbol(), target.proof());
            next++;
            nextOffset = 0;
        }
        return true;
    }

    /** The symbol goes to its place, and what is behind it to its proof. */
    private void put(Target target, byte[] bytes) {
        int symbolBytes = target.answerBytes() - target.proof().length;
        int ofSymbol = Math.clamp((long) symbolBytes - nextOffset, 0, bytes.length);
        if (ofSymbol > 0) {
            MemorySegment symbol = target.repair().symbolMemory(target.slot(), target.symbol());
            MemorySegment.copy(bytes, 0, symbol, ValueLayout.JAVA_BYTE, nextOffset, ofSymbol);
        }
        if (ofSymbol < bytes.length) {
            int inProof = nextOffset + ofSymbol - symbolBytes;
            System.arraycopy(bytes, ofSymbol, target.proof(), inProof, bytes.length - ofSymbol);
        }
    }
}
