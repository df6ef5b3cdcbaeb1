package dev.moraine.sampling.read;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.committee.ShardAssignment;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.proofs.proof.ByteRangeProof;
import dev.moraine.proofs.proof.ChunkProof;
import dev.moraine.proofs.proof.ChunkRun;
import dev.moraine.proofs.proof.SymbolProof;
import dev.moraine.wire.message.CertificateAnswer;
import dev.moraine.wire.message.Coordinate;
import dev.moraine.wire.message.GetCertificate;
import dev.moraine.wire.message.GetMetadata;
import dev.moraine.wire.message.MetadataAnswer;
import dev.moraine.wire.message.Part;
import dev.moraine.wire.transport.PeerConnection;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;
import org.jspecify.annotations.Nullable;

/**
 * Asks the members of a committee for metadata, certificates, slivers, symbols and chunks, and gives only what
 * verified.
 *
 * <p>Calls block the calling thread, which may be a virtual one, until the answer is there or the deadline passes.
 * Thread-safe: the connections are shared, everything else belongs to a call. It does not own the connections.
 */
public final class CommitteeReader {
    private static final double NS_PER_SECOND = 1e9;

    /** About 36 years; some sums and multiples of it are still a long. */
    private static final double MAX_PATIENCE_NS = Deadline.MAX_TIMEOUT_NS / 4.0;

    private final Committee committee;
    private final List<PeerConnection> peers;
    private final NanoClock clock;
    private final long hedgeDelayNs;
    private final long hedgeBytesPerSecond;
    private final long maxBlobBytes;
    private final int maxRangeBytes;

    private CommitteeReader(Context context) {
        committee = context.checkedCommittee();
        peers = context.checkedPeers();
        clock = context.clock;
        hedgeDelayNs = context.hedgeDelay.toNanos();
        hedgeBytesPerSecond = context.hedgeBytesPerSecond;
        maxBlobBytes = context.maxBlobBytes;
        maxRangeBytes = context.maxRangeBytes;
    }

    /**
     * Whom this reader asks.
     *
     * @return the committee
     */
    public Committee committee() {
        return committee;
    }

    /**
     * The longest blob that is read whole.
     *
     * @return bytes
     */
    public long maxBlobBytes() {
        return maxBlobBytes;
    }

    /**
     * The longest range that is read with a proof.
     *
     * @return bytes
     */
    public int maxRangeBytes() {
        return maxRangeBytes;
    }

    /**
     * A deadline on this reader's clock.
     *
     * @param timeout how far ahead
     * @return the deadline
     */
    public Deadline deadline(Duration timeout) {
        return Deadline.after(clock, timeout);
    }

