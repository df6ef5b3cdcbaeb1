package dev.moraine.storage.store;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.storage.disk.NoSpaceException;
import dev.moraine.storage.segment.RecordContent;
import dev.moraine.storage.segment.RecordHeader;
import dev.moraine.storage.segment.RecordType;
import dev.moraine.storage.segment.Segment;
import dev.moraine.storage.segment.SegmentLog;
import dev.moraine.storage.store.StoreException.Reason;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Everything that changes the log. Owned by one thread, but for the counts.
 *
 * <p>After the first error nothing is written any more: nobody can say then what is on the disk.
 */
final class StoreWriter {
    private static final Logger LOG = System.getLogger(SliverStore.class.getName());

    /** Records that are copied in one go at the most, so that bundles need not wait for long. */
    private static final int MAX_COMPACTION_STEPS = 64;

    private final SegmentLog log;
    private final SliverIndex index;
    private final StoreLoader loader;
    private final SliverReader reader;
    private final Compactor compactor;
    private final IndexCheckpoint checkpoint;
    private final AtomicLong bytes;
    private volatile @Nullable IOException failure;

    /**
     * Goes on behind what was loaded.
     *
     * @param log the log
     * @param index what is in it, kept up to date from now on
     * @param loader what filled the index
     * @param reader reads what is held before it is appended anew
     */
    StoreWriter(SegmentLog log, SliverIndex index, StoreLoader loader, SliverReader reader) {
        this.log = log;
        this.index = index;
        this.loader = loader;
        this.reader = reader;
        this.bytes = new AtomicLong(loader.bytes());
        this.compactor = new Compactor(log, index, loader, bytes);
        this.checkpoint = new IndexCheckpoint(log, index, bytes::get);
    }

    /** Commits what the writer sets aside. Any thread. */
    IndexCheckpoint checkpoint() {
        return checkpoint;
    }

    /** As {@link SliverStore#appendBundle}. */
    void appendBundle(BundleRecord bundle) throws StoreException {
        checkWritable();
        List<RecordContent> records = new ArrayList<>();
        Set<BlobId> described = new HashSet<>();
        for (PairRecord pair : bundle.pairs()) {
            BlobId id = pair.metadata().id();
            boolean hasPrimary = isReadable(id, pair.pairIndex(), Axis.ROW);
            boolean hasSecondary = isReadable(id, pair.pairIndex(), Axis.COLUMN);
            if (!hasPrimary || !hasSecondary) {
                addMetadata(pair.metadata(), described, records);
                records.add(hasPrimary
                        ? pair.sliver(Axis.COLUMN).content()
                        : hasSecondary ? pair.sliver(Axis.ROW).content() : pair.content());
            }
        }
        for (BundleRecord.Retention retention : bundle.retentions()) {
            if (index.blob(retention.blobId()).signedExpiryEpoch() < retention.expiryEpoch()) {
                records.add(RecordContent.headerOnly(
                        RecordType.RETENTION, retention.blobId().digest(), retention.expiryEpoch()));
            }
        }
        append(records);
    }

    /** As {@link SliverStore#appendSliver}. */
    void appendSliver(SliverRecord sliver) throws StoreException {
        checkWritable();
        if (!isReadable(sliver.metadata().id(), sliver.pairIndex(), sliver.axis())) {
            List<RecordContent> records = new ArrayList<>();
            addMetadata(sliver.metadata(), new HashSet<>(), records);
            records.add(sliver.content());
            append(records);
        }
    }

    /** What is held is read, since a signature will say that it is there; what turns out to be damaged is not held. */
    private boolean isReadable(BlobId id, int pairIndex, Axis axis) {
        if (reader.find(id, pairIndex, axis) instanceof PairLookup.Found found) {
            found.pair().release();
            return true;
        }
        return false;
    }

    private void addMetadata(BlobMetadata metadata, Set<BlobId> described, List<RecordContent> records) {
        BlobId id = metadata.id();
        if (!index.isGood(index.blob(id).metadata()) && described.add(id)) {
            records.add(new RecordContent(
                    RecordType.METADATA,
                    id.digest(),
                    0,
                    0,
                    MemorySegment.ofArray(metadata.encode()),
                    MemorySegment.ofArray(metadata.blobTreeNodes()),
                    MemorySegment.NULL,
                    MemorySegment.NULL));
        }
    }

