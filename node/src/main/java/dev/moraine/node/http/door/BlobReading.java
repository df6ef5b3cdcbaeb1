package dev.moraine.node.http.door;

import dev.moraine.ingest.journal.BlobStatus;
import dev.moraine.node.gateway.Gateway;
import dev.moraine.node.http.HttpProblem;
import dev.moraine.node.http.HttpProblemException;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.sampling.read.BlobReader;
import dev.moraine.sampling.read.CommitteeReader;
import dev.moraine.sampling.read.Deadline;
import dev.moraine.sampling.read.ReadResult;
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

/** Reads blobs and certificates for requests, within a deadline and a budget of memory. Thread-safe; calls block. */
final class BlobReading {
    /** What a read takes at most, in lengths of the blob; {@link BlobReader} says so. */
    private static final int MEMORY_FACTOR = 12;

    private static final int UNIT_BYTES = 64 << 10;
    private static final int UNPROCESSABLE = 422;

    private final Gateway gateway;
    private final CommitteeReader committee;
    private final BlobReader blobs;
    private final DefiniteMiss misses;
    private final Duration timeout;
    private final Semaphore memoryUnits;
    private final int allUnits;

    /**
     * Reads over the connections of a gateway, and asks it first.
     *
     * @param gateway knows what was posted through it
     * @param committee who is asked
     * @param maxBlobBytes longest blob that is read
     * @param memoryBytes memory of all reads together; a blob that takes more is read alone
     * @param timeout how long a read may take
     */
    BlobReading(Gateway gateway, Committee committee, long maxBlobBytes, long memoryBytes, Duration timeout) {
        List<PeerConnection> peers = gateway.connections();
        this.gateway = gateway;
        this.committee = new CommitteeReader.Context()
                .committee(committee)
                .peers(peers)
                .maxBlobBytes(maxBlobBytes)
                .conclude();
        this.blobs = new BlobReader(this.committee);
        this.misses = new DefiniteMiss(committee, peers);
        this.timeout = timeout;
        this.allUnits = Math.clamp(memoryBytes / UNIT_BYTES, 1, Integer.MAX_VALUE);
        this.memoryUnits = new Semaphore(allUnits, true);
    }

    /** A blob that was read whole and verified. Closing it, once or more, frees its memory. */
    final class Blob implements AutoCloseable {
        private final ReadResult.Read read;
        private final int heldUnits;
        private final AtomicBoolean isClosed = new AtomicBoolean();

        private Blob(ReadResult.Read read, int heldUnits) {
            this.read = read;
            this.heldUnits = heldUnits;
        }

        /** {@return its bytes, alive until it is closed} */
        MemorySegment bytes() {
            return read.bytes();
        }

        @Override
        public void close() {
            if (isClosed.compareAndSet(false, true)) {
                read.close();
                memoryUnits.release(heldUnits);
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
        Optional<BlobMetadata> metadata = committee.metadata(id, deadline).value();
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
        int units = units(lengthBytes * MEMORY_FACTOR);
        if (!memoryUnits.tryAcquire(units, deadline.remainingNs(), TimeUnit.NANOSECONDS)) {
            throw Problems.unavailable("other reads have all the memory").toException();
        }
        int keptUnits = 0;
        try {
            ReadResult result = blobs.read(metadata.get(), deadline);
            if (result instanceof ReadResult.Read read) {
                keptUnits = Math.min(units, units(lengthBytes));
                return Optional.of(new Blob(read, keptUnits));
            }
            result.close();
            return emptyOrProblem(result);
        } finally {
            memoryUnits.release(units - keptUnits);
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

    private int units(long bytes) {
        return (int) Math.min(allUnits, Math.ceilDiv(bytes, UNIT_BYTES));
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
}
