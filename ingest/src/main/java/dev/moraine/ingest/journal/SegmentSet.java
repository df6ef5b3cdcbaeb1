package dev.moraine.ingest.journal;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.Bundle;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.certificate.Certificate;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * The files of a journal, oldest first; the last one is written. One thread changes them, any thread looks entries up.
 */
final class SegmentSet implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(CertificateJournal.class.getName());
    private static final String SUFFIX = ".certificates";

    /** Beyond this many, a certificate is taken as delivered once an honest node keeps it: nodes exchange them. */
    private static final int MAX_UNDELIVERED = 1 << 16;

    private final JournalContext context;
    private final JournalCounters counters;
    private final int members;
    private final int certificateBytes;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final List<JournalSegment> segments = new ArrayList<>();
    private final Map<JournalRecord.BundleKey, Undelivered> undelivered = new LinkedHashMap<>();
    private volatile long sizeBytes;
    private volatile long entries;

    /** A certificate that some nodes have not said to keep. */
    private static final class Undelivered {
        private JournalSegment segment;
        private long position;
        private BitSet keepers = new BitSet();

        private Undelivered(JournalSegment segment, long position) {
            this.segment = segment;
            this.position = position;
        }
    }

    SegmentSet(JournalContext context, JournalCounters counters) {
        this.context = context;
        this.counters = counters;
        this.members = context.committee().members().size();
        this.certificateBytes = Certificate.encodedBytes(members);
    }

    /** Reads what is there, cuts a torn end off, and drops what has expired. */
    void recover() throws IOException, JournalException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(context.folder(), "*" + SUFFIX)) {
            found.forEach(files::add);
        }
        files.sort(Comparator.comparing(Path::toString));
        long nextSequence = 0;
        for (int i = 0; i < files.size(); i++) {
            long sequence = sequenceOf(files.get(i));
            nextSequence = sequence + 1;
            JournalSegment segment = JournalSegment.open(files.get(i), sequence);
            if (segment.sizeBytes() < JournalSegment.HEADER_BYTES) {
                // Its creation was cut short: nothing was acknowledged that is in it.
                segment.delete();
                continue;
            }
            segments.add(segment);
            segment.scan(
                    context.committee().deploymentId(),
                    members,
                    i == files.size() - 1,
                    counters,
                    (position, entry) -> enter(segment, position, entry));
        }
        startSegment(nextSequence);
        dropExpired();
        if (counters.damagedRegions() > 0) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "{0} places of the journal in {1} are damaged; the nodes keep the certificates that stood there",
                    counters.damagedRegions(),
                    context.folder());
        }
    }

    private static long sequenceOf(Path file) throws JournalException {
        String name = String.valueOf(file.getFileName());
        try {
            return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()), 16);
        } catch (NumberFormatException e) {
            throw new JournalException(file + " is no file of a journal: move it away");
        }
    }

    private void startSegment(long sequence) throws IOException {
        Path path = context.folder().resolve(String.format(Locale.ROOT, "%016x%s", sequence, SUFFIX));
        JournalSegment segment = JournalSegment.create(path, sequence, context.committee().deploymentId());
        syncFolder();
        changed(() -> segments.add(segment));
    }

    private void syncFolder() throws IOException {
        try (FileChannel folder = FileChannel.open(context.folder(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    private JournalSegment last() {
        return segments.getLast();
    }

    /** Begins another file if the last one is long enough; what is in the last one was synced. */
    void rollIfFull() throws IOException {
        if (last().sizeBytes() >= context.segmentBytes()) {
            startSegment(last().sequence() + 1);
        }
    }

    /** Writes a record to the last file, without a sync. */
    long append(JournalRecord entry) throws IOException {
        return last().append(entry);
    }

    /** Makes what was written survive a power cut. */
    void sync() throws IOException {
        long startNs = context.nanoClock().nanoTime();
        last().sync();
        counters.countSync(context.nanoClock().nanoTime() - startNs);
    }

    /** Lets a record of the last file be found. */
    void enter(long position, JournalRecord entry) {
        changed(() -> enter(last(), position, entry));
    }

    private void enter(JournalSegment segment, long position, JournalRecord entry) {
        segment.enter(position, entry);
        switch (entry) {
            case JournalRecord.Certified certified ->
                undelivered.put(certified.key(), new Undelivered(segment, position));
            case JournalRecord.Delivered delivered -> noteKeepers(delivered);
        }
    }

    /** Makes a delivery known, written or not: it decides which files may give way. */
    void note(JournalRecord.Delivered delivered) {
        changed(() -> noteKeepers(delivered));
    }

    private void noteKeepers(JournalRecord.Delivered delivered) {
        Undelivered waiting = undelivered.get(delivered.key());
        if (waiting == null) {
            return;
        }
        waiting.keepers.or(BitSet.valueOf(delivered.keepers()));
        boolean tooMany = undelivered.size() > MAX_UNDELIVERED;
        if (waiting.keepers.cardinality() == members || (tooMany && isSafe(waiting))) {
            undelivered.remove(delivered.key());
        }
    }

    /** Makes room for more by dropping the oldest files, as long as honest nodes keep all that is in them. */
    boolean makeRoom(long bytes, int newEntries) throws IOException {
        while (sizeBytes + bytes > context.maxBytes() || entries + newEntries > context.maxEntries()) {
            JournalSegment oldest = segments.getFirst();
            if (segments.size() == 1 || !isKeptByNodes(oldest)) {
                return false;
            }
            drop(oldest);
        }
        return true;
    }

    /** Whether every certificate in a file is with nodes of weight f + 1, so that an honest one keeps it. */
    private boolean isKeptByNodes(JournalSegment segment) {
        for (Undelivered waiting : undelivered.values()) {
            if (waiting.segment == segment && !isSafe(waiting)) {
                return false;
            }
        }
        return true;
    }

    private boolean isSafe(Undelivered waiting) {
        int weight = waiting.keepers.stream().map(context.committee()::weight).sum();
        return weight > context.faultTolerance();
    }

    /**
     * Frees a file that holds little or nothing that lives.
     *
     * @return whether there was one
     */
    boolean compactOne() throws IOException {
        long epoch = context.currentEpoch();
        for (JournalSegment segment : segments) {
            if (segment != last() && 2 * segment.liveBytes(epoch) < segment.sizeBytes()) {
                copyLiving(segment, epoch);
                drop(segment);
                return true;
            }
        }
        return false;
    }

    private void dropExpired() throws IOException {
        for (JournalSegment segment : List.copyOf(segments)) {
            if (segment != last() && segment.liveBytes(context.currentEpoch()) == 0) {
                drop(segment);
            }
        }
    }

    private void copyLiving(JournalSegment from, long epoch) throws IOException {
        if (from.liveBytes(epoch) == 0) {
            return;
        }
        List<JournalRecord> living = new ArrayList<>();
        try {
            from.scan(context.committee().deploymentId(), members, false, counters, (position, entry) -> {
                if (entry.expiryEpoch() >= epoch) {
                    living.add(entry);
                }
            });
        } catch (JournalException e) {
            throw new IOException(e);
        }
        List<Long> positions = new ArrayList<>();
        for (JournalRecord entry : living) {
            positions.add(append(entry));
            counters.countRecordCopied();
        }
        sync();
        changed(() -> {
            for (int i = 0; i < living.size(); i++) {
                move(living.get(i), positions.get(i));
            }
        });
        rollIfFull();
    }

    /** Enters a copy, without forgetting who keeps the certificate. */
    private void move(JournalRecord entry, long position) {
        last().enter(position, entry);
        if (entry instanceof JournalRecord.Certified certified) {
            Undelivered waiting = undelivered.get(certified.key());
            if (waiting != null) {
                waiting.segment = last();
                waiting.position = position;
            }
        }
    }

    private void drop(JournalSegment segment) throws IOException {
        changed(() -> {
            segments.remove(segment);
            undelivered.values().removeIf(waiting -> waiting.segment == segment);
        });
        segment.delete();
        counters.countSegmentDropped();
    }

    private void changed(Runnable change) {
        lock.writeLock().lock();
        try {
            change.run();
            sizeBytes = segments.stream().mapToLong(JournalSegment::sizeBytes).sum();
            entries = segments.stream().mapToLong(JournalSegment::entryCount).sum();
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** The bytes of all files. */
    long sizeBytes() {
        return sizeBytes;
    }

    /** The certificate of the entry of a blob that is chosen, or null. Any thread. */
    @Nullable BlobCertificate find(BlobId id, JournalSegment.Choice choice) throws IOException {
        lock.readLock().lock();
        try {
            JournalSegment.Place best = null;
            for (JournalSegment segment : segments.reversed()) {
                BundleEntry bestEntry = best == null ? null : best.entry();
                JournalSegment.Place better = segment.find(id, certificateBytes, choice, bestEntry);
                best = better == null ? best : better;
            }
            return best == null ? null : certificateAt(best);
        } finally {
            lock.readLock().unlock();
        }
    }

    private @Nullable BlobCertificate certificateAt(JournalSegment.Place place) throws IOException {
        if (place.segment().read(place.position(), members) instanceof JournalRecord.Certified certified) {
            return new Bundle(certified.entries()).blobCertificate(certified.certificate(), place.entryIndex());
        }
        counters.countDamagedRegion();
        return null;
    }

    /** The certificates that some nodes have not said to keep, oldest first, as they are now. */
    ArrayDeque<JournalRecord.BundleKey> undeliveredKeys() {
        return new ArrayDeque<>(undelivered.keySet());
    }

    /** One of them, or null if it has been delivered, dropped or damaged. Any thread. */
    @Nullable UndeliveredCertificate undelivered(JournalRecord.BundleKey key) throws IOException {
        lock.readLock().lock();
        try {
            Undelivered waiting = undelivered.get(key);
            return waiting != null
                            && waiting.segment.read(waiting.position, members)
                                    instanceof JournalRecord.Certified certified
                    ? new UndeliveredCertificate(
                            certified.certificate(), new Bundle(certified.entries()), (BitSet) waiting.keepers.clone())
                    : null;
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public void close() throws IOException {
        for (JournalSegment segment : segments) {
            segment.close();
        }
    }
}
