package dev.moraine.sampling.dispute;

import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.SignedVerdict;
import dev.moraine.proofs.proof.ByteRangeProof;
import dev.moraine.sampling.read.BlameReport;
import java.util.List;

/** What could be had for a dispute. */
public sealed interface DisputeResult {
    /**
     * Who failed on the way.
     *
     * @return the report
     */
    BlameReport blame();

    /**
     * Everything: a verifier may rely on the bytes.
     *
     * @param certificate the blob's certificate, verified
     * @param range the bytes with their proof, verified
     * @param verdict a WHOLE verdict, verified
     * @param blame who failed on the way
     */
    record Evidence(BlobCertificate certificate, ByteRangeProof range, SignedVerdict verdict, BlameReport blame)
            implements DisputeResult {}

    /**
     * The blob is encoded wrongly: it counts as empty, and has no such range.
     *
     * @param certificate the blob's certificate, verified
     * @param verdict a WRONG verdict, verified
     * @param blame who failed on the way
     */
    record CountsAsEmpty(BlobCertificate certificate, SignedVerdict verdict, BlameReport blame)
            implements DisputeResult {}

    /**
     * Something did not come before the deadline. It says nothing about the blob.
     *
     * @param missing what could not be had, for people
     * @param blame who failed, and how
     */
    record Incomplete(List<String> missing, BlameReport blame) implements DisputeResult {
        /** Takes a copy. */
        public Incomplete {
            missing = List.copyOf(missing);
        }
    }
}
