package dev.moraine.sampling.feed;

import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.Certificate;
import dev.moraine.proofs.certificate.CertificateVerdict;
import dev.moraine.proofs.certificate.InvalidEncodingException;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.merkle.MerklePath;
import dev.moraine.proofs.merkle.MerkleTree;
import dev.moraine.sampling.read.FaultKind;
import dev.moraine.sampling.read.MemberFault;
import dev.moraine.wire.message.FeedAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks the answers of one node's feed. The certificates of a bundle come one after the other, so its signatures are
 * verified once for all of them. For one thread.
 */
final class FeedAnswers {
    private final Committee committee;
    private final int member;
    private final Set<Namespace> namespaces;
    private @Nullable Certificate verified;

    /**
     * Checks answers of a node.
     *
     * @param committee who signs certificates
     * @param member the node's place in the committee
     * @param namespaces whose certificates are asked for; empty for all
     */
    FeedAnswers(Committee committee, int member, Set<Namespace> namespaces) {
        this.committee = committee;
        this.member = member;
        this.namespaces = namespaces;
    }

    /**
     * Checks an answer.
     *
     * @param asked where the request began
     * @param maxEntries how many certificates were asked for
     * @param answer what came
     * @return the certificates, or what is wrong
     */
    FeedResult check(FeedPosition asked, int maxEntries, FeedAnswer answer) {
        boolean isSame = answer.feedId() == asked.feedId();
        if (answer.blobCertificates().size() > maxEntries) {
            return wrong(FaultKind.MALFORMED, "more than " + maxEntries + " certificates");
        }
        boolean mustMove = !answer.blobCertificates().isEmpty();
        if (isSame && (answer.nextCursor() < asked.cursor() || (mustMove && answer.nextCursor() == asked.cursor()))) {
            return wrong(FaultKind.MALFORMED, "the cursor goes from " + asked.cursor() + " to " + answer.nextCursor());
        }
        List<BlobCertificate> certificates = new ArrayList<>();
        for (byte[] encoded : answer.blobCertificates()) {
            try {
                BlobCertificate certificate =
                        BlobCertificate.decode(encoded, committee.members().size());
                String fault = faultOf(certificate);
                if (fault != null) {
                    return wrong(FaultKind.WRONG_CERTIFICATE, fault);
                }
                certificates.add(certificate);
            } catch (InvalidEncodingException e) {
                return wrong(FaultKind.WRONG_CERTIFICATE, String.valueOf(e.getMessage()));
            }
        }
        return new FeedResult.Batch(
                certificates,
                new FeedPosition(answer.feedId(), answer.nextCursor()),
                !isSame && asked.feedId() != 0);
    }

    private @Nullable String faultOf(BlobCertificate one) {
        if (!namespaces.isEmpty() && !namespaces.contains(one.entry().namespace())) {
            return "a certificate of another namespace";
        }
        Certificate certificate = one.certificate();
        if (certificate.equals(verified)) {
            return isInBundle(one) ? null : "an entry that is not in its bundle";
        }
        CertificateVerdict verdict = one.verify(committee);
        if (verdict == CertificateVerdict.ACCEPT) {
            verified = certificate;
            return null;
        }
        return verdict.toString();
    }

    private static boolean isInBundle(BlobCertificate one) {
        return one.certificate()
                .statement()
                .bundleRoot()
                .equals(MerklePath.rootFrom(
                        MerkleTree.leafHash(one.entry().encode()),
                        one.index(),
                        one.certificate().statement().count(),
                        one.path()));
    }

    private FeedResult wrong(FaultKind kind, String detail) {
        return new FeedResult.Failed(new MemberFault(member, kind, "feed: " + detail));
    }
}
