package dev.moraine.proofs.certificate;

import dev.moraine.proofs.committee.Committee;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * A statement with the signatures of members: {@code statement ‖ signer bitmap ‖ aggregate signature 96}. Being one of
 * these says nothing; {@link #verify} does.
 *
 * <p>Many sets of signers are valid for one bundle, so a certificate is no name of anything. Immutable and thread-safe.
 *
 * @param statement what was signed
 * @param signerBitmap who signed: member {@code i} is bit {@code i mod 8}, lowest first, of byte {@code ⌊i/8⌋}; copied
 * @param aggregate the sum of the signatures
 */
// The array is copied on its way in and out, and compared by content.
@SuppressWarnings("ArrayRecordComponent")
public record Certificate(Statement statement, byte[] signerBitmap, BlsSignature aggregate) {
    /**
     * Copies the bitmap.
     */
    public Certificate {
        signerBitmap = signerBitmap.clone();
    }

    /**
     * Makes a certificate of collected signatures.
     *
     * @param statement what was signed
     * @param members how many nodes the committee has
     * @param signers the places of those who signed
     * @param aggregate the sum of their signatures
     * @return the certificate
     * @throws IndexOutOfBoundsException if a signer is no member
     */
    public static Certificate of(
            Statement statement, int members, Collection<Integer> signers, BlsSignature aggregate) {
        return new Certificate(statement, SignerBitmap.of(signers, members), aggregate);
    }

    /**
     * Bytes of the encoding.
     *
     * @param members how many nodes the committee has
     * @return the length of every certificate of such a committee
     */
    public static int encodedBytes(int members) {
        return Statement.ENCODED_BYTES + SignerBitmap.encodedBytes(members) + BlsSignature.ENCODED_BYTES;
    }

    /**
     * The encoding.
     *
     * @return a new array
     */
    public byte[] encode() {
        return ByteBuffer.allocate(Statement.ENCODED_BYTES + signerBitmap.length + BlsSignature.ENCODED_BYTES)
                .put(statement.encode())
                .put(signerBitmap)
                .put(aggregate.encode())
                .array();
    }

    /**
     * Reads an encoding.
     *
     * @param encoded bytes from outside, of any length and content
     * @param members how many nodes the committee has
     * @return the certificate, which is not verified
     * @throws InvalidEncodingException unless they are the encoding of a certificate of such a committee
     */
    public static Certificate decode(byte[] encoded, int members) throws InvalidEncodingException {
        CertificateHead head = CertificateHead.decode(encoded, members);
        try {
            int aggregateOffset = encoded.length - BlsSignature.ENCODED_BYTES;
            return new Certificate(
                    head.statement(),
                    head.signerBitmap(),
                    BlsSignature.decode(Arrays.copyOfRange(encoded, aggregateOffset, encoded.length)));
        } catch (InvalidPointException e) {
            throw new InvalidEncodingException(e);
        }
    }

    /**
     * Verifies foreign bytes. Never throws, whatever they are. The aggregate is read last.
     *
     * @param encoded the bytes
     * @param committee the committee of the epoch
     * @return {@link CertificateVerdict#ACCEPT} if they are a valid certificate, else the reason why not
     */
    public static CertificateVerdict verify(byte[] encoded, Committee committee) {
        try {
            int members = committee.members().size();
            CertificateVerdict head = CertificateHead.decode(encoded, members).check(committee);
            return head == CertificateVerdict.ACCEPT ? decode(encoded, members).verify(committee) : head;
        } catch (InvalidEncodingException e) {
            return CertificateVerdict.of(e.fault());
        }
    }

    /**
     * Whether members whose weight is at least q signed this statement. Takes about a millisecond.
     *
     * @param committee the committee of the epoch
     * @return the verdict
     */
    public CertificateVerdict verify(Committee committee) {
        return QuorumCheck.verify(
                committee,
                statement.deploymentId(),
                signerBitmap,
                committee.geometry().quorum(),
                statement.encode(),
                aggregate);
    }

    /**
     * Who signed, as far as the bitmap says.
     *
     * @return the places of the signers, ascending
     */
    public List<Integer> signers() {
        return SignerBitmap.signers(signerBitmap);
    }

    /** A copy of the bitmap. */
    @Override
    public byte[] signerBitmap() {
        return signerBitmap.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Certificate certificate
                && statement.equals(certificate.statement)
                && Arrays.equals(signerBitmap, certificate.signerBitmap)
                && aggregate.equals(certificate.aggregate);
    }

    @Override
    public int hashCode() {
        return Objects.hash(statement, Arrays.hashCode(signerBitmap), aggregate);
    }
}
