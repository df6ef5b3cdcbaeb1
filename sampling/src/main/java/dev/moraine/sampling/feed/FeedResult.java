package dev.moraine.sampling.feed;

import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.sampling.read.MemberFault;
import java.util.List;

/** What a node said when it was asked for the next certificates of its list. */
public sealed interface FeedResult {
    /**
     * The next certificates.
     *
     * @param certificates verified, in the order of the list, of the wanted namespaces; none if no more came in time
     * @param position where to go on
     * @param isRestarted whether the node has numbered its list anew, so that these are its first again: certificates
     *     that were seen before come once more
     */
    record Batch(List<BlobCertificate> certificates, FeedPosition position, boolean isRestarted)
            implements FeedResult {
        /** Takes a copy. */
        public Batch {
            certificates = List.copyOf(certificates);
        }
    }

    /**
     * Nothing that could be used. The position is as it was: the same can be asked again, or another node.
     *
     * @param fault who failed, and how
     */
    record Failed(MemberFault fault) implements FeedResult {}
}
