package dev.moraine.proofs.proof;

import dev.moraine.proofs.blob.BlobCommitment;
import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.blob.SymbolTree;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.merkle.MerklePath;
import dev.moraine.proofs.merkle.MerkleTree;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A chunk of a symbol with its way to the blob root (protocol, section 9):
 * {@code chunk ‖ path to the symbol root ‖ path to R_row ‖ C_row ‖ path of the pair to T}.
 *
 * <p>The arrays are shared, not copied; nobody changes them.
 *
 * @param chunk the chunk, 1,024 bytes or what remains of the symbol
 * @param symbolPath the path from the chunk to the symbol root
 * @param rowPath the path from the symbol root to the row root
 * @param columnRoot the column root that the row root is paired with
 * @param blobPath the path from the pair to the blob root
 */
@SuppressWarnings("ArrayRecordComponent") // chunks of a symbol share their upper paths; equality is by content
public record ChunkProof(byte[] chunk, byte[] symbolPath, byte[] rowPath, Digest columnRoot, byte[] blobPath) {
    /**
     * Makes the proofs of a run of chunks from the whole blob.
     *
     * @param commitment the blob's commitment
     * @param matrixBytes the n·n symbols row by row
     * @param run the chunks
     * @return one proof a chunk, in order
     * @throws IndexOutOfBoundsException if the matrix has no such chunks
     * @throws IllegalArgumentException if commitment and matrix do not fit together, or the run is too long
     */
    public static List<ChunkProof> of(BlobCommitment commitment, MemorySegment matrixBytes, ChunkRun run) {
        MemorySegment symbol = MatrixSymbols.symbol(commitment.metadata(), matrixBytes, run.row(), run.column());
        return fromRow(commitment.metadata(), run, commitment.rowSymbolRoots(run.row()), symbol);
    }

    /**
     * Makes the proof of one chunk from what the holder of the row's primary sliver keeps.
     *
     * @param metadata the blob's metadata
     * @param row the symbol's row
     * @param column the symbol's column
     * @param chunk the chunk of the symbol
     * @param rowSymbolRoots the n symbol roots of the row
     * @param symbol the symbol, s bytes
     * @return the proof
     * @throws IndexOutOfBoundsException if the matrix has no such chunk
     * @throws IllegalArgumentException if a length is wrong or the symbol roots are not those of the row
     */
    public static ChunkProof fromRow(
            BlobMetadata metadata, int row, int column, int chunk, byte[] rowSymbolRoots, MemorySegment symbol) {
        return fromRow(metadata, new ChunkRun(row, column, chunk, 1), rowSymbolRoots, symbol).get(0);
    }

    /**
     * Makes the proofs of a run of chunks from what the holder of the row's primary sliver keeps.
     *
     * @param metadata the blob's metadata
     * @param run the chunks
     * @param rowSymbolRoots the n symbol roots of the row
     * @param symbol the symbol, s bytes
     * @return one proof a chunk, in order
     * @throws IndexOutOfBoundsException if the matrix has no such chunks
     * @throws IllegalArgumentException if a length is wrong, the symbol roots are not those of the row, or the run is
     *     empty or too long
     */
    public static List<ChunkProof> fromRow(
            BlobMetadata metadata, ChunkRun run, byte[] rowSymbolRoots, MemorySegment symbol) {
        checkRunLength(run.chunkCount());
        MatrixSymbols.checkSymbol(metadata, symbol);
        MerkleTree row = MatrixSymbols.lineTree(metadata.geometry(), rowSymbolRoots, metadata.rowRoot(run.row()));
        MerkleTree chunks = SymbolTree.of(symbol);
        Objects.checkFromIndexSize(run.firstChunk(), run.chunkCount(), chunks.leafCount());
        byte[] rowPath = row.path(run.column());
        Digest columnRoot = metadata.columnRoot(run.row());
        byte[] blobPath = metadata.blobPath(run.row());
        List<ChunkProof> proofs = new ArrayList<>(run.chunkCount());
        for (int i = 0; i < run.chunkCount(); i++) {
            int chunk = run.firstChunk() + i;
            int lengthBytes = SymbolTree.chunkBytes(metadata.header().symbolSizeBytes(), chunk);
            byte[] bytes = symbol.asSlice((long) chunk * SymbolTree.CHUNK_BYTES, lengthBytes)
                    .toArray(ValueLayout.JAVA_BYTE);
            proofs.add(new ChunkProof(bytes, chunks.path(chunk), rowPath, columnRoot, blobPath));
        }
        return List.copyOf(proofs);
    }

