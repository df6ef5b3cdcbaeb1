package dev.moraine.proofs.certificate;

import dev.moraine.proofs.committee.Committee;
import java.util.Arrays;

/**
 * A certificate without its aggregate: what is said to be signed, and by whom. It is cheap to read and to check, while
 * the point behind it takes a square root and a check of its subgroup.
 *
 * @param statement what is said to be signed
 * @param signerBitmap who is said to have signed
 */
// The array is the one that decode made, and nothing changes or compares it.
@SuppressWarnings("ArrayRecordComponent")
record CertificateHead(Statement statement, byte[] signerBitmap) {
    /**
     * Reads the head of an encoded certificate.
     *
     * @param encoded bytes from outside, of any length and content
     * @param members how many nodes the committee has
     * @return the head
     * @throws InvalidEncodingException unless they are the encoding of a certificate of such a committee, the aggregate
     *     aside, which may be any bytes
     */
    static CertificateHead decode(byte[] encoded, int members) throws InvalidEncodingException {
        if (encoded.length != Certificate.encodedBytes(members)) {
            throw new InvalidEncodingException(
                    EncodingFault.WRONG_LENGTH,
                    "a certificate of " + members + " nodes has " + Certificate.encodedBytes(members)
                            + " bytes, not " + encoded.length);
        }
        Statement statement = Statement.decode(Arrays.copyOf(encoded, Statement.ENCODED_BYTES));
        int aggregateOffset = encoded.length - BlsSignature.ENCODED_BYTES;
        byte[] bitmap = Arrays.copyOfRange(encoded, Statement.ENCODED_BYTES, aggregateOffset);
        if (SignerBitmap.hasUnusedBits(bitmap, members)) {
            throw new InvalidEncodingException(
                    EncodingFault.UNUSED_BITS_SET, "the bitmap has a bit beyond the " + members + " nodes");
        }
        return new CertificateHead(statement, bitmap);
    }

    /**
     * Whether an aggregate could make this a certificate of a committee.
     *
     * @param committee the committee of the epoch
     * @return {@link CertificateVerdict#ACCEPT} if only the aggregate is left to check, else the reason why not
     */
    CertificateVerdict check(Committee committee) {
        return QuorumCheck.checkSigners(
                committee, statement.deploymentId(), signerBitmap, committee.geometry().quorum());
    }
}
