package dev.moraine.sampling.read;

import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.certificate.AvailabilityVerdict.Outcome;
import dev.moraine.proofs.proof.ByteRangeProof;
import dev.moraine.proofs.proof.ChunkProof;
import dev.moraine.proofs.proof.ChunkRun;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads byte ranges of blobs with proofs: from the holders of the rows; a row whose holder fails, is slow or lies, from
 * the holders of the columns; and if that fails too, from the whole blob.
 *
 * <p>Thread-safe; reads of several threads run side by side.
 */
public final class RangeReader {
    /** A range over more symbols is a large part of a small blob, and is taken from the whole of it. */
    public static final int MAX_RUNS = 512;

    /** How many hedge delays the holders of the rows have before the whole blob is read. */
    private static final int PATIENCE_FACTOR = 4;

    static final String NO_METADATA = "no metadata came that hashes to the id";
    static final String LATE = "another read of the same had not ended by the deadline";

    private final CommitteeReader committee;
    private final Source source;

    /** Where a range comes from, besides the holders of its rows. */
    interface Source {
        Answer<BlobMetadata> metadata(BlobId blobId, Deadline deadline) throws InterruptedException;

        /** Reads the whole blob, on behalf of somebody who has learned of failures already. */
        ReadResult whole(BlobMetadata metadata, BlameReport earlier, Deadline deadline) throws InterruptedException;

        /** What is known of a blob. */
        Optional<Outcome> outcome(BlobId blobId);
    }

    /**
     * A reader of ranges.
     *
     * @param committee whom to read from
     * @param blobs reads whole blobs, and knows which ones it has read
     */
    public RangeReader(CommitteeReader committee, BlobReader blobs) {
        this(committee, new Source() {
            @Override
            public Answer<BlobMetadata> metadata(BlobId blobId, Deadline deadline) throws InterruptedException {
                return committee.metadata(blobId, deadline);
            }

            @Override
            public ReadResult whole(BlobMetadata metadata, BlameReport earlier, Deadline deadline)
                    throws InterruptedException {
                return blobs.read(metadata, earlier, deadline);
            }

            @Override
            public Optional<Outcome> outcome(BlobId blobId) {
                return blobs.outcome(blobId);
            }
        });
    }

    RangeReader(CommitteeReader committee, Source source) {
        this.committee = committee;
        this.source = source;
    }

    /**
     * Reads a range.
     *
     * @param blobId the blob
     * @param offset first byte of the range, from 0
     * @param lengthBytes bytes of the range, from 1 to the reader's limit
     * @param deadline when to stop waiting for answers
     * @return the range with its proof, or why there is none
     * @throws IllegalArgumentException if the range is empty, longer than the limit, or ends beyond the blob
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public RangeResult read(BlobId blobId, long offset, int lengthBytes, Deadline deadline)
            throws InterruptedException {
        if (offset < 0) {
            throw new IllegalArgumentException("offset must be at least 0, but is " + offset);
        }
        if (lengthBytes < 1 || lengthBytes > committee.maxRangeBytes()) {
            throw new IllegalArgumentException(
                    "lengthBytes must be from 1 to " + committee.maxRangeBytes() + ", but is " + lengthBytes);
        }
        if (source.outcome(blobId).equals(Optional.of(Outcome.WRONG))) {
            return new RangeResult.Inconsistent(blobId, BlameReport.NONE);
        }
        Answer<BlobMetadata> metadata = source.metadata(blobId, deadline);
        if (metadata.value().isEmpty()) {
            return new RangeResult.Unavailable(blobId, NO_METADATA, metadata.blame());
        }
        return read(metadata.value().get(), metadata.blame(), offset, lengthBytes, deadline);
    }

    private RangeResult read(
            BlobMetadata metadata, BlameReport earlier, long offset, int lengthBytes, Deadline deadline)
            throws InterruptedException {
        BlobHeader header = metadata.header();
        if (offset > header.lengthBytes() - lengthBytes) {
            throw new IllegalArgumentException("the range must end at or before " + header.lengthBytes()
                    + ", but has offset " + offset + " and lengthBytes " + lengthBytes);
        }
        BlameReport blame = earlier;
        List<ChunkRun> runs = ChunkRun.covering(header, offset, lengthBytes);
        if (runs.size() <= MAX_RUNS) {
            long patienceNs = Math.min(
                    committee.patienceNs(lengthBytes) * PATIENCE_FACTOR, deadline.remainingNs() / 2);
            ChunkFetch fetch = new ChunkFetch(committee, header, runs, deadline.within(patienceNs));
            @Nullable List<ChunkProof> chunks = fetch.get();
            blame = blame.and(fetch.blame().report());
            if (chunks == null) {
                RowRecovery recovery = new RowRecovery(committee, metadata, blame, deadline);
                chunks = fetch.getWith(recovery);
                blame = blame.and(recovery.blame());
            }
            if (chunks != null) {
                return proved(new ByteRangeProof(header, offset, lengthBytes, chunks), metadata.id(), blame);
            }
        }
        return readWhole(metadata, blame, offset, lengthBytes, deadline);
    }

    /** The answer for a proof that came just now: another thread may have read the whole blob in the meantime. */
    RangeResult proved(ByteRangeProof proof, BlobId blobId, BlameReport blame) {
        Outcome seen = source.outcome(blobId).orElse(null);
        if (seen == Outcome.WRONG) {
            return new RangeResult.Inconsistent(blobId, blame);
        }
        return new RangeResult.Proved(proof, seen != Outcome.WHOLE, blame);
    }

    private RangeResult readWhole(
            BlobMetadata metadata, BlameReport earlier, long offset, int lengthBytes, Deadline deadline)
            throws InterruptedException {
        try (ReadResult result = source.whole(metadata, earlier, deadline)) {
            return switch (result) {
                case ReadResult.Read read -> {
                    ByteRangeProof proof = WholeBlob.commit(
                            metadata,
                            read.bytes(),
                            (commitment, matrix) -> ByteRangeProof.of(commitment, matrix, offset, lengthBytes));
                    yield new RangeResult.Proved(proof, false, read.blame());
                }
                case ReadResult.Inconsistent inconsistent ->
                    new RangeResult.Inconsistent(metadata.id(), inconsistent.blame());
                case ReadResult.Unavailable unavailable ->
                    new RangeResult.Unavailable(metadata.id(), unavailable.missing(), unavailable.blame());
                case ReadResult.OverLimit over -> new RangeResult.Unavailable(
                        metadata.id(),
                        "a row could not be had, and the whole blob of " + over.lengthBytes()
                                + " bytes is over this reader's limit of " + over.limitBytes(),
                        over.blame());
            };
        }
    }
}