    /**
     * Fetches the metadata of a blob from any member.
     *
     * @param blobId the blob
     * @param deadline when to stop waiting
     * @return metadata that hashes to the id and is valid in this deployment
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public Answer<BlobMetadata> metadata(BlobId blobId, Deadline deadline) throws InterruptedException {
        return new AnyMember<>(
                        this,
                        blobId,
                        deadline,
                        "metadata",
                        id -> new GetMetadata(id, blobId.toBytes()),
                        message -> message instanceof MetadataAnswer answer ? answer.metadata() : null,
                        FaultKind.WRONG_METADATA,
                        bytes -> AnswerVerifier.metadata(committee.geometry(), blobId, bytes))
                .get();
    }

    /**
     * Fetches the certificate of a blob from any member.
     *
     * @param blobId the blob
     * @param deadline when to stop waiting
     * @return a certificate of this blob that the committee's signatures verify
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public Answer<BlobCertificate> certificate(BlobId blobId, Deadline deadline) throws InterruptedException {
        return new AnyMember<>(
                        this,
                        blobId,
                        deadline,
                        "certificate",
                        id -> new GetCertificate(id, blobId.toBytes()),
                        message -> message instanceof CertificateAnswer answer ? answer.blobCertificate() : null,
                        FaultKind.WRONG_CERTIFICATE,
                        bytes -> AnswerVerifier.certificate(committee, blobId, bytes))
                .get();
    }

    /**
     * Fetches one sliver from its holder.
     *
     * @param metadata the blob's metadata
     * @param pair the sliver pair
     * @param part {@link Part#PRIMARY} or {@link Part#SECONDARY}
     * @param deadline when to stop waiting
     * @return the sliver, whose root is the one in the metadata; the caller closes it
     * @throws IndexOutOfBoundsException if there is no such pair
     * @throws IllegalArgumentException if the part is not a sliver
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public Answer<Sliver> sliver(BlobMetadata metadata, int pair, Part part, Deadline deadline)
            throws InterruptedException {
        Objects.checkIndex(pair, metadata.geometry().shards());
        if (part == Part.METADATA) {
            throw new IllegalArgumentException("part must be PRIMARY or SECONDARY, but is " + part);
        }
        return new OneSliver(this, metadata, pair, part, deadline).get();
    }

    /**
     * Fetches symbols from the holders of their rows or columns.
     *
     * @param header the header of the blob, valid in this deployment
     * @param axis by which line the symbols are to be proved, which is also whom to ask
     * @param coordinates distinct coordinates
     * @param deadline when to stop waiting
     * @return the proofs that verified, by coordinate; empty if there is none
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public Answer<Map<Coordinate, SymbolProof>> symbols(
            BlobHeader header, Axis axis, Collection<Coordinate> coordinates, Deadline deadline)
            throws InterruptedException {
        Map<Coordinate, SymbolProof> proofs = new HashMap<>();
        try (SymbolFetcher fetcher = new SymbolFetcher(this, header, deadline)) {
            for (Coordinate coordinate : coordinates) {
                fetcher.ask(coordinate, axis);
            }
            while (!fetcher.isIdle() && !deadline.hasPassed()) {
                SymbolReply reply = fetcher.poll(deadline.remainingNs());
                if (reply != null && reply.proof() != null) {
                    proofs.put(reply.coordinate(), reply.proof());
                }
            }
            BlameReport blame = fetcher.blame();
            return new Answer<>(proofs.isEmpty() ? Optional.empty() : Optional.of(Map.copyOf(proofs)), blame);
        }
    }

    /**
     * Fetches consecutive chunks of a symbol from the holder of its row.
     *
     * @param header the header of the blob, valid in this deployment
     * @param run the chunks
     * @param deadline when to stop waiting
     * @return the proofs of all of them, verified
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public Answer<List<ChunkProof>> chunks(BlobHeader header, ChunkRun run, Deadline deadline)
            throws InterruptedException {
        ChunkFetch fetch = new ChunkFetch(this, header, List.of(run), deadline);
        List<ChunkProof> proofs = fetch.get();
        return new Answer<>(Optional.ofNullable(proofs), fetch.blame().report());
    }

    /**
     * Who holds a sliver pair.
     *
     * @param blobId the blob
     * @param pair the pair, from 0 to n − 1
     * @return the member's place in the committee
     */
    public int holderOf(BlobId blobId, int pair) {
        return committee.memberOfShard(
                ShardAssignment.shardOfPair(blobId, pair, committee.geometry().shards()));
    }

    /**
     * How long a request may take before somebody else is asked beside it.
     *
     * @param lengthBytes how long the answer is
     * @return the hedge delay and the time that the bytes take, in nanoseconds
     */
    public long patienceNs(long lengthBytes) {
        double transferNs = (double) lengthBytes / hedgeBytesPerSecond * NS_PER_SECOND;
        return (long) Math.min(hedgeDelayNs + transferNs, MAX_PATIENCE_NS);
    }

    void send(MemberRequest request, long timeoutNs) {
        request.send(peers.get(request.member()), Math.max(1, timeoutNs));
    }

    int memberCount() {
        return committee.members().size();
    }

    /** What a reader needs to know. Not thread-safe. */
    public static final class Context {
        /** How long a member may take before another is asked beside it. */
        public static final Duration DEFAULT_HEDGE_DELAY = Duration.ofMillis(250);

