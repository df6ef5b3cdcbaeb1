package dev.moraine.proofs.certificate;

import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.hash.Tag;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The form that a node's statement and a writer's right share:
 * {@code tag 16 ‖ deploymentId 32 ‖ epoch u64 ‖ count u32 ‖ bundleRoot 32}.
 *
 * @param deploymentId the deployment
 * @param epoch the epoch, from 0 to 2⁶³ − 1
 * @param count entries of the bundle, from 1 to {@link Bundle#MAX_ENTRIES}
 * @param bundleRoot the root over them
 */
record BundleClaim(Digest deploymentId, long epoch, int count, Digest bundleRoot) {
    /** Bytes of the encoding. */
    static final int ENCODED_BYTES = Tag.BYTES + Digest.BYTES + Long.BYTES + Integer.BYTES + Digest.BYTES;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if the epoch or the count is out of range
     */
    BundleClaim {
        requireInRange(epoch, count);
    }

    /**
     * Checks the ranges.
     *
     * @param epoch the epoch
     * @param count entries of the bundle
     * @throws IllegalArgumentException if one of them is out of range
     */
    static void requireInRange(long epoch, int count) {
        if (epoch < 0 || !Bundle.isCountInRange(count)) {
            throw new IllegalArgumentException("epoch must be at least 0 and count from 1 to " + Bundle.MAX_ENTRIES
                    + ", but are " + epoch + " and " + count);
        }
    }

    /**
     * The encoding.
     *
     * @param tag what the claim is
     * @return a new array of {@link #ENCODED_BYTES} bytes
     */
    byte[] encode(byte[] tag) {
        return ByteBuffer.allocate(ENCODED_BYTES)
                .put(tag)
                .put(deploymentId.toBytes())
                .putLong(epoch)
                .putInt(count)
                .put(bundleRoot.toBytes())
                .array();
    }

    /**
     * Reads an encoding.
     *
     * @param encoded bytes from outside, of any length and content
     * @param tag what the claim must be
     * @return the claim
     * @throws InvalidEncodingException unless they are the encoding of such a claim
     */
    static BundleClaim decode(byte[] encoded, byte[] tag) throws InvalidEncodingException {
        if (encoded.length != ENCODED_BYTES) {
            throw new InvalidEncodingException(
                    EncodingFault.WRONG_LENGTH,
                    "a claim over a bundle has " + ENCODED_BYTES + " bytes, not " + encoded.length);
        }
        if (!Arrays.equals(encoded, 0, Tag.BYTES, tag, 0, Tag.BYTES)) {
            throw new InvalidEncodingException(EncodingFault.WRONG_TAG, "the bytes start with another tag");
        }
        ByteBuffer fields = ByteBuffer.wrap(encoded).position(Tag.BYTES + Digest.BYTES);
        long epoch = fields.getLong();
        int count = fields.getInt();
        if (epoch < 0 || !Bundle.isCountInRange(count)) {
            throw new InvalidEncodingException(
                    EncodingFault.OUT_OF_RANGE,
                    "epoch must be below 2^63 and count from 1 to " + Bundle.MAX_ENTRIES + ", but are "
                            + Long.toUnsignedString(epoch) + " and " + Integer.toUnsignedString(count));
        }
        return new BundleClaim(
                Digest.of(encoded, Tag.BYTES), epoch, count, Digest.of(encoded, fields.position()));
    }
}
