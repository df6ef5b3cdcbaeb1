package dev.moraine.sampling.repair;

import dev.moraine.codec.BlobLines;
import dev.moraine.codec.BlobMatrix;
import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.sampling.repair.LineRepair.Way;
import dev.moraine.sampling.repair.SymbolIntake.Want;
import dev.moraine.storage.store.PairLookup;
import dev.moraine.storage.store.SliverRecord;
import dev.moraine.storage.store.StoredPair;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/**
 * The slivers that are being rebuilt: asks other nodes for their symbols, solves what is complete, tells lies apart from
 * wrong encodings, and brings the slivers to the store. For the thread of the agent.
 */
final class SliverRepairs {
    private final OwnShards shards;
    private final RepairPeers peers;
    private final RepairCounters counters;
    private final RepairMemory memory;
    private final LineSolver solver = new LineSolver();
    private final Queue<Solved> unstored = new ArrayDeque<>();
    private final RepairSink sink;
    private final BiConsumer<LineRepair, Boolean> whenStored;
    private final BiConsumer<LineRepair, Failure> whenFailed;
    private int running;

    /** A sliver that the store has had no room for. */
    private record Solved(LineRepair repair, SliverRecord sliver) {}

    /** Why a sliver could not be rebuilt. */
    enum Failure {
        /** Too few nodes had, or gave, what was needed. */
        TOO_FEW_SYMBOLS,
        /** All symbols are right, and together wrong: the blob was encoded wrongly, and has no such sliver. */
        INCONSISTENT
    }

    /**
     * Nothing is being rebuilt.
     *
     * @param shards the node's store and committee
     * @param peers the other nodes
     * @param settings how much memory
     * @param counters counts
     * @param sink takes slivers
     * @param whenStored told on any thread what became of a sliver that the sink took
     * @param whenFailed told on the agent's thread what could not be rebuilt
     */
    SliverRepairs(
            OwnShards shards,
            RepairPeers peers,
            RepairSettings settings,
            RepairCounters counters,
            RepairSink sink,
            BiConsumer<LineRepair, Boolean> whenStored,
            BiConsumer<LineRepair, Failure> whenFailed) {
        this.shards = shards;
        this.peers = peers;
        this.counters = counters;
        this.sink = sink;
        this.whenStored = whenStored;
        this.whenFailed = whenFailed;
        memory = new RepairMemory(settings.memoryBytes());
    }

    /** Slivers that are asked for or on their way to the store. */
    int running() {
        return running;
    }

    /**
     * Begins with the next sliver that a pair lacks: the secondary first.
     *
     * @param missing the pair
     * @param metadata its blob's
     * @param nowNs now
     * @return false if there is no memory for it now
     */
    boolean start(MissingPair missing, BlobMetadata metadata, long nowNs) {
        boolean hasSecondary = shards.isReadable(missing.key(), Axis.COLUMN);
        Way way = hasSecondary
                ? missing.isFromPrimaries() ? Way.ROW_FROM_PRIMARIES : Way.ROW
                : Way.COLUMN;
        RepairMemory.Piece piece = memory.take(way.memoryBytes(metadata));
        if (piece == null) {
            return false;
        }
        LineRepair repair = new LineRepair(missing, way, metadata, piece);
        running++;
        if (way == Way.ROW && !useOwnSecondary(repair)) {
            end(repair);
            whenFailed.accept(repair, Failure.TOO_FEW_SYMBOLS);
            return true;
        }
        advance(repair, nowNs);
        return true;
    }

    /** Takes the symbol where row and column of the pair cross from the secondary that is here. */
    private boolean useOwnSecondary(LineRepair repair) {
        MissingPair missing = repair.missing();
        if (!(shards.store().findSliver(missing.blobId(), missing.pair(), Axis.COLUMN)
                instanceof PairLookup.Found found)) {
            return false;
        }
        try (StoredPair pair = found.pair(); Arena arena = Arena.ofConfined()) {
            BlobMetadata metadata = repair.metadata();
            Geometry geometry = metadata.geometry();
            int symbolSizeBytes = metadata.header().symbolSizeBytes();
            int row = missing.pair();
            MemorySegment symbol;
            if (row < geometry.sourceRows()) {
                symbol = pair.secondary().asSlice((long) row * symbolSizeBytes, symbolSizeBytes);
            } else {
                symbol = arena.allocate(symbolSizeBytes, Geometry.SYMBOL_ALIGNMENT_BYTES);
                new BlobLines(new BlobMatrix(geometry, symbolSizeBytes))
                        .symbolOfColumn(pair.secondary(), row, symbol);
            }
            repair.setOwnSymbol(symbol);
            return true;
        }
    }

