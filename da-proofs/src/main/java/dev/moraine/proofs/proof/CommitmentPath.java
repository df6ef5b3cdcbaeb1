package dev.moraine.proofs.proof;

import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.merkle.MerklePath;
import dev.moraine.proofs.merkle.MerkleTree;
import org.jspecify.annotations.Nullable;

/**
 * The way that all proofs share: from a symbol root over a row or column root to the blob root, and from the header to
 * the id.
 */
final class CommitmentPath {
    private CommitmentPath() {}

    /**
     * Checks that a header can be one of a blob, and is the one of this blob.
     *
     * @param header the header
     * @param id the wanted blob
     * @return {@link ProofVerdict#ACCEPT} or the reason to reject
     */
    static ProofVerdict checkHeader(BlobHeader header, BlobId id) {
        if (!header.isValidForSomeGeometry()) {
            return ProofVerdict.INVALID_HEADER;
        }
        return header.id().equals(id) ? ProofVerdict.ACCEPT : ProofVerdict.WRONG_ID;
    }

    /**
     * Whether a blob's matrix has a symbol.
     *
     * @param header the header
     * @param row the row
     * @param column the column
     * @return true if both are from 0 to n − 1
     */
    static boolean hasSymbol(BlobHeader header, int row, int column) {
        return row >= 0 && row < header.shards() && column >= 0 && column < header.shards();
    }

    /**
     * Length of the path from a symbol root to its line's root.
     *
     * @param header a header that has the symbol
     * @param axis the line
     * @param row the symbol's row
     * @param column the symbol's column
     * @return bytes of the path
     */
    static int linePathBytes(BlobHeader header, Axis axis, int row, int column) {
        return MerklePath.siblingCount(axis == Axis.ROW ? column : row, header.shards()) * Digest.BYTES;
    }

    /**
     * Length of the path from a pair of line roots to the blob root.
     *
     * @param header a header that has the symbol
     * @param axis the line
     * @param row the symbol's row
     * @param column the symbol's column
     * @return bytes of the path
     */
    static int blobPathBytes(BlobHeader header, Axis axis, int row, int column) {
        return MerklePath.siblingCount(axis == Axis.ROW ? row : column, header.shards()) * Digest.BYTES;
    }

    /**
     * Follows a symbol root to the blob root.
     *
     * @param header a header that has the symbol
     * @param axis the line that the proof goes by
     * @param row the symbol's row
     * @param column the symbol's column
     * @param symbolRoot the symbol's root
     * @param linePath the path to the line's root, of the exact length
     * @param pairSibling the other root of the pair: the column's for a row, the row's for a column
     * @param blobPath the path from the pair to the blob root, of the exact length
     * @return whether the header's blob root is where it leads
     */
    static boolean leadsToBlobRoot(
            BlobHeader header,
            Axis axis,
            int row,
            int column,
            Digest symbolRoot,
            byte[] linePath,
            Digest pairSibling,
            byte[] blobPath) {
        boolean byRow = axis == Axis.ROW;
        int shards = header.shards();
        Digest lineRoot = MerklePath.rootFrom(symbolRoot, byRow ? column : row, shards, linePath);
        if (lineRoot == null) {
            return false;
        }
        Digest rowRoot = byRow ? lineRoot : pairSibling;
        Digest columnRoot = byRow ? pairSibling : lineRoot;
        Digest leaf = MerkleTree.leafHash(rowRoot.toBytes(), columnRoot.toBytes());
        @Nullable Digest blobRoot = MerklePath.rootFrom(leaf, byRow ? row : column, shards, blobPath);
        return header.blobRoot().equals(blobRoot);
    }
}
