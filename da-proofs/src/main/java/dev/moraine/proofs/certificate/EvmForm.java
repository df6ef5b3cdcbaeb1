package dev.moraine.proofs.certificate;

import dev.moraine.proofs.committee.Committee;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What the Solidity verifiers of {@code da-proofs/solidity/} take, which know a deployment id and have the precompiles
 * of EIP-2537. Those add and pair uncompressed points and take no square roots, so points stand uncompressed here, in
 * the encoding of Zcash's BLS12-381, and everything else is as in the compressed form. One object has one such form.
 *
 * <p>Stateless and thread-safe.
 */
public final class EvmForm {
    /** Bytes of a coordinate of a public key. */
    private static final int COORDINATE_BYTES = BlsPublicKey.UNCOMPRESSED_BYTES / 2;

    private EvmForm() {}

    /**
     * The committee, as a contract checks it against a deployment id.
     *
     * @param committee the committee
     * @return {@link Committee#encodeForDeploymentId()}
     */
    public static byte[] committee(Committee committee) {
        return committee.encodeForDeploymentId();
    }

    /**
     * What the compressed keys of the signers leave out: their y coordinates, 48 bytes each, in the order of the
     * bitmap.
     *
     * @param committee the committee
     * @param signerBitmap who signed
     * @return a new array
     * @throws IndexOutOfBoundsException if a bit stands for no member
     */
    public static byte[] signerCoordinates(Committee committee, byte[] signerBitmap) {
        List<Integer> signers = SignerBitmap.signers(signerBitmap);
        ByteBuffer out = ByteBuffer.allocate(signers.size() * COORDINATE_BYTES);
        for (int signer : signers) {
            byte[] point = committee.members().get(signer).publicKey().encodeUncompressed();
            out.put(point, COORDINATE_BYTES, COORDINATE_BYTES);
        }
        return out.array();
    }

    /**
     * A blob's certificate:
     * {@code statement 92 ‖ signer bitmap ‖ aggregate 192 ‖ entry 80 ‖ index u32 ‖ Merkle path of the entry}.
     *
     * @param certificate the certificate
     * @return a new array
     */
    public static byte[] certificate(BlobCertificate certificate) {
        byte[] bitmap = certificate.certificate().signerBitmap();
        byte[] path = certificate.path();
        return ByteBuffer.allocate(Statement.ENCODED_BYTES
                        + bitmap.length
                        + BlsSignature.UNCOMPRESSED_BYTES
                        + BundleEntry.ENCODED_BYTES
                        + Integer.BYTES
                        + path.length)
                .put(certificate.certificate().statement().encode())
                .put(bitmap)
                .put(certificate.certificate().aggregate().encodeUncompressed())
                .put(certificate.entry().encode())
                .putInt(certificate.index())
                .put(path)
                .array();
    }

    /**
     * A signed verdict: {@code verdict 80 ‖ signer bitmap ‖ aggregate 192}.
     *
     * @param signed the signed verdict
     * @return a new array
     */
    public static byte[] verdict(SignedVerdict signed) {
        byte[] bitmap = signed.signerBitmap();
        return ByteBuffer.allocate(
                        AvailabilityVerdict.ENCODED_BYTES + bitmap.length + BlsSignature.UNCOMPRESSED_BYTES)
                .put(signed.verdict().encode())
                .put(bitmap)
                .put(signed.aggregate().encodeUncompressed())
                .array();
    }
}
