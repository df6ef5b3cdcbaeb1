package dev.moraine.sampling.repair;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.proofs.proof.ProofVerdict;
import dev.moraine.proofs.proof.SymbolProof;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * One sliver that is being rebuilt: which sources were asked for its symbols, and the symbols that came. A source is
 * another pair of the blob; each fills a slot, and as many slots as there are suffice.
 *
 * <p>For the thread of the agent, but for the memory of a slot and its proofs, which an event loop fills while its source
 * is asked.
 */
final class LineRepair {
    private static final int FREE = -1;

    private final MissingPair missing;
    private final Way way;
    private final BlobMetadata metadata;
    private final RepairMemory.Piece memory;
    private final int symbolsPerSource;
    private final int symbolSizeBytes;
    private final int[] sources;
    private final byte[][] proofs;
    private final BitSet tried = new BitSet();
    private final BitSet arrived = new BitSet();
    private final BitSet verified = new BitSet();

    /** How a sliver is rebuilt (protocol, section 7). */
    enum Way {
        /** The secondary, from k₁ symbols of other pairs' primaries. */
        COLUMN(Axis.COLUMN, Axis.ROW),
        /** The primary, from k₂ symbols of secondaries, its own included. */
        ROW(Axis.ROW, Axis.COLUMN),
        /** The primary, from k₁ whole primaries. */
        ROW_FROM_PRIMARIES(Axis.ROW, Axis.ROW);

        private final Axis line;
        private final Axis proofAxis;

        Way(Axis line, Axis proofAxis) {
            this.line = line;
            this.proofAxis = proofAxis;
        }

        /** Which line is rebuilt. */
        Axis line() {
            return line;
        }

        /** Which lines the sources are, and their proofs go by. */
        Axis proofAxis() {
            return proofAxis;
        }

        /** How many sources are needed. */
        int sourceCount(Geometry geometry) {
            return this == ROW ? geometry.sourceColumns() : geometry.sourceRows();
        }

        /** How many symbols each gives. */
        int symbolsPerSource(Geometry geometry) {
            return this == ROW_FROM_PRIMARIES ? geometry.sourceColumns() : 1;
        }

        /** How much memory the symbols take. */
        long memoryBytes(BlobMetadata metadata) {
            Geometry geometry = metadata.geometry();
            return (long) sourceCount(geometry)
                    * symbolsPerSource(geometry)
                    * metadata.header().symbolSizeBytes();
        }
    }

    /**
     * Nobody is asked yet.
     *
     * @param missing the pair
     * @param way how
     * @param metadata the blob's
     * @param memory as much as the way needs
     */
    LineRepair(MissingPair missing, Way way, BlobMetadata metadata, RepairMemory.Piece memory) {
        this.missing = missing;
        this.way = way;
        this.metadata = metadata;
        this.memory = memory;
        Geometry geometry = metadata.geometry();
        symbolsPerSource = way.symbolsPerSource(geometry);
        symbolSizeBytes = metadata.header().symbolSizeBytes();
        sources = new int[way.sourceCount(geometry)];
        Arrays.fill(sources, FREE);
        proofs = new byte[sources.length * symbolsPerSource][];
        tried.set(missing.pair());
    }

    MissingPair missing() {
        return missing;
    }

    Way way() {
        return way;
    }

    BlobMetadata metadata() {
        return metadata;
    }

    /** How long the sliver is. */
    long sliverBytes() {
        Geometry geometry = metadata.geometry();
        return way.line() == Axis.ROW
                ? geometry.primarySliverBytes(symbolSizeBytes)
                : geometry.secondarySliverBytes(symbolSizeBytes);
    }

    RepairMemory.Piece memory() {
        return memory;
    }

    int symbolsPerSource() {
        return symbolsPerSource;
    }

