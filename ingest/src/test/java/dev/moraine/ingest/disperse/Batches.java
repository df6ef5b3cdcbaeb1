package dev.moraine.ingest.disperse;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.proofs.hash.Sha256;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Batches that were never encoded, for what does not read their slivers. */
final class Batches {
    static final Namespace NAMESPACE = Namespace.parse("rollup");

    private Batches() {}

    static BundleEntry entry(String name, long lengthBytes, long expiryEpoch) {
        BlobId id = new BlobId(Sha256.digest(name.getBytes(StandardCharsets.UTF_8)));
        return new BundleEntry(id, NAMESPACE, lengthBytes, expiryEpoch);
    }

    static EncodedBatch batch(BundleEntry entry, Answers answers) {
        return new EncodedBatch(
                entry, new SliverLayout(new Geometry(4), 64), Arena.ofAuto().allocate(1), answers, answers::freed);
    }

    static EncodedBatch batch(String name) {
        return batch(entry(name, 100, 10), new Answers());
    }

    /** What the handlers of some batches were told. */
    static final class Answers implements CompletionHandler {
        final List<BlobCertificate> certificates = new ArrayList<>();
        final List<BatchFailure> failures = new ArrayList<>();
        int freed;

        @Override
        public void onCertified(BlobCertificate certificate) {
            certificates.add(certificate);
        }

        @Override
        public void onFailed(BatchFailure failure) {
            failures.add(failure);
        }

        void freed() {
            freed++;
        }
    }
}