    /**
     * Length of an encoded proof.
     *
     * @param header a valid header
     * @param row the symbol's row
     * @param column the symbol's column
     * @param chunk the chunk of the symbol
     * @return bytes
     * @throws IndexOutOfBoundsException if the matrix has no such chunk
     */
    public static int encodedBytes(BlobHeader header, int row, int column, int chunk) {
        Objects.checkIndex(row, header.shards());
        Objects.checkIndex(column, header.shards());
        return SymbolTree.chunkBytes(header.symbolSizeBytes(), chunk)
                + symbolPathBytes(header, chunk)
                + CommitmentPath.linePathBytes(header, Axis.ROW, row, column)
                + Digest.BYTES
                + CommitmentPath.blobPathBytes(header, Axis.ROW, row, column);
    }

    /**
     * Reads an encoded proof. Never throws, whatever the bytes are.
     *
     * @param bytes the encoded proof
     * @param header the header of the wanted blob
     * @param row the row that was asked for
     * @param column the column that was asked for
     * @param chunk the chunk that was asked for
     * @return the proof, not yet verified; null if the header is none, it has no such chunk, or the length is not exact
     */
    public static @Nullable ChunkProof decode(byte[] bytes, BlobHeader header, int row, int column, int chunk) {
        List<ChunkProof> proofs = decodeRun(bytes, header, new ChunkRun(row, column, chunk, 1));
        return proofs == null ? null : proofs.get(0);
    }

    /**
     * Reads the encoded proofs of a run. Never throws, whatever the bytes are.
     *
     * @param bytes the encoded proofs, one after the other
     * @param header the header of the wanted blob
     * @param run the chunks that were asked for
     * @return the proofs, not yet verified; null if the header is none, it has no such chunks, the run is empty or too
     *     long, or the length is not exact
     */
    public static @Nullable List<ChunkProof> decodeRun(byte[] bytes, BlobHeader header, ChunkRun run) {
        if (!header.isValidForSomeGeometry() || !hasRun(header, run)) {
            return null;
        }
        long expectedBytes = 0;
        for (int i = 0; i < run.chunkCount(); i++) {
            expectedBytes += encodedBytes(header, run.row(), run.column(), run.firstChunk() + i);
        }
        if (bytes.length != expectedBytes) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        List<ChunkProof> proofs = new ArrayList<>(run.chunkCount());
        for (int i = 0; i < run.chunkCount(); i++) {
            int chunk = run.firstChunk() + i;
            proofs.add(new ChunkProof(
                    ProofBytes.take(in, SymbolTree.chunkBytes(header.symbolSizeBytes(), chunk)),
                    ProofBytes.take(in, symbolPathBytes(header, chunk)),
                    ProofBytes.take(in, CommitmentPath.linePathBytes(header, Axis.ROW, run.row(), run.column())),
                    ProofBytes.takeDigest(in),
                    ProofBytes.take(in, CommitmentPath.blobPathBytes(header, Axis.ROW, run.row(), run.column()))));
        }
        return List.copyOf(proofs);
    }

    /**
     * The one byte form of the proofs of a run: one after the other.
     *
     * @param proofs the proofs, at most {@link ChunkRun#MAX_CHUNKS}
     * @return a new array
     * @throws IllegalArgumentException if there are none or too many
     */
    public static byte[] encodeRun(List<ChunkProof> proofs) {
        checkRunLength(proofs.size());
        return ProofBytes.concat(proofs.stream().map(ChunkProof::encode).toArray(byte[][]::new));
    }

    /**
     * The one byte form of this proof.
     *
     * @return a new array
     */
    public byte[] encode() {
        return ProofBytes.concat(chunk, symbolPath, rowPath, columnRoot.toBytes(), blobPath);
    }

    /**
     * Verifies that this is the chunk that was asked for. Never throws, whatever the proof holds.
     *
     * @param header the header of the wanted blob, which the caller has found valid for its deployment
     * @param id the wanted blob
     * @param row the row that was asked for
     * @param column the column that was asked for
     * @param chunkIndex the chunk that was asked for
     * @return {@link ProofVerdict#ACCEPT} or the reason to reject
     */
    public ProofVerdict verify(BlobHeader header, BlobId id, int row, int column, int chunkIndex) {
        ProofVerdict headerVerdict = CommitmentPath.checkHeader(header, id);
        return headerVerdict == ProofVerdict.ACCEPT ? verifyUnder(header, row, column, chunkIndex) : headerVerdict;
    }

