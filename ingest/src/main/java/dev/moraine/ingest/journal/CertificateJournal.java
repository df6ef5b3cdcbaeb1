package dev.moraine.ingest.journal;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.Bundle;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.certificate.Certificate;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the certificate of every batch before its answer goes out, so that a gateway that is killed loses none that it
 * acknowledged. What waits is written and synced together, by a thread of the journal's own; where a certificate has
 * expired, its space is won back.
 *
 * <p>What a crash tore off the end is cut off when the journal is opened: nothing in it was acknowledged. What was damaged
 * elsewhere is skipped, counted and logged. After a failed write or sync the journal takes nothing any more.
 *
 * <p>Thread-safe.
 */
public final class CertificateJournal implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(CertificateJournal.class.getName());
    private static final String LOCK_FILE = "lock";
    private static final int QUEUE_CAPACITY = 1024;
    private static final int MAX_GROUP = 256;
    private static final long UPKEEP_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(500);

    /** How long the thread may take to see that the journal is closed. */
    private static final long MAX_WAIT_MS = 20;

    private final JournalContext context;
    private final JournalCounters counters = new JournalCounters();
    private final SegmentSet segments;
    private final FileChannel lockChannel;
    private final ArrayDeque<JournalRecord.BundleKey> backlog;
    private final BlockingQueue<Work> queue = new ArrayBlockingQueue<>(QUEUE_CAPACITY);
    private final Thread thread = Thread.ofPlatform().name("moraine-journal").unstarted(this::run);
    private long lastUpkeepNs;
    private volatile @Nullable String problem;
    private volatile boolean isFull;
    private volatile boolean closing;

    /** A record to be written, and who wants to know that it is durable. */
    private record Work(JournalRecord entry, @Nullable DurabilityListener listener) {}

    private CertificateJournal(JournalContext context, FileChannel lockChannel) throws IOException, JournalException {
        this.context = context;
        this.lockChannel = lockChannel;
        this.segments = new SegmentSet(context, counters);
        try {
            segments.recover();
        } catch (IOException | JournalException | RuntimeException e) {
            segments.close();
            throw e;
        }
        this.backlog = segments.undeliveredKeys();
    }

    /**
     * Opens a journal, recovers what it holds, and starts its thread.
     *
     * @param context what to work with
     * @return the open journal
     * @throws JournalException if the folder is in use or of another deployment, or cannot be read or written
     * @throws IllegalArgumentException if the context holds a value out of its range
     */
    public static CertificateJournal open(JournalContext context) throws JournalException {
        Path folder = context.conclude().folder();
        try {
            makeFolder(folder.toAbsolutePath());
            FileChannel lockChannel = lock(folder);
            try {
                CertificateJournal journal = new CertificateJournal(context, lockChannel);
                journal.thread.start();
                return journal;
            } catch (IOException | JournalException | RuntimeException e) {
                lockChannel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new JournalException("the journal in " + folder + " cannot be opened", e);
        }
    }

    /** Makes a folder with its parents, and lets the name of each survive a power cut. */
    private static void makeFolder(Path folder) throws IOException {
        Path parent = folder.getParent();
        if (Files.isDirectory(folder) || parent == null) {
            return;
        }
        makeFolder(parent);
        Files.createDirectory(folder);
        try (FileChannel channel = FileChannel.open(parent, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static FileChannel lock(Path folder) throws IOException, JournalException {
        FileChannel channel = FileChannel.open(
                folder.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock held = null;
        try {
            held = channel.tryLock();
        } catch (OverlappingFileLockException usedByThisProcess) {
            LOG.log(System.Logger.Level.DEBUG, "locked by this process", usedByThisProcess);
        } finally {
            if (held == null) {
                channel.close();
            }
        }
        if (held == null) {
            throw new JournalException(
                    "the journal in " + folder + " is in use by another gateway: end that one, or name another folder");
        }
        return channel;
    }

    /**
     * Keeps a certificate. Waits while more than a thousand others do; it never waits for the disk otherwise.
     *
     * @param certificate the certificate
     * @param bundle its bundle
     * @param listener told by the journal's thread, exactly once, or by this one if the journal is closed
     */
    public void append(Certificate certificate, Bundle bundle, DurabilityListener listener) {
        try {
            if (!closing) {
                queue.put(new Work(new JournalRecord.Certified(certificate, bundle.entries()), listener));
                failIfEnded();
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        listener.onNotDurable("the journal was closed");
    }

    /**
     * Notes who keeps a certificate, so that it need not be sent again after a restart. If there is no room to note it
     * now, it is sent again, which does no harm.
     *
     * @param certificate the certificate
     * @param bundle its bundle
     * @param keepers the members that said so
     */
    public void noteDelivered(Certificate certificate, Bundle bundle, BitSet keepers) {
        byte[] bitmap = new byte[(context.committee().members().size() + 7) / 8];
        byte[] set = keepers.toByteArray();
        System.arraycopy(set, 0, bitmap, 0, set.length);
        long expiryEpoch = bundle.entries().stream().mapToLong(BundleEntry::expiryEpoch).max().orElse(0);
        var key = new JournalRecord.BundleKey(
                certificate.statement().bundleRoot(), certificate.statement().epoch());
        if (!closing) {
            queue.offer(new Work(new JournalRecord.Delivered(key, expiryEpoch, bitmap), null));
        }
    }

    /**
     * The certificate of a blob that lives longest.
     *
     * @param id the blob
     * @return the certificate, or null if the journal holds none that has not expired
     */
    public @Nullable BlobCertificate find(BlobId id) {
        long epoch = context.currentEpoch();
        return find(id, (found, best) -> found.expiryEpoch() >= epoch
                && (best == null || found.expiryEpoch() > best.expiryEpoch()));
    }

    /**
     * The certificate of an entry.
     *
     * @param entry blob, namespace, length and expiry, which all have to be the same
     * @return the certificate, or null if the journal holds none, or the entry has expired
     */
    public @Nullable BlobCertificate find(BundleEntry entry) {
        return entry.expiryEpoch() < context.currentEpoch()
                ? null
                : find(entry.blobId(), (found, best) -> best == null && found.equals(entry));
    }

    private @Nullable BlobCertificate find(BlobId id, JournalSegment.Choice choice) {
        try {
            return segments.find(id, choice);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, "the journal cannot be read", e);
            return null;
        }
    }

    /**
     * The next of the certificates that some nodes had not said to keep when the journal was opened. For one thread.
     *
     * @return the certificate, or null when there are no more
     */
    public @Nullable UndeliveredCertificate nextUndelivered() {
        while (!backlog.isEmpty()) {
            try {
                UndeliveredCertificate next = segments.undelivered(backlog.removeFirst());
                if (next != null) {
                    return next;
                }
            } catch (IOException e) {
                LOG.log(System.Logger.Level.ERROR, "a certificate cannot be read to be sent again", e);
            }
        }
        return null;
    }

    /** {@return whether a certificate would be kept now: the journal is not full, has not failed and is open} */
    public boolean isAccepting() {
        return !isFull && problem == null && !closing;
    }

    /** {@return what was counted} */
    public JournalCounters counters() {
        return counters;
    }

    /** {@return the bytes of all files} */
    public long sizeBytes() {
        return segments.sizeBytes();
    }

    private void run() {
        List<Work> group = new ArrayList<>(MAX_GROUP);
        lastUpkeepNs = context.nanoClock().nanoTime();
        while (!closing || !queue.isEmpty()) {
            try {
                Work first = queue.poll(MAX_WAIT_MS, TimeUnit.MILLISECONDS);
                if (first != null) {
                    group.add(first);
                    queue.drainTo(group, MAX_GROUP - 1);
                    keep(group);
                }
                upkeep();
            } catch (InterruptedException e) {
                LOG.log(System.Logger.Level.WARNING, "the journal's thread goes on, it ends when the journal is closed", e);
            } catch (IOException | RuntimeException e) {
                fail(e);
            } finally {
                group.clear();
            }
        }
    }

    private void upkeep() throws IOException {
        long nowNs = context.nanoClock().nanoTime();
        if (nowNs - lastUpkeepNs < UPKEEP_INTERVAL_NS) {
            return;
        }
        lastUpkeepNs = nowNs;
        if (problem == null && segments.compactOne()) {
            isFull = false;
        }
    }

    private void keep(List<Work> group) throws IOException {
        String refusal = problem == null ? tryKeep(group) : problem;
        for (Work work : group) {
            DurabilityListener listener = work.listener();
            if (listener == null) {
                continue;
            }
            if (refusal == null) {
                listener.onDurable();
            } else {
                counters.countRefused();
                listener.onNotDurable(refusal);
            }
        }
    }

    private @Nullable String tryKeep(List<Work> group) {
        long bytes = 0;
        int entries = 0;
        boolean mustSync = false;
        for (Work work : group) {
            bytes += JournalSegment.recordBytes(work.entry().body().length);
            entries += work.entry() instanceof JournalRecord.Certified certified ? certified.entries().size() : 0;
            mustSync |= work.listener() != null;
            if (work.entry() instanceof JournalRecord.Delivered delivered) {
                segments.note(delivered);
            }
        }
        try {
            isFull = !segments.makeRoom(bytes, entries);
            if (isFull) {
                return "the journal is full of certificates that the nodes do not keep yet";
            }
            long[] positions = new long[group.size()];
            for (int i = 0; i < positions.length; i++) {
                positions[i] = segments.append(group.get(i).entry());
            }
            if (mustSync) {
                segments.sync();
                counters.countCertificates((int) group.stream().filter(work -> work.listener() != null).count());
            }
            for (int i = 0; i < positions.length; i++) {
                segments.enter(positions[i], group.get(i).entry());
            }
            segments.rollIfFull();
            return null;
        } catch (IOException | RuntimeException e) {
            fail(e);
            return problem;
        }
    }

    private void fail(Exception cause) {
        if (problem == null) {
            problem = "the journal failed: " + cause.getMessage();
            LOG.log(System.Logger.Level.ERROR, "the journal failed, nothing is acknowledged any more", cause);
        }
    }

    /** The end may have come between the look at the flag and the queue, and then nobody else looks into it. */
    private void failIfEnded() {
        if (closing && !thread.isAlive()) {
            List<Work> left = new ArrayList<>();
            queue.drainTo(left);
            for (Work work : left) {
                if (work.listener() != null) {
                    work.listener().onNotDurable("the journal was closed");
                }
            }
        }
    }

    /** Keeps what waits, ends the thread and closes the files. */
    @Override
    public void close() {
        closing = true;
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        failIfEnded();
        try {
            segments.close();
            lockChannel.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, "the journal could not be closed", e);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
