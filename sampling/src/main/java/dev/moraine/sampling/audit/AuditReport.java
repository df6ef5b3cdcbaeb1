package dev.moraine.sampling.audit;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.SignedVerdict;
import dev.moraine.sampling.read.BlameReport;
import org.jspecify.annotations.Nullable;

/**
 * How an audit ended.
 *
 * @param blobId the blob
 * @param outcome what was found
 * @param verdict the binding verdict, verified; null for {@link AuditOutcome#NOT_YET}
 * @param wholeWeight shards of the members that signed WHOLE
 * @param wrongWeight shards of the members that signed WRONG
 * @param requiredWeight what binds: f + 1
 * @param blame who failed, and how
 */
public record AuditReport(
        BlobId blobId,
        AuditOutcome outcome,
        @Nullable SignedVerdict verdict,
        int wholeWeight,
        int wrongWeight,
        int requiredWeight,
        BlameReport blame) {}