    /** Asks for what lacks, or solves what is complete, or gives up. */
    private void advance(LineRepair repair, long nowNs) {
        if (repair.isComplete()) {
            solve(repair, nowNs);
            return;
        }
        int free = repair.freeSlots();
        if (free > 0) {
            List<Integer> sources = IntStream.range(0, shards.committee().geometry().shards())
                    .filter(source -> !repair.isTried(source) && holderOf(repair, source) != shards.member())
                    .boxed()
                    .sorted(Comparator.comparingLong(source -> peers.burden(holderOf(repair, source), nowNs)))
                    .limit(free)
                    .toList();
            for (int source : sources) {
                int slot = repair.takeSlot(source);
                peers.want(holderOf(repair, source), new Want(repair, source, slot));
            }
        }
        // What was asked for is waited for in any case: it goes to the memory of this repair.
        if (repair.freeSlots() > 0 && !repair.isWaiting()) {
            end(repair);
            whenFailed.accept(repair, Failure.TOO_FEW_SYMBOLS);
        }
    }

    private int holderOf(LineRepair repair, int source) {
        return shards.holderOf(repair.missing().blobId(), source);
    }

    /**
     * Takes the symbols of a request that is over.
     *
     * @param intake the request
     * @param nowNs now
     */
    void onOver(SymbolIntake intake, long nowNs) {
        peers.noteOver(intake);
        counters.add(RepairCount.BYTES_RECEIVED, intake.receivedBytes());
        switch (intake.end()) {
            case ANSWERED -> peers.noteGood(intake.member());
            case UNANSWERED, BUSY, REFUSED -> {
                counters.add(RepairCount.UNANSWERED);
                peers.noteFailure(intake.member(), nowNs);
            }
            case LIED -> peers.noteLie(intake.member(), nowNs);
        }
        for (int i = 0; i < intake.wants().size(); i++) {
            Want want = intake.wants().get(i);
            if (intake.hasCome(i)) {
                want.repair().setArrived(want.slot());
            } else {
                counters.add(RepairCount.NOT_HELD, intake.end() == SymbolIntake.End.ANSWERED ? 1 : 0);
                want.repair().freeSlot(want.slot());
            }
        }
        for (Want want : intake.wants()) {
            advance(want.repair(), nowNs);
        }
    }

    private void solve(LineRepair repair, long nowNs) {
        SliverRecord sliver = solver.solve(repair);
        if (sliver != null) {
            store(new Solved(repair, sliver));
            return;
        }
        boolean isEachRight = true;
        for (int slot = 0; slot < repair.slots(); slot++) {
            if (!repair.isVerified(slot)) {
                isEachRight = false;
                peers.noteLie(holderOf(repair, repair.source(slot)), nowNs);
                repair.freeSlot(slot);
            }
        }
        if (isEachRight) {
            end(repair);
            whenFailed.accept(repair, Failure.INCONSISTENT);
        } else {
            advance(repair, nowNs);
        }
    }

    private void store(Solved solved) {
        if (!unstored.isEmpty() || !isTaken(solved)) {
            unstored.add(solved);
        }
    }

    private boolean isTaken(Solved solved) {
        return sink.keep(solved.sliver(), isStored -> whenStored.accept(solved.repair(), isStored));
    }

    /**
     * Offers the store again what it had no room for.
     *
     * @return how many slivers it took
     */
    int storeWaiting() {
        int taken = 0;
        while (!unstored.isEmpty() && isTaken(unstored.element())) {
            unstored.remove();
            taken++;
        }
        return taken;
    }

    /** Whether the store is behind, so that nothing more should be asked for. */
    boolean isStoreBehind() {
        return !unstored.isEmpty();
    }

    /** Gives the memory of a sliver back, to which nobody writes, and from which nobody reads any more. */
    void end(LineRepair repair) {
        memory.giveBack(repair.memory());
        running--;
    }
}
