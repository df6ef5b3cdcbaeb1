package dev.moraine.proofs.proof;

import dev.moraine.proofs.blob.BlobCommitment;
import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.blob.SymbolTree;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.merkle.MerkleTree;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A symbol of the matrix with its way to the blob root (protocol, section 8):
 * {@code symbol ‖ path to R_row or C_column ‖ the other root of the pair ‖ path of the pair to T}.
 *
 * <p>The proof does not say which symbol it is of: the verifier knows what it asked for. The arrays are shared, not
 * copied; nobody changes them.
 *
 * @param symbol the symbol, s bytes
 * @param linePath the path from the symbol root to the root of its row or column
 * @param pairSibling the root that the line's root is paired with
 * @param blobPath the path from the pair to the blob root
 */
@SuppressWarnings("ArrayRecordComponent") // a symbol may be megabytes long: it is not copied; equality is by content
public record SymbolProof(byte[] symbol, byte[] linePath, Digest pairSibling, byte[] blobPath) {
    /**
     * Makes a proof from the whole blob.
     *
     * @param commitment the blob's commitment
     * @param matrixBytes the n·n symbols row by row
     * @param row the symbol's row
     * @param column the symbol's column
     * @param axis which line the proof goes by
     * @return the proof
     * @throws IndexOutOfBoundsException if the matrix has no such symbol
     * @throws IllegalArgumentException if commitment and matrix do not fit together
     */
    public static SymbolProof of(
            BlobCommitment commitment, MemorySegment matrixBytes, int row, int column, Axis axis) {
        MemorySegment symbol = MatrixSymbols.symbol(commitment.metadata(), matrixBytes, row, column);
        return axis == Axis.ROW
                ? fromRow(commitment.metadata(), row, column, commitment.rowSymbolRoots(row), symbol)
                : fromColumn(commitment.metadata(), row, column, commitment.columnSymbolRoots(column), symbol);
    }

    /**
     * Makes a row proof from what the holder of the row's primary sliver keeps.
     *
     * @param metadata the blob's metadata
     * @param row the symbol's row
     * @param column the symbol's column, from 0 to n − 1
     * @param rowSymbolRoots the n symbol roots of the row
     * @param symbol the symbol, s bytes; copied
     * @return the proof
     * @throws IndexOutOfBoundsException if the matrix has no such symbol
     * @throws IllegalArgumentException if a length is wrong or the symbol roots are not those of the row
     */
    public static SymbolProof fromRow(
            BlobMetadata metadata, int row, int column, byte[] rowSymbolRoots, MemorySegment symbol) {
        MerkleTree line = MatrixSymbols.lineTree(metadata.geometry(), rowSymbolRoots, metadata.rowRoot(row));
        return new SymbolProof(
                copyOf(metadata, symbol), line.path(column), metadata.columnRoot(row), metadata.blobPath(row));
    }

    /**
     * Makes a column proof from what the holder of the column's secondary sliver keeps.
     *
     * @param metadata the blob's metadata
     * @param row the symbol's row, from 0 to n − 1
     * @param column the symbol's column
     * @param columnSymbolRoots the n symbol roots of the column
     * @param symbol the symbol, s bytes; copied
     * @return the proof
     * @throws IndexOutOfBoundsException if the matrix has no such symbol
     * @throws IllegalArgumentException if a length is wrong or the symbol roots are not those of the column
     */
    public static SymbolProof fromColumn(
            BlobMetadata metadata, int row, int column, byte[] columnSymbolRoots, MemorySegment symbol) {
        MerkleTree line = MatrixSymbols.lineTree(metadata.geometry(), columnSymbolRoots, metadata.columnRoot(column));
        return new SymbolProof(
                copyOf(metadata, symbol), line.path(row), metadata.rowRoot(column), metadata.blobPath(column));
    }

