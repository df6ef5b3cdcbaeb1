package dev.moraine.sampling.read;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.wire.message.AssemblyState;
import dev.moraine.wire.message.Coordinate;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.message.GetSymbols;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.SymbolsAnswer;
import dev.moraine.wire.message.SymbolsAssembler;
import dev.moraine.wire.message.WireAxis;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Asks the holder of one or more lines for some of their symbols with proofs. */
final class SymbolsRequest extends MemberRequest {
    private final BlobId blobId;
    private final Axis axis;
    private final List<Coordinate> coordinates;
    private final SymbolsAssembler assembler;
    private final int attempt;
    private final long lateNs;

    /**
     * A request for symbols.
     *
     * @param maxProofBytes how long one proof is; longer ones are refused
     * @param attempt how often these symbols were asked for, this time included
     * @param lateNs from when on the member is late with the answer
     */
    SymbolsRequest(
            Queue<MemberRequest> inbox,
            int member,
            BlobId blobId,
            Axis axis,
            List<Coordinate> coordinates,
            int maxProofBytes,
            int attempt,
            long lateNs) {
        super(inbox, member, 0);
        this.blobId = blobId;
        this.axis = axis;
        this.coordinates = List.copyOf(coordinates);
        this.assembler = new SymbolsAssembler(coordinates.size(), maxProofBytes);
        this.attempt = attempt;
        this.lateNs = lateNs;
    }

    Axis axis() {
        return axis;
    }

    List<Coordinate> coordinates() {
        return coordinates;
    }

    int attempt() {
        return attempt;
    }

    long lateNs() {
        return lateNs;
    }

    /** The proof that came for a coordinate, unverified; null if there is a failure instead. */
    byte @Nullable [] proof(int index) {
        return assembler.proof(index);
    }

    /** The failure that came for a coordinate; null if there is a proof instead. */
    @Nullable FailureCode failure(int index) {
        return assembler.failure(index);
    }

    @Override
    Message message(long id) {
        WireAxis wireAxis = axis == Axis.ROW ? WireAxis.ROW : WireAxis.COLUMN;
        return GetSymbols.ofBlob(id, wireAxis, blobId.toBytes(), coordinates);
    }

    @Override
    String subject() {
        Coordinate first = coordinates.getFirst();
        String symbol = "symbol (" + first.row() + ", " + first.column() + ") by " + axis;
        return coordinates.size() == 1 ? symbol : symbol + " and " + (coordinates.size() - 1) + " more";
    }

    @Override
    void take(Message message) {
        if (!(message instanceof SymbolsAnswer answer)) {
            failUnexpected(message);
            return;
        }
        AssemblyState state = assembler.add(answer);
        if (state == AssemblyState.COMPLETE) {
            complete();
        } else if (state == AssemblyState.INVALID) {
            fail(FaultKind.MALFORMED, "a piece that does not continue the last, or is too long");
        }
    }
}
