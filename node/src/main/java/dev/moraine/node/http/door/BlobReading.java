package dev.moraine.node.http.door;

import dev.moraine.ingest.journal.BlobStatus;
import dev.moraine.node.gateway.Gateway;
import dev.moraine.node.http.HttpProblem;
import dev.moraine.node.http.HttpProblemException;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.sampling.read.CommitteeReader;
import dev.moraine.sampling.read.Deadline;
import dev.moraine.sampling.read.ReadResult;
import dev.moraine.sampling.read.SharedReader;
import dev.moraine.wire.message.GetCertificate;
import dev.moraine.wire.message.GetMetadata;
import dev.moraine.wire.transport.PeerConnection;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Reads blobs and certificates for requests, within a deadline and budgets of memory; what several ask for is read once,
 * and what was read lately is kept. Thread-safe; calls block.
 */
final class BlobReading implements AutoCloseable {
    private static final int UNIT_BYTES = 64 << 10;
    private static final int UNPROCESSABLE = 422;

    private final Gateway gateway;
    private final CommitteeReader committee;
    private final SharedReader blobs;
    private final DefiniteMiss misses;
    private final Duration timeout;
    private final Semaphore heldUnits;
    private final int allUnits;

    /**
     * Reads over the connections of a gateway, and asks it first.
     *
     * @param gateway knows what was posted through it
     * @param committee who is asked
     * @param maxBlobBytes longest blob that is read
     * @param memoryBytes memory of all reads in progress together, and half as much for blobs that are on their way to
     *     clients; a blob that takes more goes alone
     * @param cacheBytes memory of blobs that are kept for whoever asks next
     * @param timeout how long a read may take
     */
    BlobReading(
            Gateway gateway,
            Committee committee,
            long maxBlobBytes,
            long memoryBytes,
            long cacheBytes,
            Duration timeout) {
        List<PeerConnection> peers = gateway.connections();
        this.gateway = gateway;
        this.committee = new CommitteeReader.Context()
                .committee(committee)
                .peers(peers)
                .maxBlobBytes(maxBlobBytes)
                .conclude();
        this.blobs = new SharedReader.Context()
                .committee(this.committee)
                .readBytes(memoryBytes)
                .cacheBytes(cacheBytes)
                .conclude();
        this.misses = new DefiniteMiss(committee, peers);
        this.timeout = timeout;
        this.allUnits = Math.clamp(memoryBytes / 2 / UNIT_BYTES, 1, Integer.MAX_VALUE);
        this.heldUnits = new Semaphore(allUnits, true);
    }

    /** A blob that was read whole and verified. Closing it, once or more, frees its memory. */
    final class Blob implements AutoCloseable {
        private final ReadResult.Read read;
        private final int units;
        private final AtomicBoolean isClosed = new AtomicBoolean();

        private Blob(ReadResult.Read read, int units) {
            this.read = read;
            this.units = units;
        }

        /** {@return its bytes, alive until it is closed} */
        MemorySegment bytes() {
            return read.bytes();
        }

        @Override
        public void close() {
            if (isClosed.compareAndSet(false, true)) {
                read.close();
                heldUnits.release(units);
            }
        }
    }

    /**
     * Reads a blob.
     *
     * @param id the blob
     * @return the blob, which the caller closes, or nothing if its writer encoded it wrongly, so that it counts as empty
     * @throws HttpProblemException 404 if there is surely none, 503 if it cannot be had now, 422 if it is too long
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    Optional<Blob> read(BlobId id) throws HttpProblemException, InterruptedException {
        Deadline deadline = committee.deadline(timeout);
        Optional<BlobMetadata> metadata = blobs.metadata(id, deadline).value();
        if (metadata.isEmpty()) {
            boolean isKnown = gateway.status(id) != BlobStatus.UNKNOWN;
            throw (!isKnown && misses.isShown(request -> new GetMetadata(request, id.toBytes()))
                            ? Problems.noSuchBlob(id)
                            : Problems.unavailable("no node gave the metadata of " + id))
                    .toException();
        }
        long lengthBytes = metadata.get().header().lengthBytes();
        if (lengthBytes > committee.maxBlobBytes()) {
            throw tooLarge(lengthBytes, committee.maxBlobBytes()).toException();
        }
        int units = (int) Math.min(allUnits, Math.ceilDiv(lengthBytes, UNIT_BYTES));
        if (!heldUnits.tryAcquire(units, deadline.remainingNs(), TimeUnit.NANOSECONDS)) {
            throw Problems.unavailable("blobs on their way to other clients have all the memory").toException();
        }
        boolean isHeld = false;
        try {
            ReadResult result = blobs.read(id, deadline);
            if (result instanceof ReadResult.Read read) {
                isHeld = true;
                return Optional.of(new Blob(read, units));
            }
            result.close();
            return emptyOrProblem(result);
        } finally {
            if (!isHeld) {
                heldUnits.release(units);
            }
        }
    }

    private static Optional<Blob> emptyOrProblem(ReadResult result) throws HttpProblemException {
        return switch (result) {
            case ReadResult.Inconsistent _ -> Optional.empty();
            case ReadResult.Unavailable unavailable ->
                throw Problems.unavailable(unavailable.missing()).toException();
            case ReadResult.OverLimit over -> throw tooLarge(over.lengthBytes(), over.limitBytes()).toException();
            case ReadResult.Read _ -> throw new IllegalArgumentException("a blob that was read is no problem");
        };
    }

    private static HttpProblem tooLarge(long lengthBytes, long limitBytes) {
        return HttpProblem.ofField(
                UNPROCESSABLE, "BLOB_TOO_LARGE", "blob", lengthBytes + " bytes", "at most " + limitBytes + " bytes");
    }

    /**
     * Whether a blob was accepted by this gateway and has no answer yet.
     *
     * @param id the blob
     * @return true if it waits for its certificate
     */
    boolean isPending(BlobId id) {
        return gateway.status(id) == BlobStatus.PENDING;
    }

    /**
     * Fetches a blob's certificate.
     *
     * @param id the blob
     * @return a valid certificate, or nothing if there surely is none
     * @throws HttpProblemException 503 if it cannot be said now
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    Optional<BlobCertificate> certificate(BlobId id) throws HttpProblemException, InterruptedException {
        BlobCertificate known = gateway.certificate(id);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<BlobCertificate> found =
                committee.certificate(id, committee.deadline(timeout)).value();
        if (found.isEmpty() && !misses.isShown(request -> new GetCertificate(request, id.toBytes()))) {
            throw Problems.unavailable("no node gave a certificate of " + id).toException();
        }
        return found;
    }

    /** {@return memory of blobs that are kept, in bytes} */
    long keptBytes() {
        return blobs.keptBytes();
    }

    /** Drops what is kept; blobs that are on their way stay whole. */
    @Override
    public void close() {
        blobs.close();
    }
}
