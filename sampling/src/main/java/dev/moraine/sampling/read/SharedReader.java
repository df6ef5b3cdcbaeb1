package dev.moraine.sampling.read;

import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.certificate.AvailabilityVerdict.Outcome;
import dev.moraine.proofs.certificate.CertificateVerdict;
import dev.moraine.proofs.certificate.SignedVerdict;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads blobs and ranges for many callers: what several want at the same time is fetched once, what was fetched lately is
 * kept, and reads that run share a budget of memory.
 *
 * <p>A read in progress needs up to {@link #READ_FACTOR} times the blob's padded length. A blob that callers hold counts
 * neither for that budget nor for the cache, once it was dropped from it: callers bound how many they hold.
 *
 * <p>Calls block the calling thread, which may be a virtual one. Thread-safe.
 */
public final class SharedReader implements AutoCloseable {
    /** Memory of a read in progress for each byte of the padded blob: slivers, the blob, the matrix and its hashes. */
    public static final int READ_FACTOR = 12;

    private static final long BUDGET_UNIT_BYTES = 64L << 10;

    private record RangeKey(BlobId blobId, long offset, int lengthBytes) {}

    private final CommitteeReader committee;
    private final BlobReader blobs;
    private final RangeReader ranges;
    private final SingleFlight<BlobId, ReadResult> keptBlobs;
    private final SingleFlight<BlobId, Answer<BlobMetadata>> keptMetadata;
    private final SingleFlight<RangeKey, RangeResult> keptRanges;
    private final Semaphore budget;
    private final int budgetUnits;
    private final long streamFromBytes;

    private SharedReader(Context context, CommitteeReader committee) {
        this.committee = committee;
        blobs = new BlobReader(committee);
        ranges = new RangeReader(committee, new SharedSource());
        keptBlobs = new SingleFlight<>(context.cacheBytes, new KeptRules.OfBlobs());
        keptMetadata = new SingleFlight<>(context.metadataCacheBytes, new KeptRules.OfMetadata());
        keptRanges = new SingleFlight<>(context.rangeCacheBytes, new KeptRules.OfRanges());
        budgetUnits = Math.clamp(context.readBytes / BUDGET_UNIT_BYTES, 1, Integer.MAX_VALUE);
        budget = new Semaphore(budgetUnits, true);
        streamFromBytes = context.streamFromBytes;
    }

    /**
     * Reads a whole blob, or gives the one that is kept.
     *
     * @param blobId the blob
     * @param deadline when to stop waiting
     * @return the blob, or why there is none; the caller closes it
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public ReadResult read(BlobId blobId, Deadline deadline) throws InterruptedException {
        ReadResult result = keptBlobs.get(blobId, deadline, () -> {
            Answer<BlobMetadata> metadata = metadata(blobId, deadline);
            return metadata.value().isEmpty()
                    ? new ReadResult.Unavailable(blobId, RangeReader.NO_METADATA, metadata.blame())
                    : fetch(metadata.value().get(), metadata.blame(), deadline);
        });
        return result != null ? result : late(blobId);
    }

    /**
     * Reads a whole blob and hands it on. A long blob, see {@link Context#streamFromBytes}, is handed on row by row
     * while it comes, and so before it is known whether it counts; a short or kept one all at once.
     *
     * @param blobId the blob
     * @param deadline when to stop waiting for answers
     * @param sink takes the bytes in order; nothing, if the blob is not read
     * @return the blob, all of which was handed on, or why there is none; the caller closes it. If it is not a
     *     {@link ReadResult.Read}, the bytes that were handed on are worth nothing
     * @throws InterruptedException if the thread is interrupted while it waits
     * @throws IOException if the sink throws it
     */
    public ReadResult stream(BlobId blobId, Deadline deadline, BlobSink sink)
            throws InterruptedException, IOException {
        ReadResult known = keptBlobs.getKept(blobId);
        if (known == null) {
            Answer<BlobMetadata> metadata = metadata(blobId, deadline);
            if (metadata.value().isEmpty()) {
                return new ReadResult.Unavailable(blobId, RangeReader.NO_METADATA, metadata.blame());
            }
            if (metadata.value().get().header().lengthBytes() >= streamFromBytes) {
                return streamFetched(metadata.value().get(), deadline, sink);
            }
            known = read(blobId, deadline);
        }
        boolean isHandedOn = false;
        try {
            if (known instanceof ReadResult.Read read) {
                sink.onHeader(read.metadata().header());
                sink.onBytes(0, read.bytes().asReadOnly());
            }
            isHandedOn = true;
            return known;
        } finally {
            if (!isHandedOn) {
                known.close();
            }
        }
    }

    /**
     * Reads a range with its proof; only the rows that it touches are fetched, as long as that can be done.
     *
     * @param blobId the blob
     * @param offset first byte of the range, from 0
     * @param lengthBytes bytes of the range, from 1 to the reader's limit
     * @param deadline when to stop waiting for answers
     * @return the range with its proof, or why there is none
     * @throws IllegalArgumentException if the range is empty, longer than the limit, or ends beyond the blob
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public RangeResult range(BlobId blobId, long offset, int lengthBytes, Deadline deadline)
            throws InterruptedException {
        RangeResult result = keptRanges.get(
                new RangeKey(blobId, offset, lengthBytes),
                deadline,
                () -> ranges.read(blobId, offset, lengthBytes, deadline));
        return switch (result) {
            case null -> new RangeResult.Unavailable(blobId, RangeReader.LATE, BlameReport.NONE);
            // Whether the blob counts may have become known since.
            case RangeResult.Proved proved -> ranges.proved(proved.proof(), blobId, proved.blame());
            default -> result;
        };
    }

    /**
     * Fetches metadata, or gives what is kept.
     *
     * @param blobId the blob
     * @param deadline when to stop waiting
     * @return metadata that hashes to the id and is valid in this deployment
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public Answer<BlobMetadata> metadata(BlobId blobId, Deadline deadline) throws InterruptedException {
        Answer<BlobMetadata> answer =
                keptMetadata.get(blobId, deadline, () -> committee.metadata(blobId, deadline));
        return answer != null ? answer : new Answer<>(Optional.empty(), BlameReport.NONE);
    }

    /**
     * Takes over what others found, as {@link BlobReader#accept}.
     *
     * @param verdict a signed verdict, from anywhere
     * @return {@link CertificateVerdict#ACCEPT} if it was verified and remembered, else the reason why not
     */
    public CertificateVerdict accept(SignedVerdict verdict) {
        return blobs.accept(verdict);
    }

    /**
     * Whether a blob is known to count.
     *
     * @param blobId the blob
     * @return WHOLE if it was read here or a verdict says so, WRONG if it is inconsistent; empty if neither is known
     */
    public Optional<Outcome> outcome(BlobId blobId) {
        return blobs.outcome(blobId);
    }

    /**
     * Whom this reader asks.
     *
     * @return the reader beneath; deadlines are on its clock
     */
    public CommitteeReader committee() {
        return committee;
    }

    /**
     * Memory of blobs that are kept.
     *
     * @return bytes
     */
    public long keptBytes() {
        return keptBlobs.keptBytes();
    }

    /** Drops everything that is kept. Results that callers hold stay theirs; reads go on working. */
    @Override
    public void close() {
        keptBlobs.clear();
        keptMetadata.clear();
        keptRanges.clear();
    }

    private ReadResult streamFetched(BlobMetadata metadata, Deadline deadline, BlobSink sink)
            throws InterruptedException, IOException {
        int units = units(metadata);
        if (!budget.tryAcquire(units, deadline.remainingNs(), TimeUnit.NANOSECONDS)) {
            return noRoom(metadata.id(), BlameReport.NONE);
        }
        try {
            return blobs.stream(metadata, deadline, sink);
        } finally {
            budget.release(units);
        }
    }

    private ReadResult fetch(BlobMetadata metadata, BlameReport earlier, Deadline deadline)
            throws InterruptedException {
        if (outcome(metadata.id()).equals(Optional.of(Outcome.WRONG))) {
            return new ReadResult.Inconsistent(metadata.id(), earlier);
        }
        int units = units(metadata);
        if (!budget.tryAcquire(units, deadline.remainingNs(), TimeUnit.NANOSECONDS)) {
            return noRoom(metadata.id(), earlier);
        }
        try {
            return blobs.read(metadata, earlier, deadline);
        } finally {
            budget.release(units);
        }
    }

    private int units(BlobMetadata metadata) {
        BlobHeader header = metadata.header();
        if (header.lengthBytes() > committee.maxBlobBytes()) {
            return 0;
        }
        long bytes = READ_FACTOR * metadata.geometry().paddedBlobBytes(header.symbolSizeBytes());
        // A blob that alone is over the budget is read alone.
        return (int) Math.min(budgetUnits, Math.ceilDiv(bytes, BUDGET_UNIT_BYTES));
    }

    private static ReadResult noRoom(BlobId blobId, BlameReport blame) {
        return new ReadResult.Unavailable(blobId, "this reader was busy with other blobs until the deadline", blame);
    }

    private static ReadResult late(BlobId blobId) {
        return new ReadResult.Unavailable(blobId, RangeReader.LATE, BlameReport.NONE);
    }

    /** Where ranges come from: what is shared. */
    private final class SharedSource implements RangeReader.Source {
        @Override
        public Answer<BlobMetadata> metadata(BlobId blobId, Deadline deadline) throws InterruptedException {
            return SharedReader.this.metadata(blobId, deadline);
        }

        @Override
        public ReadResult whole(BlobMetadata metadata, BlameReport earlier, Deadline deadline)
                throws InterruptedException {
            ReadResult result =
                    keptBlobs.get(metadata.id(), deadline, () -> fetch(metadata, earlier, deadline));
            return result != null ? result : late(metadata.id());
        }

        @Override
        public Optional<Outcome> outcome(BlobId blobId) {
            return blobs.outcome(blobId);
        }
    }

    /** What a shared reader needs to know. Not thread-safe. */
    public static final class Context {
        /** Memory of blobs that are kept. */
        public static final long DEFAULT_CACHE_BYTES = 256L << 20;

        /** Metadata that is kept. */
        public static final long DEFAULT_METADATA_CACHE_BYTES = 16L << 20;

        /** Ranges that are kept, with their proofs. */
        public static final long DEFAULT_RANGE_CACHE_BYTES = 32L << 20;

        /** Memory of reads in progress. */
        public static final long DEFAULT_READ_BYTES = 1L << 30;

        /** From which length on blobs are handed on row by row. */
        public static final long DEFAULT_STREAM_FROM_BYTES = 8L << 20;

        private @Nullable CommitteeReader committee;
        private long cacheBytes = DEFAULT_CACHE_BYTES;
        private long metadataCacheBytes = DEFAULT_METADATA_CACHE_BYTES;
        private long rangeCacheBytes = DEFAULT_RANGE_CACHE_BYTES;
        private long readBytes = DEFAULT_READ_BYTES;
        private long streamFromBytes = DEFAULT_STREAM_FROM_BYTES;

        /**
         * Whom to ask.
         *
         * @param value the committee; must be set
         * @return this
         */
        public Context committee(CommitteeReader value) {
            committee = value;
            return this;
        }

        /**
         * How much memory of blobs is kept.
         *
         * @param value bytes, at least 0
         * @return this
         */
        public Context cacheBytes(long value) {
            cacheBytes = value;
            return this;
        }

        /**
         * How much metadata is kept.
         *
         * @param value bytes of its encoding, at least 0
         * @return this
         */
        public Context metadataCacheBytes(long value) {
            metadataCacheBytes = value;
            return this;
        }

        /**
         * How much of ranges with proofs is kept.
         *
         * @param value bytes of their encoding, at least 0
         * @return this
         */
        public Context rangeCacheBytes(long value) {
            rangeCacheBytes = value;
            return this;
        }

        /**
         * How much memory reads in progress may need together; a blob that needs more is read alone.
         *
         * @param value bytes, at least 1
         * @return this
         */
        public Context readBytes(long value) {
            readBytes = value;
            return this;
        }

        /**
         * From which length on {@link SharedReader#stream} hands a blob on before it is known whether it counts.
         *
         * @param value bytes, at least 1
         * @return this
         */
        public Context streamFromBytes(long value) {
            streamFromBytes = value;
            return this;
        }

        /**
         * Checks everything.
         *
         * @return the reader
         * @throws IllegalArgumentException if a field is missing or out of range
         */
        public SharedReader conclude() {
            CommitteeReader given = committee;
            if (given == null) {
                throw new IllegalArgumentException("committee must be set");
            }
            atLeast("cacheBytes", cacheBytes, 0);
            atLeast("metadataCacheBytes", metadataCacheBytes, 0);
            atLeast("rangeCacheBytes", rangeCacheBytes, 0);
            atLeast("readBytes", readBytes, 1);
            atLeast("streamFromBytes", streamFromBytes, 1);
            return new SharedReader(this, given);
        }

        private static void atLeast(String field, long value, long limit) {
            if (value < limit) {
                throw new IllegalArgumentException(field + " must be at least " + limit + ", but is " + value);
            }
        }
    }
}
