package dev.moraine.node.client;

import dev.moraine.codec.BlobMatrix;
import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobCommitter;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.certificate.CertificateVerdict;
import dev.moraine.proofs.certificate.InvalidEncodingException;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.proofs.committee.Committee;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Compares what a gateway says with what was asked for. Thread-safe. */
final class BlobVerifier {
    private final Committee committee;

    /**
     * A verifier for one deployment.
     *
     * @param committee who must have signed
     */
    BlobVerifier(Committee committee) {
        this.committee = committee;
    }

    /**
     * The id of a blob in this deployment.
     *
     * @param content the blob
     * @return its id
     */
    BlobId id(MemorySegment content) {
        Geometry geometry = committee.geometry();
        BlobMatrix matrix = new BlobMatrix(geometry, geometry.symbolSizeBytes(content.byteSize()));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment symbols = arena.allocate(
                    geometry.matrixBytes(matrix.symbolSizeBytes()), Geometry.SYMBOL_ALIGNMENT_BYTES);
            return BlobCommitter.encodeAndCommit(matrix, content, symbols).id();
        }
    }

    /**
     * Checks that a content is the blob that was asked for.
     *
     * @param id the blob
     * @param content what came
     * @throws ClientException if it is another one
     */
    void checkContent(BlobId id, MemorySegment content) throws ClientException {
        if (content.byteSize() == 0 || content.byteSize() > Geometry.MAX_BLOB_BYTES || !id(content).equals(id)) {
            throw wrong("the " + content.byteSize() + " bytes that came for blob " + id + " have another id");
        }
    }

    /**
     * Reads a certificate, and checks its signatures.
     *
     * @param id the blob that it must be about
     * @param encoded canonical bytes
     * @return the certificate
     * @throws ClientException if it is not valid or about another blob
     */
    BlobCertificate certificate(BlobId id, byte[] encoded) throws ClientException {
        CertificateVerdict verdict = BlobCertificate.verify(encoded, committee);
        if (verdict != CertificateVerdict.ACCEPT) {
            throw wrong("the certificate that came for blob " + id + " does not verify: " + verdict);
        }
        BlobCertificate certificate;
        try {
            certificate = BlobCertificate.decode(encoded, committee.members().size());
        } catch (InvalidEncodingException e) {
            throw wrong("the certificate that came for blob " + id + " cannot be read");
        }
        if (!certificate.entry().blobId().equals(id)) {
            throw wrong("the certificate that came is about blob "
                    + certificate.entry().blobId() + " and not about " + id);
        }
        return certificate;
    }

    /**
     * Checks that a certificate says what was posted.
     *
     * @param certificate a valid certificate
     * @param lengthBytes length of the batch
     * @param namespace whose it is
     * @param retainEpochs how long it was to be kept
     * @throws ClientException if it says something else
     */
    void checkEntry(BlobCertificate certificate, long lengthBytes, Namespace namespace, long retainEpochs)
            throws ClientException {
        BundleEntry entry = certificate.entry();
        // The gateway counts from the epoch in which the batch came, and the nodes may sign in the next one.
        long leastEpoch = certificate.certificate().statement().epoch() + retainEpochs - 1;
        if (entry.lengthBytes() != lengthBytes
                || !entry.namespace().equals(namespace)
                || entry.expiryEpoch() < leastEpoch) {
            throw wrong("the certificate is for " + entry.lengthBytes() + " bytes of namespace " + entry.namespace()
                    + " until epoch " + entry.expiryEpoch() + ", which is not what was posted");
        }
    }

    private static ClientException wrong(String message) {
        return new ClientException(ClientException.Kind.WRONG_ANSWER, message);
    }
}
