package dev.moraine.node.storagenode;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.Bundle;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.certificate.Certificate;
import dev.moraine.proofs.certificate.CertificateVerdict;
import dev.moraine.proofs.certificate.InvalidEncodingException;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.wire.message.CertificatePut;
import dev.moraine.wire.message.FailureCode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Decides whether a certificate is worth keeping, cheap checks first. Immutable and thread-safe. */
final class CertificateAdmission {
    private final Committee committee;
    private final EpochGate epochs;

    /** What became of a certificate. */
    sealed interface Verdict {
        /**
         * It is to be kept.
         *
         * @param entries the entries of its bundle
         */
        record Good(List<BundleEntry> entries) implements Verdict {}

        /**
         * It is not kept.
         *
         * @param code why
         * @param text why, for people
         */
        record Bad(FailureCode code, String text) implements Verdict {}
    }

    /**
     * Decides for one committee.
     *
     * @param committee the committee
     * @param epochs the current epoch
     */
    CertificateAdmission(Committee committee, EpochGate epochs) {
        this.committee = committee;
        this.epochs = epochs;
    }

    /**
     * Decides.
     *
     * @param put the certificate and the entries of its bundle
     * @return the decision
     */
    Verdict decide(CertificatePut put) {
        Certificate certificate;
        try {
            certificate = Certificate.decode(put.certificate(), committee.members().size());
        } catch (InvalidEncodingException e) {
            return new Verdict.Bad(FailureCode.MALFORMED, "not an encoding of a certificate: " + e.fault());
        }
        List<BundleEntry> entries = BundleAdmission.entriesOf(put.entries());
        Set<BlobId> distinct = new HashSet<>();
        boolean isDistinct = entries.stream().allMatch(entry -> distinct.add(entry.blobId()));
        if (!isDistinct || entries.size() != certificate.statement().count()) {
            return new Verdict.Bad(FailureCode.BAD_PROOF, "the entries are not those of the certificate");
        }
        long epoch = epochs.current();
        if (entries.stream().allMatch(entry -> entry.expiryEpoch() < epoch)) {
            return new Verdict.Bad(FailureCode.EXPIRED, "every entry expired before epoch " + epoch);
        }
        if (!new Bundle(entries).root().equals(certificate.statement().bundleRoot())) {
            return new Verdict.Bad(FailureCode.BAD_PROOF, "the entries do not give the bundle root");
        }
        CertificateVerdict verdict = certificate.verify(committee);
        if (verdict != CertificateVerdict.ACCEPT) {
            return new Verdict.Bad(FailureCode.BAD_PROOF, "the certificate does not verify: " + verdict);
        }
        return new Verdict.Good(entries);
    }
}
