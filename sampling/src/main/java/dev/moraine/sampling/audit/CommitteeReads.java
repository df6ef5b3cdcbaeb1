package dev.moraine.sampling.audit;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.certificate.AvailabilityVerdict.Outcome;
import dev.moraine.sampling.read.Answer;
import dev.moraine.sampling.read.BlobReader;
import dev.moraine.sampling.read.CommitteeReader;
import dev.moraine.sampling.read.Deadline;
import dev.moraine.sampling.read.ReadResult;
import java.time.Duration;
import java.util.Optional;

/**
 * Whole reads from the members of a committee (protocol, section 6). Thread-safe.
 *
 * @param committee whom to read from
 * @param reader reads whole blobs from them
 */
public record CommitteeReads(CommitteeReader committee, BlobReader reader) implements WholeReads {
    /**
     * Reads from a committee.
     *
     * @param committee whom to read from
     */
    public CommitteeReads(CommitteeReader committee) {
        this(committee, new BlobReader(committee));
    }

    @Override
    public Found read(BlobId blobId, Duration timeout) throws InterruptedException {
        Deadline deadline = committee.deadline(timeout);
        Answer<BlobMetadata> metadata = committee.metadata(blobId, deadline);
        if (metadata.value().isEmpty()) {
            return new Found(Optional.empty(), 0);
        }
        BlobMetadata known = metadata.value().get();
        long bytes = known.header().lengthBytes();
        try (ReadResult result = reader.read(known, deadline)) {
            return switch (result) {
                case ReadResult.Read _ -> new Found(Optional.of(Outcome.WHOLE), bytes);
                case ReadResult.Inconsistent _ -> new Found(Optional.of(Outcome.WRONG), bytes);
                case ReadResult.Unavailable _ -> new Found(Optional.empty(), bytes);
                case ReadResult.OverLimit _ -> new Found(Optional.empty(), 0);
            };
        }
    }
}
