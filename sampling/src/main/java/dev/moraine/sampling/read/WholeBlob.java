package dev.moraine.sampling.read;

import dev.moraine.codec.BlobMatrix;
import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobCommitment;
import dev.moraine.proofs.blob.BlobCommitter;
import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.blob.BlobMetadata;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Encodes and commits to a blob again. Thread-safe. */
public final class WholeBlob {
    private WholeBlob() {}

    /** What is done with a commitment and the matrix that it is over, before the matrix is freed. */
    interface Use<T> {
        T apply(BlobCommitment commitment, MemorySegment matrixBytes);
    }

    /**
     * Whether a decoded blob is the one that the metadata is of: its padding is zero and its encoding leads to the id
     * (protocol, section 6).
     *
     * @param metadata the blob's metadata
     * @param paddedBlob {@code k₁·k₂·s} bytes, as decoding gives them
     * @return false if the blob was encoded wrongly, or other slivers must be tried
     */
    public static boolean leadsToId(BlobMetadata metadata, MemorySegment paddedBlob) {
        long lengthBytes = metadata.header().lengthBytes();
        MemorySegment padding = paddedBlob.asSlice(lengthBytes);
        return isZero(padding)
                && commit(
                        metadata,
                        paddedBlob.asSlice(0, lengthBytes),
                        (commitment, _) -> commitment.id().equals(metadata.id()));
    }

    /** Encodes and commits to a blob of L bytes. */
    static <T> T commit(BlobMetadata metadata, MemorySegment blob, Use<T> use) {
        BlobHeader header = metadata.header();
        Geometry geometry = metadata.geometry();
        BlobMatrix matrix = new BlobMatrix(geometry, header.symbolSizeBytes());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment matrixBytes = arena.allocate(
                    geometry.matrixBytes(header.symbolSizeBytes()), Geometry.SYMBOL_ALIGNMENT_BYTES);
            return use.apply(BlobCommitter.encodeAndCommit(matrix, blob, matrixBytes), matrixBytes);
        }
    }

    private static boolean isZero(MemorySegment bytes) {
        // Each byte equals the one after it, and the first is zero.
        long lengthBytes = bytes.byteSize();
        return lengthBytes == 0
                || (bytes.get(ValueLayout.JAVA_BYTE, 0) == 0
                        && MemorySegment.mismatch(bytes, 0, lengthBytes - 1, bytes, 1, lengthBytes) < 0);
    }
}
