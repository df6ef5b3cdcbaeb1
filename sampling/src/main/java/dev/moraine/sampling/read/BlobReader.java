package dev.moraine.sampling.read;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.certificate.AvailabilityVerdict.Outcome;
import dev.moraine.proofs.certificate.CertificateVerdict;
import dev.moraine.proofs.certificate.SignedVerdict;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads whole blobs (protocol, section 6), and remembers what it found.
 *
 * <p>A read needs memory for its slivers, the blob and the full matrix, together less than 12 times the blob's padded
 * length; the reader's limit on the length is checked before any of it is allocated. Decoding and encoding run on the
 * calling thread and are not cut short by the deadline.
 *
 * <p>Thread-safe; reads of several threads run side by side.
 */
public final class BlobReader {
    /** How many blobs it remembers the outcome of; the longest unused one is forgotten first. */
    public static final int MAX_REMEMBERED_BLOBS = 65_536;

    private final CommitteeReader committee;
    private final Map<BlobId, Outcome> outcomes = new OutcomeMemory();

    /**
     * A reader that has read nothing yet.
     *
     * @param committee whom to read from
     */
    public BlobReader(CommitteeReader committee) {
        this.committee = committee;
    }

    /**
     * Reads a blob.
     *
     * @param blobId the blob
     * @param deadline when to stop waiting for answers
     * @return the blob, or why there is none; the caller closes it
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public ReadResult read(BlobId blobId, Deadline deadline) throws InterruptedException {
        Answer<BlobMetadata> metadata = committee.metadata(blobId, deadline);
        if (metadata.value().isEmpty()) {
            return new ReadResult.Unavailable(blobId, "no metadata came that hashes to the id", metadata.blame());
        }
        return read(metadata.value().get(), metadata.blame(), deadline);
    }

    /**
     * Reads a blob whose metadata is known.
     *
     * @param metadata metadata of the wanted blob, valid in this deployment
     * @param deadline when to stop waiting for answers
     * @return the blob, or why there is none; the caller closes it
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public ReadResult read(BlobMetadata metadata, Deadline deadline) throws InterruptedException {
        return read(metadata, BlameReport.NONE, deadline);
    }

    /**
     * What this reader found when it last read the whole blob.
     *
     * @param blobId the blob
     * @return WHOLE if it was read, WRONG if it is inconsistent; empty if neither was found, or it was forgotten
     */
    public Optional<Outcome> outcome(BlobId blobId) {
        synchronized (outcomes) {
            return Optional.ofNullable(outcomes.get(blobId));
        }
    }

    /**
     * Reads a blob whose metadata is known, and hands it on while it comes. Every row that is handed on has the root
     * that the metadata commits to; only the result says whether the blob counts.
     *
     * @param metadata metadata of the wanted blob, valid in this deployment
     * @param deadline when to stop waiting for answers
     * @param sink takes the bytes in order
     * @return the blob, all of which was handed on, or why there is none; the caller closes it
     * @throws InterruptedException if the thread is interrupted while it waits
     * @throws IOException if the sink throws it
     */
    public ReadResult stream(BlobMetadata metadata, Deadline deadline, BlobSink sink)
            throws InterruptedException, IOException {
        if (isOverLimit(metadata)) {
            return overLimit(metadata, BlameReport.NONE);
        }
        try (BlobRead read = new BlobRead(committee, metadata, deadline, new BlameLog())) {
            return remembered(read.run(sink));
        }
    }

    /**
     * Takes over what others found, if their signatures bind this reader: from then on the blob's ranges are final.
     *
     * @param verdict a signed verdict, from anywhere
     * @return {@link CertificateVerdict#ACCEPT} if it was verified and remembered, else the reason why not
     */
    public CertificateVerdict accept(SignedVerdict verdict) {
        CertificateVerdict checked = verdict.verify(committee.committee());
        if (checked == CertificateVerdict.ACCEPT) {
            remember(verdict.verdict().blobId(), verdict.verdict().outcome());
        }
        return checked;
    }

    /** Reads on behalf of somebody who has learned of failures already. */
    ReadResult read(BlobMetadata metadata, BlameReport earlier, Deadline deadline) throws InterruptedException {
        if (isOverLimit(metadata)) {
            return overLimit(metadata, earlier);
        }
        BlameLog blame = new BlameLog();
        blame.addAll(earlier);
        try (BlobRead read = new BlobRead(committee, metadata, deadline, blame)) {
            return remembered(read.run());
        }
    }

    private boolean isOverLimit(BlobMetadata metadata) {
        return metadata.header().lengthBytes() > committee.maxBlobBytes();
    }

    private ReadResult overLimit(BlobMetadata metadata, BlameReport blame) {
        return new ReadResult.OverLimit(
                metadata.id(), metadata.header().lengthBytes(), committee.maxBlobBytes(), blame);
    }

    private ReadResult remembered(ReadResult result) {
        switch (result) {
            case ReadResult.Read _ -> remember(result.blobId(), Outcome.WHOLE);
            case ReadResult.Inconsistent _ -> remember(result.blobId(), Outcome.WRONG);
            case ReadResult.Unavailable _, ReadResult.OverLimit _ -> {
                // Neither says anything about the blob.
            }
        }
        return result;
    }

    private void remember(BlobId blobId, Outcome outcome) {
        synchronized (outcomes) {
            outcomes.put(blobId, outcome);
        }
    }

    /** Forgets the entry that was not used for longest. */
    private static final class OutcomeMemory extends LinkedHashMap<BlobId, Outcome> {
        private static final long serialVersionUID = 1;
        private static final float LOAD_FACTOR = 0.75f;
        private static final int INITIAL_CAPACITY = 16;

        OutcomeMemory() {
            super(INITIAL_CAPACITY, LOAD_FACTOR, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<BlobId, Outcome> eldest) {
            return size() > MAX_REMEMBERED_BLOBS;
        }
    }
}
