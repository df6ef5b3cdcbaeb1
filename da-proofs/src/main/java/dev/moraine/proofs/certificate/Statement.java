package dev.moraine.proofs.certificate;

import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.hash.Tag;

/**
 * What a storage node signs: it holds its slivers of every blob of a bundle, durably.
 *
 * <p>Immutable and thread-safe.
 *
 * @param deploymentId the deployment
 * @param epoch the epoch of the signature, from 0 to 2⁶³ − 1
 * @param count entries of the bundle, from 1 to {@link Bundle#MAX_ENTRIES}
 * @param bundleRoot the root over them
 */
public record Statement(Digest deploymentId, long epoch, int count, Digest bundleRoot) {
    /** Bytes of the encoding. */
    public static final int ENCODED_BYTES = BundleClaim.ENCODED_BYTES;

    private static final byte[] TAG = Tag.of("moraine/store/v1");

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if the epoch or the count is out of range
     */
    public Statement {
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
     * @return the statement
     * @throws InvalidEncodingException unless they are the encoding of a statement
     */
    public static Statement decode(byte[] encoded) throws InvalidEncodingException {
        BundleClaim claim = BundleClaim.decode(encoded, TAG);
        return new Statement(claim.deploymentId(), claim.epoch(), claim.count(), claim.bundleRoot());
    }

    /**
     * What the writer signs to let nodes store the same bundle.
     *
     * @return the write right
     */
    public WriteRight writeRight() {
        return new WriteRight(deploymentId, epoch, count, bundleRoot);
    }
}