    /**
     * Length of an encoded proof.
     *
     * @param header a valid header
     * @param row the symbol's row
     * @param column the symbol's column
     * @param axis which line the proof goes by
     * @return bytes
     * @throws IndexOutOfBoundsException if the matrix has no such symbol
     */
    public static int encodedBytes(BlobHeader header, int row, int column, Axis axis) {
        Objects.checkIndex(row, header.shards());
        Objects.checkIndex(column, header.shards());
        return Math.addExact(
                header.symbolSizeBytes(),
                CommitmentPath.linePathBytes(header, axis, row, column)
                        + Digest.BYTES
                        + CommitmentPath.blobPathBytes(header, axis, row, column));
    }

    /**
     * Reads an encoded proof. Never throws, whatever the bytes are.
     *
     * @param bytes the encoded proof
     * @param header the header of the wanted blob
     * @param row the row that was asked for
     * @param column the column that was asked for
     * @param axis the axis that was asked for
     * @return the proof, not yet verified; null if the header is none, it has no such symbol, or the length is not
     *     exact
     */
    public static @Nullable SymbolProof decode(byte[] bytes, BlobHeader header, int row, int column, Axis axis) {
        if (!header.isValidForSomeGeometry()
                || !CommitmentPath.hasSymbol(header, row, column)
                || bytes.length != encodedBytes(header, row, column, axis)) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        byte[] symbol = ProofBytes.take(in, header.symbolSizeBytes());
        byte[] linePath = ProofBytes.take(in, CommitmentPath.linePathBytes(header, axis, row, column));
        Digest pairSibling = ProofBytes.takeDigest(in);
        return new SymbolProof(symbol, linePath, pairSibling, ProofBytes.take(in, in.remaining()));
    }

    /**
     * The one byte form of this proof.
     *
     * @return a new array
     */
    public byte[] encode() {
        return ProofBytes.concat(symbol, linePath, pairSibling.toBytes(), blobPath);
    }

    /**
     * Verifies that this is the symbol that was asked for. Never throws, whatever the proof holds.
     *
     * @param header the header of the wanted blob, which the caller has found valid for its deployment
     * @param id the wanted blob
     * @param row the row that was asked for
     * @param column the column that was asked for
     * @param axis the axis that was asked for
     * @return {@link ProofVerdict#ACCEPT} or the reason to reject
     */
    public ProofVerdict verify(BlobHeader header, BlobId id, int row, int column, Axis axis) {
        ProofVerdict headerVerdict = CommitmentPath.checkHeader(header, id);
        if (headerVerdict != ProofVerdict.ACCEPT) {
            return headerVerdict;
        }
        if (!CommitmentPath.hasSymbol(header, row, column)) {
            return ProofVerdict.OUT_OF_RANGE;
        }
        if (symbol.length != header.symbolSizeBytes()
                || linePath.length != CommitmentPath.linePathBytes(header, axis, row, column)
                || blobPath.length != CommitmentPath.blobPathBytes(header, axis, row, column)) {
            return ProofVerdict.WRONG_LENGTH;
        }
        Digest symbolRoot = SymbolTree.root(MemorySegment.ofArray(symbol));
        return CommitmentPath.leadsToBlobRoot(header, axis, row, column, symbolRoot, linePath, pairSibling, blobPath)
                ? ProofVerdict.ACCEPT
                : ProofVerdict.WRONG_ROOT;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SymbolProof that
                && Arrays.equals(symbol, that.symbol)
                && Arrays.equals(linePath, that.linePath)
                && pairSibling.equals(that.pairSibling)
                && Arrays.equals(blobPath, that.blobPath);
    }

    @Override
    public int hashCode() {
        return Objects.hash(Arrays.hashCode(symbol), Arrays.hashCode(linePath), pairSibling, Arrays.hashCode(blobPath));
    }

    @Override
    public String toString() {
        return "SymbolProof[" + symbol.length + " bytes, pairSibling " + pairSibling + "]";
    }

    private static byte[] copyOf(BlobMetadata metadata, MemorySegment symbol) {
        MatrixSymbols.checkSymbol(metadata, symbol);
        return symbol.toArray(ValueLayout.JAVA_BYTE);
    }
}
