package dev.moraine.proofs.certificate;

import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.hash.Tag;

/**
 * What a writer signs: nodes may store this bundle in this epoch, at its expense.
 *
 * <p>Immutable and thread-safe.
 *
 * @param deploymentId the deployment
 * @param epoch the epoch, from 0 to 2⁶³ − 1
 * @param count entries of the bundle, from 1 to {@link Bundle#MAX_ENTRIES}
 * @param bundleRoot the root over them
 */
public record WriteRight(Digest deploymentId, long epoch, int count, Digest bundleRoot) {
    /** Bytes of the encoding. */
    public static final int ENCODED_BYTES = BundleClaim.ENCODED_BYTES;

    private static final byte[] TAG = Tag.of("moraine/write/v1");

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if the epoch or the count is out of range
     */
    public WriteRight {
        BundleClaim.requireInRange(epoch, count);
    }

    /**
     * The bytes that are signed.
     *
     * @return a new array of {@link #ENCODED_BYTES} bytes
     */
    public byte[] encode() {
        return new BundleClaim(deploymentId, epoch, count, bundleRoot).encode(TAG);
    }

    /**
     * Reads an encoding.
     *
     * @param encoded bytes from outside, of any length and content
     * @return the write right
     * @throws InvalidEncodingException unless they are the encoding of a write right
     */
    public static WriteRight decode(byte[] encoded) throws InvalidEncodingException {
        BundleClaim claim = BundleClaim.decode(encoded, TAG);
        return new WriteRight(claim.deploymentId(), claim.epoch(), claim.count(), claim.bundleRoot());
    }
}
