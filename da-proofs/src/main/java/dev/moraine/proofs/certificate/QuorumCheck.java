package dev.moraine.proofs.certificate;

import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.hash.Digest;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether members of enough weight signed a message of their deployment.
 */
final class QuorumCheck {
    private QuorumCheck() {}

    /**
     * Checks signers, weight and aggregate. Never throws, whatever the bitmap is.
     *
     * @param committee whose members must have signed
     * @param deploymentId the deployment that the message names
     * @param bitmap who signed
     * @param requiredWeight shards that the signers must hold together
     * @param message the signed bytes
     * @param aggregate the sum of the signatures
     * @return the verdict
     */
    static CertificateVerdict verify(
            Committee committee,
            Digest deploymentId,
            byte[] bitmap,
            int requiredWeight,
            byte[] message,
            BlsSignature aggregate) {
        CertificateVerdict signers = checkSigners(committee, deploymentId, bitmap, requiredWeight);
        if (signers != CertificateVerdict.ACCEPT) {
            return signers;
        }
        List<BlsPublicKey> keys = new ArrayList<>(committee.members().size());
        for (int signer : SignerBitmap.signers(bitmap)) {
            keys.add(committee.members().get(signer).publicKey());
        }
        return SignatureAggregator.verifyAggregate(keys, message, aggregate)
                ? CertificateVerdict.ACCEPT
                : CertificateVerdict.WRONG_SIGNATURE;
    }

    /**
     * Checks what needs no aggregate. Never throws, whatever the bitmap is.
     *
     * @param committee whose members must have signed
     * @param deploymentId the deployment that the message names
     * @param bitmap who signed
     * @param requiredWeight shards that the signers must hold together
     * @return {@link CertificateVerdict#ACCEPT} if only the aggregate is left to check, else the reason why not
     */
    static CertificateVerdict checkSigners(
            Committee committee, Digest deploymentId, byte[] bitmap, int requiredWeight) {
        int members = committee.members().size();
        if (bitmap.length != SignerBitmap.encodedBytes(members)) {
            return CertificateVerdict.WRONG_LENGTH;
        }
        if (SignerBitmap.hasUnusedBits(bitmap, members)) {
            return CertificateVerdict.UNUSED_BITS_SET;
        }
        if (!deploymentId.equals(committee.deploymentId())) {
            return CertificateVerdict.WRONG_DEPLOYMENT;
        }
        List<Integer> signers = SignerBitmap.signers(bitmap);
        if (signers.isEmpty()) {
            return CertificateVerdict.NO_SIGNERS;
        }
        int weight = signers.stream().mapToInt(committee::weight).sum();
        return weight < requiredWeight ? CertificateVerdict.TOO_LITTLE_WEIGHT : CertificateVerdict.ACCEPT;
    }
}
