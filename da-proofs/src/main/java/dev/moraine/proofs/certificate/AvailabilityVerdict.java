package dev.moraine.proofs.certificate;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.hash.Tag;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What a node signs after it read a whole blob: {@code tag 16 ‖ deploymentId 32 ‖ blobId 32} (protocol, section 6).
 * Signers whose weight is at least f + 1 include an honest one and make it binding.
 *
 * <p>Immutable and thread-safe.
 *
 * @param outcome what the node found
 * @param deploymentId the deployment
 * @param blobId the blob
 */
public record AvailabilityVerdict(Outcome outcome, Digest deploymentId, BlobId blobId) {
    /** Bytes of the encoding. */
    public static final int ENCODED_BYTES = Tag.BYTES + Digest.BYTES + BlobId.BYTES;

    /** What a whole read found. A read that did not finish is neither. */
    public enum Outcome {
        /** The blob re-encodes to its id, so every root under the id is right. */
        WHOLE("moraine/whole/v1"),
        /** The blob was encoded wrongly and counts as empty. */
        WRONG("moraine/wrong/v1");

        private final String tag;

        Outcome(String tag) {
            this.tag = tag;
        }
    }

    /**
     * The bytes that are signed.
     *
     * @return a new array of {@link #ENCODED_BYTES} bytes
     */
    public byte[] encode() {
        return ByteBuffer.allocate(ENCODED_BYTES)
                .put(Tag.of(outcome.tag))
                .put(deploymentId.toBytes())
                .put(blobId.toBytes())
                .array();
    }

    /**
     * Reads an encoding.
     *
     * @param encoded bytes from outside, of any length and content
     * @return the verdict
     * @throws InvalidEncodingException unless they are the encoding of a verdict
     */
    public static AvailabilityVerdict decode(byte[] encoded) throws InvalidEncodingException {
        if (encoded.length != ENCODED_BYTES) {
            throw new InvalidEncodingException(
                    EncodingFault.WRONG_LENGTH, "a verdict has " + ENCODED_BYTES + " bytes, not " + encoded.length);
        }
        for (Outcome outcome : Outcome.values()) {
            if (Arrays.equals(encoded, 0, Tag.BYTES, Tag.of(outcome.tag), 0, Tag.BYTES)) {
                return new AvailabilityVerdict(
                        outcome,
                        Digest.of(encoded, Tag.BYTES),
                        new BlobId(Digest.of(encoded, Tag.BYTES + Digest.BYTES)));
            }
        }
        throw new InvalidEncodingException(EncodingFault.WRONG_TAG, "the bytes start with the tag of no verdict");
    }

    /**
     * Whether members whose weight is at least f + 1 signed this verdict. Never throws, whatever the bitmap is.
     *
     * @param committee the committee
     * @param signerBitmap who signed, as in a {@link Certificate}
     * @param aggregate the sum of the signatures
     * @return the result
     */
    public CertificateVerdict verify(Committee committee, byte[] signerBitmap, BlsSignature aggregate) {
        return QuorumCheck.verify(
                committee, deploymentId, signerBitmap, requiredWeight(committee), encode(), aggregate);
    }

    /**
     * What {@link #verify} finds before it looks at the aggregate.
     *
     * @param committee the committee
     * @param signerBitmap who signed, as in a {@link Certificate}
     * @return {@link CertificateVerdict#ACCEPT} if only the aggregate is left to check, else the reason why not
     */
    CertificateVerdict checkSigners(Committee committee, byte[] signerBitmap) {
        return QuorumCheck.checkSigners(committee, deploymentId, signerBitmap, requiredWeight(committee));
    }

    private static int requiredWeight(Committee committee) {
        return committee.geometry().faultTolerance() + 1;
    }
}
