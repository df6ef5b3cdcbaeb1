package dev.moraine.sampling.read;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.blob.InvalidMetadataException;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.CertificateVerdict;
import dev.moraine.proofs.certificate.InvalidEncodingException;
import dev.moraine.proofs.committee.Committee;

/** Turns foreign bytes into what was asked for, or says why they are not that. */
final class AnswerVerifier {
    private AnswerVerifier() {}

    /** Metadata that is valid in a deployment and hashes to an id. */
    static BlobMetadata metadata(Geometry deployment, BlobId blobId, byte[] bytes) throws WrongAnswerException {
        BlobMetadata metadata;
        try {
            metadata = BlobMetadata.decode(bytes, deployment);
        } catch (InvalidMetadataException e) {
            throw new WrongAnswerException(e);
        }
        if (!metadata.id().equals(blobId)) {
            throw new WrongAnswerException("it hashes to " + metadata.id());
        }
        return metadata;
    }

    /** A certificate of a blob that the committee's signatures verify. */
    static BlobCertificate certificate(Committee committee, BlobId blobId, byte[] bytes)
            throws WrongAnswerException {
        BlobCertificate certificate;
        try {
            certificate = BlobCertificate.decode(bytes, committee.members().size());
        } catch (InvalidEncodingException e) {
            throw new WrongAnswerException(e);
        }
        if (!certificate.entry().blobId().equals(blobId)) {
            throw new WrongAnswerException("it is one of " + certificate.entry().blobId());
        }
        CertificateVerdict verdict = certificate.verify(committee);
        if (verdict != CertificateVerdict.ACCEPT) {
            throw new WrongAnswerException(verdict.toString());
        }
        return certificate;
    }
}