        /** What a member that is not called slow delivers. */
        public static final long DEFAULT_HEDGE_BYTES_PER_SECOND = 32L << 20;

        /** Longest blob that is read whole. */
        public static final long DEFAULT_MAX_BLOB_BYTES = 128L << 20;

        /** Longest range that is read with a proof. */
        public static final int DEFAULT_MAX_RANGE_BYTES = 1 << 20;

        private @Nullable Committee committee;
        private @Nullable List<PeerConnection> peers;
        private NanoClock clock = SystemNanoClock.INSTANCE;
        private Duration hedgeDelay = DEFAULT_HEDGE_DELAY;
        private long hedgeBytesPerSecond = DEFAULT_HEDGE_BYTES_PER_SECOND;
        private long maxBlobBytes = DEFAULT_MAX_BLOB_BYTES;
        private int maxRangeBytes = DEFAULT_MAX_RANGE_BYTES;

        /**
         * Whom to read from.
         *
         * @param value the committee
         * @return this
         */
        public Context committee(Committee value) {
            committee = value;
            return this;
        }

        /**
         * The connections; they stay the caller's.
         *
         * @param value one a member, in committee order
         * @return this
         */
        public Context peers(List<PeerConnection> value) {
            peers = List.copyOf(value);
            return this;
        }

        /**
         * The clock that deadlines and delays are measured by.
         *
         * @param value a monotonic clock
         * @return this
         */
        public Context clock(NanoClock value) {
            clock = value;
            return this;
        }

        /**
         * How long a member may take before another is asked beside it, transfer excluded.
         *
         * @param value a positive duration, at most a day
         * @return this
         */
        public Context hedgeDelay(Duration value) {
            hedgeDelay = value;
            return this;
        }

        /**
         * How fast the bytes of an answer must come, beyond the hedge delay, for nobody else to be asked.
         *
         * @param value bytes per second, at least 1
         * @return this
         */
        public Context hedgeBytesPerSecond(long value) {
            hedgeBytesPerSecond = value;
            return this;
        }

        /**
         * The longest blob that is read whole.
         *
         * @param value bytes, from 1 to {@link Geometry#MAX_BLOB_BYTES}
         * @return this
         */
        public Context maxBlobBytes(long value) {
            maxBlobBytes = value;
            return this;
        }

        /**
         * The longest range that is read with a proof.
         *
         * @param value bytes, from 1 to {@link ByteRangeProof#MAX_RANGE_BYTES}
         * @return this
         */
        public Context maxRangeBytes(int value) {
            maxRangeBytes = value;
            return this;
        }

        /**
         * Checks everything.
         *
         * @return the reader
         * @throws IllegalArgumentException if a field is missing or out of range
         */
        public CommitteeReader conclude() {
            if (hedgeDelay.isNegative() || hedgeDelay.isZero() || hedgeDelay.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException(
                        "hedgeDelay must be above 0 and at most a day, but is " + hedgeDelay);
            }
            checkRange("hedgeBytesPerSecond", hedgeBytesPerSecond, Long.MAX_VALUE);
            checkRange("maxBlobBytes", maxBlobBytes, Geometry.MAX_BLOB_BYTES);
            checkRange("maxRangeBytes", maxRangeBytes, ByteRangeProof.MAX_RANGE_BYTES);
            return new CommitteeReader(this);
        }

        private Committee checkedCommittee() {
            if (committee == null) {
                throw new IllegalArgumentException("committee must be set");
            }
            return committee;
        }

        private List<PeerConnection> checkedPeers() {
            int members = checkedCommittee().members().size();
            if (peers == null || peers.size() != members) {
                throw new IllegalArgumentException(
                        "peers must be " + members + " connections, but are " + (peers == null ? 0 : peers.size()));
            }
            return peers;
        }

        private static void checkRange(String field, long value, long limit) {
            if (value < 1 || value > limit) {
                throw new IllegalArgumentException(field + " must be from 1 to " + limit + ", but is " + value);
            }
        }
    }
}