    /**
     * Verifies against a header that is valid and known to be that of the wanted blob.
     *
     * @param header the header
     * @param row the row that was asked for
     * @param column the column that was asked for
     * @param chunkIndex the chunk that was asked for
     * @return {@link ProofVerdict#ACCEPT} or the reason to reject
     */
    ProofVerdict verifyUnder(BlobHeader header, int row, int column, int chunkIndex) {
        if (!hasRun(header, new ChunkRun(row, column, chunkIndex, 1))) {
            return ProofVerdict.OUT_OF_RANGE;
        }
        if (!hasLengthsOf(header, row, column, chunkIndex)) {
            return ProofVerdict.WRONG_LENGTH;
        }
        int chunkCount = SymbolTree.chunkCount(header.symbolSizeBytes());
        Digest symbolRoot = MerklePath.rootFrom(MerkleTree.leafHash(chunk), chunkIndex, chunkCount, symbolPath);
        return symbolRoot != null
                        && CommitmentPath.leadsToBlobRoot(
                                header, Axis.ROW, row, column, symbolRoot, rowPath, columnRoot, blobPath)
                ? ProofVerdict.ACCEPT
                : ProofVerdict.WRONG_ROOT;
    }

    /**
     * Whether every part is as long as it must be for a chunk.
     *
     * @param header a valid header
     * @param row a row of the matrix
     * @param column a column of the matrix
     * @param chunkIndex a chunk of the symbol
     * @return true if so
     */
    boolean hasLengthsOf(BlobHeader header, int row, int column, int chunkIndex) {
        return chunk.length == SymbolTree.chunkBytes(header.symbolSizeBytes(), chunkIndex)
                && symbolPath.length == symbolPathBytes(header, chunkIndex)
                && rowPath.length == CommitmentPath.linePathBytes(header, Axis.ROW, row, column)
                && blobPath.length == CommitmentPath.blobPathBytes(header, Axis.ROW, row, column);
    }

    /**
     * Whether two proofs name the same column root and the same path from the pair to the blob root.
     *
     * @param other the proof of another chunk of the same row
     * @return true if so
     */
    boolean sharesPairWith(ChunkProof other) {
        return columnRoot.equals(other.columnRoot) && Arrays.equals(blobPath, other.blobPath);
    }

    /**
     * Length of the path from a chunk to its symbol's root.
     *
     * @param header a valid header
     * @param chunk a chunk of a symbol
     * @return bytes of the path
     */
    static int symbolPathBytes(BlobHeader header, int chunk) {
        return MerklePath.siblingCount(chunk, SymbolTree.chunkCount(header.symbolSizeBytes())) * Digest.BYTES;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChunkProof that
                && Arrays.equals(chunk, that.chunk)
                && Arrays.equals(symbolPath, that.symbolPath)
                && Arrays.equals(rowPath, that.rowPath)
                && columnRoot.equals(that.columnRoot)
                && Arrays.equals(blobPath, that.blobPath);
    }

    @Override
    public int hashCode() {
        return Objects.hash(Arrays.hashCode(chunk), Arrays.hashCode(symbolPath), Arrays.hashCode(rowPath), columnRoot);
    }

    @Override
    public String toString() {
        return "ChunkProof[" + chunk.length + " bytes, columnRoot " + columnRoot + "]";
    }

    private static boolean hasRun(BlobHeader header, ChunkRun run) {
        int chunks = SymbolTree.chunkCount(header.symbolSizeBytes());
        return CommitmentPath.hasSymbol(header, run.row(), run.column())
                && run.chunkCount() >= 1
                && run.chunkCount() <= ChunkRun.MAX_CHUNKS
                && run.firstChunk() >= 0
                && run.firstChunk() <= chunks - run.chunkCount();
    }

    private static void checkRunLength(int chunkCount) {
        if (chunkCount < 1 || chunkCount > ChunkRun.MAX_CHUNKS) {
            throw new IllegalArgumentException(
                    "a run has 1 to " + ChunkRun.MAX_CHUNKS + " chunks, not " + chunkCount);
        }
    }
}
