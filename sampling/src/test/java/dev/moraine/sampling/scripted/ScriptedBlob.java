package dev.moraine.sampling.scripted;

import dev.moraine.codec.BlobMatrix;
import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobCommitment;
import dev.moraine.proofs.blob.BlobCommitter;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.testing.Seed;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;

/**
 * A blob with its matrix and commitment, encoded correctly or not.
 *
 * @param bytes the L bytes that were encoded
 * @param commitment the commitment to the matrix, whatever is in it
 * @param matrixBytes n·n symbols row by row
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record ScriptedBlob(byte[] bytes, BlobCommitment commitment, MemorySegment matrixBytes) {
    /** Encodes and commits to random bytes. */
    public static ScriptedBlob random(Random random, int shards, int lengthBytes) {
        Geometry geometry = new Geometry(shards);
        byte[] bytes = Seed.bytes(random, lengthBytes);
        return commit(geometry, bytes, encode(geometry, MemorySegment.ofArray(bytes), lengthBytes));
    }

    /** A blob with one bit of one symbol wrong; the roots are those of the wrong matrix. */
    public static ScriptedBlob withWrongSymbol(Random random, int shards, int lengthBytes, int row, int column) {
        Geometry geometry = new Geometry(shards);
        byte[] bytes = Seed.bytes(random, lengthBytes);
        MemorySegment matrix = encode(geometry, MemorySegment.ofArray(bytes), lengthBytes);
        int symbolSizeBytes = geometry.symbolSizeBytes(lengthBytes);
        long at = ((long) row * shards + column) * symbolSizeBytes + random.nextInt(symbolSizeBytes);
        matrix.set(ValueLayout.JAVA_BYTE, at, (byte) (matrix.get(ValueLayout.JAVA_BYTE, at) ^ 1));
        return commit(geometry, bytes, matrix);
    }

    /** A blob encoded correctly but for its padding, the last byte of which is not zero. */
    public static ScriptedBlob withPadding(Random random, int shards, int lengthBytes) {
        Geometry geometry = new Geometry(shards);
        byte[] bytes = Seed.bytes(random, lengthBytes);
        byte[] padded = Arrays.copyOf(
                bytes, (int) geometry.paddedBlobBytes(geometry.symbolSizeBytes(lengthBytes)));
        padded[padded.length - 1] = 1;
        return commit(geometry, bytes, encode(geometry, MemorySegment.ofArray(padded), lengthBytes));
    }

    /** A blob one whole row of whose matrix is that of another blob; every row is a codeword under its own root. */
    public static ScriptedBlob withForeignRow(Random random, int shards, int lengthBytes, int row) {
        Geometry geometry = new Geometry(shards);
        byte[] bytes = Seed.bytes(random, lengthBytes);
        MemorySegment matrix = encode(geometry, MemorySegment.ofArray(bytes), lengthBytes);
        MemorySegment foreign =
                encode(geometry, MemorySegment.ofArray(Seed.bytes(random, lengthBytes)), lengthBytes);
        long lineBytes = geometry.lineBytes(geometry.symbolSizeBytes(lengthBytes));
        MemorySegment.copy(foreign, row * lineBytes, matrix, row * lineBytes, lineBytes);
        return commit(geometry, bytes, matrix);
    }

    /** The blob's id. */
    public BlobId id() {
        return commitment.id();
    }

    /** The blob's metadata. */
    public BlobMetadata metadata() {
        return commitment.metadata();
    }

    /** The primary sliver of a pair. */
    public byte[] primary(int pair) {
        Geometry geometry = metadata().geometry();
        int symbolSizeBytes = metadata().header().symbolSizeBytes();
        return matrixBytes
                .asSlice(pair * geometry.lineBytes(symbolSizeBytes), geometry.primarySliverBytes(symbolSizeBytes))
                .toArray(ValueLayout.JAVA_BYTE);
    }

    /** The secondary sliver of a pair. */
    public byte[] secondary(int pair) {
        Geometry geometry = metadata().geometry();
        int symbolSizeBytes = metadata().header().symbolSizeBytes();
        byte[] sliver = new byte[(int) geometry.secondarySliverBytes(symbolSizeBytes)];
        new BlobMatrix(geometry, symbolSizeBytes)
                .copySecondarySliver(matrixBytes, pair, MemorySegment.ofArray(sliver));
        return sliver;
    }

    private static MemorySegment encode(Geometry geometry, MemorySegment blob, long lengthBytes) {
        BlobMatrix matrix = new BlobMatrix(geometry, geometry.symbolSizeBytes(lengthBytes));
        MemorySegment bytes = Arena.ofAuto()
                .allocate(geometry.matrixBytes(matrix.symbolSizeBytes()), Geometry.SYMBOL_ALIGNMENT_BYTES);
        matrix.encode(blob, bytes);
        return bytes;
    }

    private static ScriptedBlob commit(Geometry geometry, byte[] bytes, MemorySegment matrixBytes) {
        BlobMatrix matrix = new BlobMatrix(geometry, geometry.symbolSizeBytes(bytes.length));
        return new ScriptedBlob(bytes, BlobCommitter.commit(matrix, matrixBytes, bytes.length), matrixBytes);
    }
}
