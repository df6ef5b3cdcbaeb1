package dev.moraine.proofs.blob;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.hash.Digest;

/**
 * The name of a blob: the hash of its header, which binds shard count, symbol size, length and every symbol.
 *
 * <p>Immutable and thread-safe.
 *
 * @param digest the 32 bytes of the id
 */
public record BlobId(Digest digest) implements Comparable<BlobId> {
    /** Length of an id in bytes. */
    public static final int BYTES = Digest.BYTES;

    /**
     * Reads an id.
     *
     * @param bytes exactly 32 bytes
     * @return the id
     * @throws IllegalArgumentException if the array has another length
     */
    public static BlobId of(byte[] bytes) {
        return new BlobId(Digest.of(bytes));
    }

    /**
     * Reads the text form.
     *
     * @param text 64 lower-case hexadecimal digits
     * @return the id
     * @throws IllegalArgumentException if the text is anything else
     */
    public static BlobId parse(String text) {
        return new BlobId(Digest.parse(text));
    }

    /**
     * The id as bytes.
     *
     * @return a new array of 32 bytes
     */
    public byte[] toBytes() {
        return digest.toBytes();
    }

    /**
     * How far the sliver pairs of this blob are rotated over the shards: pair {@code i} lives on shard
     * {@code (i + rotation) mod n}.
     *
     * @param shards the shard count n
     * @return the first 8 bytes of the id, unsigned, mod n
     * @throws IllegalArgumentException if no committee has so many shards
     */
    public int rotation(int shards) {
        return (int) Long.remainderUnsigned(digest.w0(), new Geometry(shards).shards());
    }

    @Override
    public int compareTo(BlobId other) {
        return digest.compareTo(other.digest);
    }

    /** The text form: 64 lower-case hexadecimal digits. */
    @Override
    public String toString() {
        return digest.toString();
    }
}
