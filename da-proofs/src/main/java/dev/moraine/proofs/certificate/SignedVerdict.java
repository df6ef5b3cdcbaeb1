package dev.moraine.proofs.certificate;

import dev.moraine.proofs.committee.Committee;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.Objects;

/**
 * A verdict with the signatures of members: {@code verdict 80 ‖ signer bitmap ‖ aggregate signature 96}, in the manner
 * of a {@link Certificate}. Being one of these says nothing; {@link #verify} does.
 *
 * <p>Immutable and thread-safe.
 *
 * @param verdict what was signed
 * @param signerBitmap who signed: member {@code i} is bit {@code i mod 8}, lowest first, of byte {@code ⌊i/8⌋}; copied
 * @param aggregate the sum of the signatures
 */
// The array is copied on its way in and out, and compared by content.
@SuppressWarnings("ArrayRecordComponent")
public record SignedVerdict(AvailabilityVerdict verdict, byte[] signerBitmap, BlsSignature aggregate) {
    /**
     * Copies the bitmap.
     */
    public SignedVerdict {
        signerBitmap = signerBitmap.clone();
    }

    /**
     * Makes one of collected signatures.
     *
     * @param verdict what was signed
     * @param members how many nodes the committee has
     * @param signers the places of those who signed
     * @param aggregate the sum of their signatures
     * @return the signed verdict
     * @throws IndexOutOfBoundsException if a signer is no member
     */
    public static SignedVerdict of(
            AvailabilityVerdict verdict, int members, Collection<Integer> signers, BlsSignature aggregate) {
        return new SignedVerdict(verdict, SignerBitmap.of(signers, members), aggregate);
    }

    /**
     * Bytes of the encoding.
     *
     * @param members how many nodes the committee has
     * @return the length of every signed verdict of such a committee
     */
    public static int encodedBytes(int members) {
        return AvailabilityVerdict.ENCODED_BYTES + SignerBitmap.encodedBytes(members) + BlsSignature.ENCODED_BYTES;
    }

    /**
     * The encoding.
     *
     * @return a new array
     */
    public byte[] encode() {
        return ByteBuffer.allocate(AvailabilityVerdict.ENCODED_BYTES + signerBitmap.length + BlsSignature.ENCODED_BYTES)
                .put(verdict.encode())
                .put(signerBitmap)
                .put(aggregate.encode())
                .array();
    }

    /**
     * Reads an encoding.
     *
     * @param encoded bytes from outside, of any length and content
     * @param members how many nodes the committee has
     * @return the signed verdict, which is not verified
     * @throws InvalidEncodingException unless they are the encoding of a signed verdict of such a committee
     */
    public static SignedVerdict decode(byte[] encoded, int members) throws InvalidEncodingException {
        AvailabilityVerdict verdict = decodeVerdict(encoded, members);
        try {
            return new SignedVerdict(
                    verdict,
                    bitmapOf(encoded),
                    BlsSignature.decode(
                            Arrays.copyOfRange(encoded, aggregateOffset(encoded), encoded.length)));
        } catch (InvalidPointException e) {
            throw new InvalidEncodingException(e);
        }
    }

    /**
     * Verifies foreign bytes. Never throws, whatever they are. The aggregate is read last.
     *
     * @param encoded the bytes
     * @param committee the committee
     * @return {@link CertificateVerdict#ACCEPT} if they are a binding verdict, else the reason why not
     */
    public static CertificateVerdict verify(byte[] encoded, Committee committee) {
        try {
            int members = committee.members().size();
            AvailabilityVerdict verdict = decodeVerdict(encoded, members);
            CertificateVerdict signers = verdict.checkSigners(committee, bitmapOf(encoded));
            return signers == CertificateVerdict.ACCEPT ? decode(encoded, members).verify(committee) : signers;
        } catch (InvalidEncodingException e) {
            return CertificateVerdict.of(e.fault());
        }
    }

    /**
     * Whether members whose weight is at least f + 1 signed the verdict.
     *
     * @param committee the committee
     * @return the result
     */
    public CertificateVerdict verify(Committee committee) {
        return verdict.verify(committee, signerBitmap, aggregate);
    }

    /** A copy of the bitmap. */
    @Override
    public byte[] signerBitmap() {
        return signerBitmap.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SignedVerdict signed
                && verdict.equals(signed.verdict)
                && Arrays.equals(signerBitmap, signed.signerBitmap)
                && aggregate.equals(signed.aggregate);
    }

    @Override
    public int hashCode() {
        return Objects.hash(verdict, Arrays.hashCode(signerBitmap), aggregate);
    }

    /** Checks everything but the aggregate, which may be any bytes. */
    private static AvailabilityVerdict decodeVerdict(byte[] encoded, int members) throws InvalidEncodingException {
        if (encoded.length != encodedBytes(members)) {
            throw new InvalidEncodingException(
                    EncodingFault.WRONG_LENGTH,
                    "a signed verdict of " + members + " nodes has " + encodedBytes(members) + " bytes, not "
                            + encoded.length);
        }
        AvailabilityVerdict verdict =
                AvailabilityVerdict.decode(Arrays.copyOf(encoded, AvailabilityVerdict.ENCODED_BYTES));
        if (SignerBitmap.hasUnusedBits(bitmapOf(encoded), members)) {
            throw new InvalidEncodingException(
                    EncodingFault.UNUSED_BITS_SET, "the bitmap has a bit beyond the " + members + " nodes");
        }
        return verdict;
    }

    private static byte[] bitmapOf(byte[] encoded) {
        return Arrays.copyOfRange(encoded, AvailabilityVerdict.ENCODED_BYTES, aggregateOffset(encoded));
    }

    private static int aggregateOffset(byte[] encoded) {
        return encoded.length - BlsSignature.ENCODED_BYTES;
    }
}
