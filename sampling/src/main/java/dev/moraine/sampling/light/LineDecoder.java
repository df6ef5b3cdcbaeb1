package dev.moraine.sampling.light;

import dev.moraine.codec.BlobMatrix;
import dev.moraine.codec.Geometry;
import dev.moraine.codec.TooFewShardsException;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.proofs.proof.SliverVerifier;
import dev.moraine.wire.message.Coordinate;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Verified symbols of a blob, and what follows from them: a line of which enough symbols are known decodes, and if
 * the result has the committed root, all its symbols are known, which may complete lines that cross it.
 *
 * <p>For one thread.
 */
final class LineDecoder {
    private final BlobMetadata metadata;
    private final Geometry geometry;
    private final int shards;
    private final int symbolSizeBytes;
    private final long maxHeldBytes;
    private final BlobMatrix matrix;
    private final byte[] @Nullable [] symbols;
    private final BitSet doneRows = new BitSet();
    private final BitSet doneColumns = new BitSet();
    private long heldBytes;
    private int wrongLines;

    /**
     * No symbol is known.
     *
     * @param metadata the blob's metadata
     * @param maxHeldBytes how many bytes of symbols may be held; what is beyond is not decoded with
     */
    LineDecoder(BlobMetadata metadata, long maxHeldBytes) {
        this.metadata = metadata;
        this.geometry = metadata.geometry();
        this.shards = geometry.shards();
        this.symbolSizeBytes = metadata.header().symbolSizeBytes();
        this.maxHeldBytes = maxHeldBytes;
        this.matrix = new BlobMatrix(geometry, symbolSizeBytes);
        this.symbols = new byte[shards * shards][];
    }

    /** Takes a verified symbol of s bytes, unless there is no room for it. */
    void add(Coordinate coordinate, byte[] symbol) {
        put(coordinate.row() * shards + coordinate.column(), symbol);
    }

    /** Whether a symbol is held, be it that it came or that a line of it decoded. */
    boolean isKnown(Coordinate coordinate) {
        return symbols[coordinate.row() * shards + coordinate.column()] != null;
    }

    /** Lines that decoded to another root than the committed one. */
    int wrongLines() {
        return wrongLines;
    }

    /** Decodes lines until no other can be. */
    void resolve() {
        boolean isChanged = true;
        while (isChanged) {
            isChanged = false;
            for (int line = 0; line < shards; line++) {
                isChanged |= resolve(Axis.ROW, line);
                isChanged |= resolve(Axis.COLUMN, line);
            }
        }
    }

    /** Whether symbols became known. */
    private boolean resolve(Axis axis, int line) {
        BitSet done = axis == Axis.ROW ? doneRows : doneColumns;
        int needed = axis == Axis.ROW ? geometry.sourceColumns() : geometry.sourceRows();
        if (done.get(line)) {
            return false;
        }
        int known = knownOf(axis, line);
        if (known < needed || heldBytes + (long) (shards - known) * symbolSizeBytes > maxHeldBytes) {
            return false;
        }
        done.set(line);
        if (known == shards) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment whole =
                    arena.allocate(geometry.lineBytes(symbolSizeBytes), Geometry.SYMBOL_ALIGNMENT_BYTES);
            decode(axis, line, known, whole);
            if (!hasCommittedRoot(axis, line, whole)) {
                wrongLines++;
                return false;
            }
            for (int i = 0; i < shards; i++) {
                if (symbols[index(axis, line, i)] == null) {
                    MemorySegment symbol = whole.asSlice((long) i * symbolSizeBytes, symbolSizeBytes);
                    put(index(axis, line, i), symbol.toArray(ValueLayout.JAVA_BYTE));
                }
            }
            return true;
        }
    }

    private void decode(Axis axis, int line, int known, MemorySegment whole) {
        int[] places = new int[known];
        MemorySegment[] given = new MemorySegment[known];
        int count = 0;
        for (int i = 0; i < shards; i++) {
            byte[] symbol = symbols[index(axis, line, i)];
            if (symbol != null) {
                places[count] = i;
                given[count++] = MemorySegment.ofArray(symbol);
            }
        }
        try {
            if (axis == Axis.ROW) {
                matrix.recoverRow(places, given, whole);
            } else {
                matrix.recoverColumn(places, given, whole);
            }
        } catch (TooFewShardsException e) {
            throw new IllegalStateException("enough symbols of a line are too few", e);
        }
    }

    /** A recovered line is a codeword, so its root is that of the sliver at its start. */
    private boolean hasCommittedRoot(Axis axis, int line, MemorySegment whole) {
        return axis == Axis.ROW
                ? SliverVerifier.verifyPrimary(
                        metadata, line, whole.asSlice(0, geometry.primarySliverBytes(symbolSizeBytes)))
                : SliverVerifier.verifySecondary(
                        metadata, line, whole.asSlice(0, geometry.secondarySliverBytes(symbolSizeBytes)));
    }

    private int knownOf(Axis axis, int line) {
        int known = 0;
        for (int i = 0; i < shards; i++) {
            if (symbols[index(axis, line, i)] != null) {
                known++;
            }
        }
        return known;
    }

    private int index(Axis axis, int line, int place) {
        return axis == Axis.ROW ? line * shards + place : place * shards + line;
    }

    private void put(int index, byte[] symbol) {
        if (symbols[index] == null && heldBytes + symbolSizeBytes <= maxHeldBytes) {
            symbols[index] = symbol;
            heldBytes += symbolSizeBytes;
        }
    }
}
