package dev.moraine.sampling.serve;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.storage.store.SymbolReader;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Proves symbols out of mapped storage: those that are stored, and those of lines that were extended lately. Nothing is
 * hashed, and nothing is allocated but the answer. For one thread.
 */
final class SymbolSource {
    /** Longer proofs are rare, and are read where they are to be. */
    private static final int SCRATCH_BYTES = 64 << 10;

    private final Geometry geometry;
    private final SymbolReader reader;
    private final LineCache lines;
    private final byte[] scratch = new byte[SCRATCH_BYTES];
    private final MemorySegment target = MemorySegment.ofArray(scratch);
    private int resultCode;

    /**
     * A source over a store.
     *
     * @param geometry the deployment's
     * @param reader reads symbols
     * @param lines where extended lines are kept
     */
    SymbolSource(Geometry geometry, SymbolReader reader, LineCache lines) {
        this.geometry = geometry;
        this.reader = reader;
        this.lines = lines;
    }

    /** Where extended lines are kept. */
    LineCache lines() {
        return lines;
    }

    /** Why the last proof was null: one of the constants of {@link SymbolReader}. */
    int resultCode() {
        return resultCode;
    }

    /**
     * Proves a symbol.
     *
     * @param blobId the blob
     * @param pairIndex the line
     * @param axis row or column
     * @param symbol the place in the line, from 0 to n − 1
     * @param maxBytes how long the proof may be
     * @return the proof encoded, or null with the reason in {@link #resultCode()}: {@link SymbolReader#NOT_HELD},
     *     {@link SymbolReader#QUARANTINED}, {@link SymbolReader#NOT_STORED} if the line must be extended first, or
     *     {@link SymbolReader#TARGET_TOO_SHORT} if the proof is too long
     */
    byte @Nullable [] prove(BlobId blobId, int pairIndex, Axis axis, int symbol, long maxBytes) {
        int lengthBytes = reader.read(blobId, pairIndex, axis, symbol, target);
        if (lengthBytes == SymbolReader.NOT_STORED) {
            return proveExtended(blobId, pairIndex, axis, symbol, maxBytes);
        }
        if (lengthBytes == SymbolReader.TARGET_TOO_SHORT) {
            return proveLong(blobId, pairIndex, axis, symbol, maxBytes);
        }
        return lengthBytes < 0 || lengthBytes > maxBytes
                ? none(lengthBytes < 0 ? lengthBytes : SymbolReader.TARGET_TOO_SHORT)
                : Arrays.copyOf(scratch, lengthBytes);
    }

    /** Whether a sliver is held: the constants of {@link SymbolReader}, or at least 0 if it is. */
    int state(BlobId blobId, int pairIndex, Axis axis) {
        return reader.lengthBytes(blobId, pairIndex, axis, 0);
    }

    private byte @Nullable [] proveLong(BlobId blobId, int pairIndex, Axis axis, int symbol, long maxBytes) {
        int lengthBytes = reader.lengthBytes(blobId, pairIndex, axis, symbol);
        if (lengthBytes < 0 || lengthBytes > maxBytes) {
            return none(lengthBytes < 0 ? lengthBytes : SymbolReader.TARGET_TOO_SHORT);
        }
        byte[] proof = new byte[lengthBytes];
        int readBytes = reader.read(blobId, pairIndex, axis, symbol, MemorySegment.ofArray(proof));
        return readBytes == lengthBytes ? proof : none(readBytes < 0 ? readBytes : SymbolReader.NOT_HELD);
    }

    private byte @Nullable [] proveExtended(BlobId blobId, int pairIndex, Axis axis, int symbol, long maxBytes) {
        byte[] extension = lines.find(blobId, pairIndex, axis);
        if (extension == null) {
            return none(SymbolReader.NOT_STORED);
        }
        int pathsBytes = reader.readPaths(blobId, pairIndex, axis, symbol, target);
        if (pathsBytes < 0) {
            return none(pathsBytes);
        }
        int stored = axis == Axis.ROW ? geometry.sourceColumns() : geometry.sourceRows();
        int symbolBytes = extension.length / (geometry.shards() - stored);
        if (symbolBytes + (long) pathsBytes > maxBytes) {
            return none(SymbolReader.TARGET_TOO_SHORT);
        }
        byte[] proof = new byte[symbolBytes + pathsBytes];
        System.arraycopy(extension, (symbol - stored) * symbolBytes, proof, 0, symbolBytes);
        System.arraycopy(scratch, 0, proof, symbolBytes, pathsBytes);
        return proof;
    }

    private byte @Nullable [] none(int code) {
        resultCode = code;
        return null;
    }
}
