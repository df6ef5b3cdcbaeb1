package dev.moraine.storage.store;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.storage.disk.Disk;
import dev.moraine.storage.segment.LogRecovery;
import dev.moraine.storage.segment.MappedRecord;
import dev.moraine.storage.segment.SegmentLog;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.function.LongSupplier;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps sliver pairs, certificates and expiries in append-only segment files.
 *
 * <p>Threading: one thread appends, forces and closes; any number of threads look things up meanwhile, and none of
 * them waits for it. What was appended can be found at once, and survives a power cut when {@link #force} has
 * returned. {@link StoreWriterAgent} is that one thread for callers that are many.
 *
 * <p>Failures: after the first write or sync that fails, nothing is written any more
 * ({@link StoreException.Reason#DISK_FAILED}), since nobody can say what is on the disk; the next opening finds out.
 * What is read is checked in every read. A damaged record is quarantined: counted, never served, and replaced when the
 * same pair or certificate is appended again.
 *
 * <p>The appending thread should not be interrupted: an interrupt in the middle of a write is a failed write.
 */
public final class SliverStore implements AutoCloseable {
    /** The expiry of a blob for which none was ever signed or certified. */
    public static final long NO_EXPIRY = -1;

    private static final Logger LOG = System.getLogger(SliverStore.class.getName());

    private final StoreContext context;
    private final Disk disk;
    private final SegmentLog log;
    private final SliverIndex index;
    private final SliverReader reader;
    private final MappedPairs mapped;
    private final CertificateLog certificates;
    private final StoreWriter writer;
    private @Nullable ByteRate compactionRate;

    private SliverStore(StoreOpening opening, StoreContext context) {
        this.context = context;
        this.disk = opening.disk();
        this.log = opening.log();
        this.index = opening.index();
        StoreLoader loader = opening.loader();
        this.reader = new SliverReader(
                log.segments(), index, log.recovery().damagedRanges() + loader.damagedCertificates());
        this.mapped = new MappedPairs(log.segments(), index, reader);
        this.certificates = new CertificateLog(log.segments(), index, reader);
        this.writer = new StoreWriter(log, index, loader, reader);
    }

    /**
     * Opens the store of a folder, which is made where it is missing, and recovers it from a crash.
     *
     * @param context folder, deployment and sizes; concluded if that was not done
     * @return the store
     * @throws StoreException if the folder is in use, holds something that this store must not read, or cannot be
     *     read or recovered
     */
    public static SliverStore open(StoreContext context) throws StoreException {
        StoreContext concluded = context.isConcluded() ? context : context.conclude();
        StoreOpening opening = StoreOpening.of(concluded);
        return new SliverStore(opening, concluded);
    }

    /**
     * Appends a sliver pair, and the metadata of its blob where it is missing. Does nothing when the pair is held and
     * can be read.
     *
     * @param pair the pair, verified
     * @throws StoreException if the disk is full or has failed
     */
    public void appendPair(PairRecord pair) throws StoreException {
        writer.appendBundle(new BundleRecord(List.of(pair), List.of()));
    }

    /**
     * Appends one sliver, and the metadata of its blob where it is missing. Does nothing when the sliver is held and
     * can be read.
     *
     * @param sliver the sliver, verified
     * @throws StoreException if the disk is full or has failed
     */
    public void appendSliver(SliverRecord sliver) throws StoreException {
        writer.appendSliver(sliver);
    }

    /**
     * Appends the pairs and expiries of a bundle: all of them, or nothing when the disk is full. What is held and can
     * be read is not appended again.
     *
     * @param bundle the bundle, verified
     * @throws IllegalArgumentException if no segment can hold so much
     * @throws StoreException if the disk is full, and then nothing has changed, or has failed
     */
    public void appendBundle(BundleRecord bundle) throws StoreException {
        writer.appendBundle(bundle);
    }

    /**
     * Appends the latest expiry that is signed for a blob. Does nothing when as late a one is known.
     *
     * @param id the blob
     * @param expiryEpoch the last epoch in which the blob must be kept, at least 0
     * @throws StoreException if the disk is full or has failed
     */
    public void appendRetention(BlobId id, long expiryEpoch) throws StoreException {
        writer.appendBundle(new BundleRecord(List.of(), List.of(new BundleRecord.Retention(id, expiryEpoch))));
    }

    /**
     * Appends a certificate. Does nothing when one over the same bundle and epoch is held.
     *
     * @param certificate the certificate, verified
     * @param entries all entries of its bundle, in order
     * @throws IllegalArgumentException if the entries are not those of the certificate
     * @throws StoreException if the disk is full or has failed
     */
    public void appendCertificate(byte[] certificate, List<BundleEntry> entries) throws StoreException {
        writer.appendCertificate(CertificateRecord.of(certificate, entries));
    }

    /**
     * Makes everything that was appended survive a power cut.
     *
     * @throws StoreException if that is not certain: {@link StoreException.Reason#DISK_FAILED}, and all later writes
     *     are refused
     */
    public void force() throws StoreException {
        writer.force();
    }

    /**
     * Whether there is room for more from outside. Any thread; asked before a bundle's bodies are taken.
     *
     * @param lengthBytes how much the bundle's records take at the most
     * @return false while the disk is full but for its reserve, or fails
     */
    public boolean hasRoomFor(long lengthBytes) {
        try {
            return log.hasRoomFor(lengthBytes);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "it cannot be found out how full the disk is", e);
            return false;
        }
    }

    /**
     * Goes on with emptying a segment of which most is dead, and deletes it at the end. Called by the writing thread
     * now and then, best when it has nothing else to do; it takes a bounded time.
     *
     * @param clock measures the rate
     * @return how much was done, 0 if there is nothing to do now
     * @throws StoreException if the disk has failed
     */
    public int compact(NanoClock clock) throws StoreException {
        ByteRate rate = compactionRate;
        if (rate == null) {
            rate = new ByteRate(clock, context.compactionBytesPerSecond());
            compactionRate = rate;
        }
        return writer.compact(rate);
    }

    /**
     * What else must be run for a store that is open for long.
     *
     * @param currentEpoch what epoch it is
     * @param clock measures rates
     * @return the agent, to be run by one thread
     */
    public StoreUpkeepAgent newUpkeepAgent(LongSupplier currentEpoch, NanoClock clock) {
        log.preallocateAhead();
        return new StoreUpkeepAgent(
                this,
                log,
                writer.checkpoint(),
                newSurveyor(),
                new Scrubber(log.segments(), index, reader, false),
                currentEpoch,
                clock,
                context.scrubSeconds());
    }

    /**
     * Takes the next pair that was found damaged, by a read or by the scrub. Any thread.
     *
     * @return a pair to be repaired, or null if there is none
     */
    public @Nullable DamagedSliver pollDamaged() {
        return reader.pollDamaged();
    }

    Surveyor newSurveyor() {
        return new Surveyor(log, index, writer.compactor());
    }

    /** A scrubber of everything, while nobody appends. */
    Scrubber newScrubber() {
        return new Scrubber(log.segments(), index, reader, true);
    }

    /** Length of all segment files. */
    long segmentBytes() {
        return log.segments().all().stream()
                .mapToLong(segment -> segment.header().capacityBytes())
                .sum();
    }

    boolean isClosed() {
        return reader.isClosed();
    }

    /**
     * Whether a pair is held, as far as is known without reading it.
     *
     * @param id the blob
     * @param pairIndex which pair
     * @return whether it was stored with its metadata, and none of that was found damaged
     */
    public boolean hasPair(BlobId id, int pairIndex) {
        BlobEntry entry = index.blob(id);
        return index.isGood(entry.metadata()) && index.isWhole(entry.pair(pairIndex));
    }

    /**
     * Reads a pair and checks it.
     *
     * @param id the blob
     * @param pairIndex which pair
     * @return the pair, which the caller releases; or that it is not held; or that its record is damaged
     * @throws IllegalStateException if the store is closed
     */
    public PairLookup find(BlobId id, int pairIndex) {
        return reader.find(id, pairIndex, null);
    }

    /**
     * Reads one sliver of a pair and checks it. The other need not be held.
     *
     * @param id the blob
     * @param pairIndex which pair
     * @param axis {@link Axis#ROW} for the primary, {@link Axis#COLUMN} for the secondary sliver
     * @return a pair that has that sliver, and that the caller releases; or that it is not held; or that its record
     *     is damaged
     * @throws IllegalStateException if the store is closed
     */
    public PairLookup findSliver(BlobId id, int pairIndex, Axis axis) {
        return reader.find(id, pairIndex, axis);
    }

    /**
     * Finds a pair without copying it: what is handed out is the mapped segment itself. The first find of a record
     * checks it. Native code must not read the memory, and Java code gets an {@link InternalError} where the disk
     * cannot be read.
     *
     * @param id the blob
     * @param pairIndex which pair
     * @param axis {@link Axis#ROW} for the primary sliver only, {@link Axis#COLUMN} for the secondary only, null for
     *     both
     * @return the pair, which the caller releases soon, since its segments are kept meanwhile; or that it is not held;
     *     or that its record is damaged
     * @throws IllegalStateException if the store is closed
     */
    public PairLookup findMapped(BlobId id, int pairIndex, @Nullable Axis axis) {
        return mapped.find(id, pairIndex, axis);
    }

    /**
     * A reader of symbols with their paths.
     *
     * @return a reader for one thread
     */
    public SymbolReader newSymbolReader() {
        return new SymbolReader(
                reader, index, new MappedRecord(log.segments()), new MappedRecord(log.segments()));
    }

    /**
     * The metadata of a blob of which something is held.
     *
     * @param id the blob
     * @return the metadata, or null if none is held, or it is damaged
     * @throws IllegalStateException if the store is closed
     */
    public @Nullable BlobMetadata metadata(BlobId id) {
        return reader.metadata(id);
    }

    /**
     * The certificate of a blob: of those that are held, the one with the latest expiry.
     *
     * @param id the blob
     * @return the certificate with the blob's entry and the path to it, or null if none is held
     * @throws IllegalStateException if the store is closed
     */
    public @Nullable BlobCertificate certificate(BlobId id) {
        return reader.certificate(id);
    }

    /**
     * The certificates in the order in which they were kept.
     *
     * @return all that are held, for any thread
     */
    public CertificateLog certificates() {
        return certificates;
    }

    /**
     * Until when a blob must be kept.
     *
     * @param id the blob
     * @return the latest expiry epoch that was signed or certified, or {@link #NO_EXPIRY}
     */
    public long expiryEpoch(BlobId id) {
        return index.blob(id).expiryEpoch();
    }

    /**
     * How the store is. Any thread.
     *
     * @return state and counts
     */
    public StoreHealth health() {
        return new StoreHealth(
                writer.hasFailed() ? StoreHealth.State.DISK_FAILED : StoreHealth.State.OK,
                index.pairCount(),
                index.certificateCount(),
                writer.bytes() - reader.quarantinedBytes(),
                reader.quarantined(),
                log.segmentCount());
    }

    /** How many changes of the index are only in memory. */
    int youngChanges() {
        return index.youngCount();
    }

    /**
     * What the opening found.
     *
     * @return the findings
     */
    public LogRecovery recovery() {
        return log.recovery();
    }

    /**
     * Forces what was appended, as far as the disk still lets it, and gives the folder free. A failure is logged;
     * whoever needs to know calls {@link #force} before. Pairs that were handed out stay valid.
     */
    @Override
    public void close() {
        if (!reader.close()) {
            return;
        }
        writer.close();
        try {
            disk.close();
        } catch (IOException e) {
            LOG.log(Level.ERROR, "the lock of the store's folder was not given back", e);
        }
    }
}