    /** Uses the node's own secondary: a symbol that is known to be right. Only before anybody is asked. */
    void setOwnSymbol(MemorySegment symbol) {
        sources[0] = missing.pair();
        MemorySegment.copy(symbol, 0, slotMemory(0), 0, symbolSizeBytes);
        arrived.set(0);
        verified.set(0);
    }

    /** Whether a source was asked before, or is this pair itself. */
    boolean isTried(int source) {
        return tried.get(source);
    }

    /**
     * Takes a slot for a source that is about to be asked.
     *
     * @return the slot, or −1 if none is free
     */
    int takeSlot(int source) {
        for (int slot = 0; slot < sources.length; slot++) {
            if (sources[slot] == FREE) {
                sources[slot] = source;
                tried.set(source);
                return slot;
            }
        }
        return FREE;
    }

    /** How many slots nobody fills. */
    int freeSlots() {
        int count = 0;
        for (int source : sources) {
            count += source == FREE ? 1 : 0;
        }
        return count;
    }

    /** Whether somebody is asked and has not answered. */
    boolean isWaiting() {
        return arrived.cardinality() + freeSlots() < sources.length;
    }

    boolean isComplete() {
        return arrived.cardinality() == sources.length;
    }

    /** All symbols of a slot have come. */
    void setArrived(int slot) {
        arrived.set(slot);
    }

    /** The source of a slot failed. */
    void freeSlot(int slot) {
        sources[slot] = FREE;
        arrived.clear(slot);
        verified.clear(slot);
    }

    int source(int slot) {
        return sources[slot];
    }

    /** The sources in the order of their slots. */
    int[] sources() {
        return sources.clone();
    }

    int slots() {
        return sources.length;
    }

    /** The memory of all symbols of a slot, one after the other. */
    MemorySegment slotMemory(int slot) {
        long slotBytes = (long) symbolsPerSource * symbolSizeBytes;
        return memory.bytes().asSlice(slot * slotBytes, slotBytes);
    }

    /** The memory of one symbol of a slot. */
    MemorySegment symbolMemory(int slot, int symbol) {
        return slotMemory(slot).asSlice((long) symbol * symbolSizeBytes, symbolSizeBytes);
    }

    /** Keeps what came behind a symbol: its proof. */
    void setProof(int slot, int symbol, byte[] proof) {
        proofs[slot * symbolsPerSource + symbol] = proof;
    }

    int rowOf(int source) {
        return way == Way.ROW ? missing.pair() : source;
    }

    int columnOf(int source, int symbol) {
        return switch (way) {
            case COLUMN -> missing.pair();
            case ROW -> source;
            case ROW_FROM_PRIMARIES -> symbol;
        };
    }

    /** How long the answer for one symbol of a source is. */
    int answerBytes(int source, int symbol) {
        return SymbolProof.encodedBytes(metadata.header(), rowOf(source), columnOf(source, symbol), way.proofAxis());
    }

    /**
     * Verifies each symbol of a slot that came by its proof.
     *
     * @return whether all are those that were asked for
     */
    boolean isVerified(int slot) {
        if (verified.get(slot)) {
            return true;
        }
        BlobHeader header = metadata.header();
        int source = sources[slot];
        for (int symbol = 0; symbol < symbolsPerSource; symbol++) {
            int row = rowOf(source);
            int column = columnOf(source, symbol);
            byte[] proof = proofs[slot * symbolsPerSource + symbol];
            byte[] encoded = new byte[symbolSizeBytes + proof.length];
            MemorySegment.copy(
                    symbolMemory(slot, symbol), ValueLayout.JAVA_BYTE, 0, encoded, 0, symbolSizeBytes);
            System.arraycopy(proof, 0, encoded, symbolSizeBytes, proof.length);
            @Nullable SymbolProof decoded = SymbolProof.decode(encoded, header, row, column, way.proofAxis());
            if (decoded == null
                    || decoded.verify(header, missing.blobId(), row, column, way.proofAxis())
                            != ProofVerdict.ACCEPT) {
                return false;
            }
        }
        verified.set(slot);
        return true;
    }
}