    /** As {@link SliverStore#appendCertificate}. */
    void appendCertificate(CertificateRecord certificate) throws StoreException {
        checkWritable();
        if (index.hasBundle(certificate.key())) {
            return;
        }
        try {
            long number = index.numbers().next();
            SegmentLog.Appended appended = log.append(certificate.content(number));
            loader.putCertificate(certificate, placeOf(appended), number);
        } catch (NoSpaceException e) {
            throw full(e);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private void append(List<RecordContent> records) throws StoreException {
        if (records.isEmpty()) {
            return;
        }
        try {
            log.makeRoom(records);
        } catch (NoSpaceException e) {
            throw full(e);
        } catch (IOException e) {
            throw failed(e);
        }
        try {
            for (RecordContent record : records) {
                SegmentLog.Appended appended = log.append(record);
                placeOf(appended);
                loader.put(appended.segment(), appended.header());
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private RecordPlace placeOf(SegmentLog.Appended appended) {
        RecordHeader header = appended.header();
        bytes.addAndGet(header.layout().lengthBytes());
        return RecordPlace.of(appended.segment(), header);
    }

    private static StoreException full(NoSpaceException cause) {
        return new StoreException(Reason.DISK_FULL, "no room for another segment: " + cause.getMessage(), cause);
    }

    /** As {@link SliverStore#force}. */
    void force() throws StoreException {
        checkWritable();
        try {
            log.force();
        } catch (IOException e) {
            throw failed(e);
        }
        index.numbers().onForced(index.numbers().next());
        checkpoint.afterForce();
    }

    private void checkWritable() throws StoreException {
        reader.checkOpen();
        IOException cause = failure;
        if (cause != null) {
            throw new StoreException(
                    Reason.DISK_FAILED, "nothing is written since the disk failed: " + cause.getMessage(), cause);
        }
    }

    private StoreException failed(IOException cause) {
        failure = cause;
        LOG.log(Level.ERROR, "the disk failed, nothing is written any more", cause);
        return new StoreException(Reason.DISK_FAILED, "the disk failed: " + cause.getMessage()
                + ": check it, then start the process again", cause);
    }

    /**
     * Copies a little of what is still of value out of a segment that is mostly dead, and deletes the segment when that
     * is done. Writer's thread.
     *
     * @param rate how fast
     * @return how much was done; 0 if there is nothing to do now
     * @throws StoreException if the disk has failed
     */
    int compact(ByteRate rate) throws StoreException {
        checkWritable();
        int steps = 0;
        try {
            Compactor.Step step = Compactor.Step.BUSY;
            while (step == Compactor.Step.BUSY && steps < MAX_COMPACTION_STEPS && rate.isOpen()) {
                step = compactor.step(rate);
                steps += step == Compactor.Step.IDLE ? 0 : 1;
            }
            if (step == Compactor.Step.EMPTIED) {
                drop();
            }
        } catch (NoSpaceException e) {
            LOG.log(Level.WARNING, "a segment cannot be emptied, since the disk is full even so", e);
            compactor.forget();
        } catch (IOException e) {
            throw failed(e);
        }
        return steps;
    }

    private void drop() throws IOException {
        Segment segment = compactor.segment();
        if (segment == null) {
            compactor.forget();
            return;
        }
        if (compactor.hasCopied()) {
            log.force();
        }
        long droppedBytes = compactor.clear(segment);
        bytes.addAndGet(-droppedBytes);
        try {
            checkpoint.finishWithout(segment);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "a segment is not deleted, since the index cannot be written", e);
            bytes.addAndGet(droppedBytes);
            compactor.forget();
            return;
        }
        log.drop(segment);
        compactor.forget();
        LOG.log(Level.DEBUG, () -> "deleted " + segment.path() + ", of which nothing is needed any more");
    }

    /** Empties segments. */
    Compactor compactor() {
        return compactor;
    }

    /** Whether a write or a sync has failed. Any thread. */
    boolean hasFailed() {
        return failure != null;
    }

    /** Length of the records that were whole when they were last looked at, or written. Any thread. */
    long bytes() {
        return bytes.get();
    }

    /** Forces and marks what was appended, unless the disk has failed, and closes the files. */
    void close() {
        boolean clean = false;
        try {
            if (failure == null) {
                log.mark();
                clean = checkpoint.finish();
            }
        } catch (IOException e) {
            LOG.log(Level.ERROR, "the store was not closed cleanly", e);
        } finally {
            index.close(clean);
            log.close();
        }
    }
}
