package dev.moraine.proofs.blob;

import dev.moraine.proofs.hash.Digest;
import java.util.Arrays;
import java.util.Objects;

/**
 * What committing to a blob gives: its metadata, and the roots of all its symbols, from which every proof is made.
 *
 * <p>The array is shared, not copied: neither who makes a commitment nor who reads it may change it.
 *
 * @param metadata the blob's metadata
 * @param symbolRoots the n·n symbol roots, row by row, 32 bytes each
 */
@SuppressWarnings("ArrayRecordComponent") // up to 1.2 MB that a copy per access would double; equality is by content
public record BlobCommitment(BlobMetadata metadata, byte[] symbolRoots) {
    /**
     * Checks the number of symbol roots.
     *
     * @throws IllegalArgumentException if there are not n·n
     */
    public BlobCommitment {
        int shards = metadata.geometry().shards();
        if (symbolRoots.length != shards * shards * Digest.BYTES) {
            throw new IllegalArgumentException("symbolRoots must have " + shards * shards * Digest.BYTES
                    + " bytes, but has " + symbolRoots.length);
        }
    }

    /**
     * The blob's id.
     *
     * @return the id
     */
    public BlobId id() {
        return metadata.id();
    }

    /**
     * The roots of the symbols of a row: the leaf hashes of the row's tree.
     *
     * @param row the row, from 0 to n − 1
     * @return a new array of n·32 bytes
     * @throws IndexOutOfBoundsException if there is no such row
     */
    public byte[] rowSymbolRoots(int row) {
        int lineBytes = lineBytes(row);
        return Arrays.copyOfRange(symbolRoots, row * lineBytes, (row + 1) * lineBytes);
    }

    /**
     * The roots of the symbols of a column: the leaf hashes of the column's tree.
     *
     * @param column the column, from 0 to n − 1
     * @return a new array of n·32 bytes
     * @throws IndexOutOfBoundsException if there is no such column
     */
    public byte[] columnSymbolRoots(int column) {
        int lineBytes = lineBytes(column);
        byte[] roots = new byte[lineBytes];
        for (int at = 0; at < lineBytes; at += Digest.BYTES) {
            int row = at / Digest.BYTES;
            System.arraycopy(symbolRoots, row * lineBytes + column * Digest.BYTES, roots, at, Digest.BYTES);
        }
        return roots;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BlobCommitment that
                && metadata.equals(that.metadata)
                && Arrays.equals(symbolRoots, that.symbolRoots);
    }

    @Override
    public int hashCode() {
        return metadata.hashCode();
    }

    @Override
    public String toString() {
        return "BlobCommitment[" + metadata.id() + "]";
    }

    private int lineBytes(int line) {
        int shards = metadata.geometry().shards();
        Objects.checkIndex(line, shards);
        return shards * Digest.BYTES;
    }
}
