package dev.moraine.ingest.disperse;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.CertificateVerdict;
import dev.moraine.proofs.certificate.InvalidEncodingException;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.wire.message.CertificateAnswer;
import dev.moraine.wire.message.GetCertificate;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.transport.PeerConnection;
import dev.moraine.wire.transport.RequestFailure;
import dev.moraine.wire.transport.ResponseHandler;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Asks all nodes at once for the certificate of a blob; the first good answer counts. Thread-safe. */
public final class CertificateInquiry {
    private final Committee committee;
    private final BlobId id;
    private final long epoch;
    private final AtomicInteger open;
    private final CompletableFuture<Optional<BlobCertificate>> answer = new CompletableFuture<>();

    private CertificateInquiry(Committee committee, BlobId id, long epoch) {
        this.committee = committee;
        this.id = id;
        this.epoch = epoch;
        this.open = new AtomicInteger(committee.members().size());
    }

    /**
     * Asks.
     *
     * @param committee whose members are asked
     * @param connections one for each member
     * @param id the blob
     * @param epoch the current epoch
     * @param timeoutNs how long a node may take
     * @return completes with the first certificate that verifies and has not expired, or with none when all nodes have
     *     answered or failed; on a network thread
     */
    public static CompletableFuture<Optional<BlobCertificate>> start(
            Committee committee, List<PeerConnection> connections, BlobId id, long epoch, long timeoutNs) {
        CertificateInquiry inquiry = new CertificateInquiry(committee, id, epoch);
        for (PeerConnection connection : connections) {
            connection.request(
                    requestId -> new GetCertificate(requestId, id.toBytes()), inquiry.new Attempt(), timeoutNs);
        }
        return inquiry.answer;
    }

    private @Nullable BlobCertificate verified(byte[] encoded) {
        if (answer.isDone()) {
            return null;
        }
        try {
            BlobCertificate certificate =
                    BlobCertificate.decode(encoded, committee.members().size());
            boolean isGood = certificate.entry().blobId().equals(id)
                    && certificate.entry().expiryEpoch() >= epoch
                    && certificate.verify(committee) == CertificateVerdict.ACCEPT;
            return isGood ? certificate : null;
        } catch (InvalidEncodingException foreign) {
            return null;
        }
    }

    private void end(@Nullable BlobCertificate certificate) {
        if (certificate != null) {
            answer.complete(Optional.of(certificate));
        }
        if (open.decrementAndGet() == 0) {
            answer.complete(Optional.empty());
        }
    }

    /** The question to one node. */
    private final class Attempt implements ResponseHandler {
        @Override
        public boolean onMessage(Message message) {
            end(message instanceof CertificateAnswer found ? verified(found.blobCertificate()) : null);
            return true;
        }

        @Override
        public void onFailure(RequestFailure failure) {
            end(null);
        }
    }
}
