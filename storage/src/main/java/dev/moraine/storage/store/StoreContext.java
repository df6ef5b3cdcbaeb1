package dev.moraine.storage.store;

import dev.moraine.proofs.hash.Digest;
import dev.moraine.storage.disk.Disk;
import dev.moraine.storage.disk.FileDisk;
import dev.moraine.storage.segment.SegmentLog;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Where a store is and how it is kept. Owned by one thread; not to be changed once concluded. */
public final class StoreContext {
    /** Length of a segment file unless another is set. */
    public static final long DEFAULT_SEGMENT_BYTES = 256L << 20;

    /** How fast live records are copied out of segments that are mostly dead, unless it is set otherwise. */
    public static final long DEFAULT_COMPACTION_BYTES_PER_SECOND = 32L << 20;

    /** In how much time everything is read and hashed again, unless it is set otherwise: a week. */
    public static final long DEFAULT_SCRUB_SECONDS = 7L * 24 * 60 * 60;

    private @Nullable Path folder;
    private @Nullable Digest deploymentId;
    private long segmentBytes = DEFAULT_SEGMENT_BYTES;
    private long reserveBytes = 2 * DEFAULT_SEGMENT_BYTES;
    private long compactionBytesPerSecond = DEFAULT_COMPACTION_BYTES_PER_SECOND;
    private long scrubSeconds = DEFAULT_SCRUB_SECONDS;
    private DiskFactory disks = FileDisk::open;
    private LongSupplier nonces = new SecureRandom()::nextLong;
    private boolean usesIndex = true;
    private boolean concluded;

    /** Opens the folder of a store. */
    @FunctionalInterface
    public interface DiskFactory {
        /**
         * Opens and locks a folder.
         *
         * @param folder the folder, made if it is missing
         * @return the locked folder
         * @throws IOException if it cannot be made or locked
         */
        Disk open(Path folder) throws IOException;
    }

    /**
     * Sets where the segment files are.
     *
     * @param value a folder of the store's own, which need not exist
     * @return this
     */
    public StoreContext folder(Path value) {
        folder = value;
        return this;
    }

    /**
     * Sets whose slivers these are.
     *
     * @param value the id of the deployment
     * @return this
     */
    public StoreContext deploymentId(Digest value) {
        deploymentId = value;
        return this;
    }

    /**
     * Sets the length of new segment files. A longer record gets a segment of its own length.
     *
     * @param value bytes, a multiple of 4,096 from 16 KiB to 64 GiB
     * @return this
     */
    public StoreContext segmentBytes(long value) {
        segmentBytes = value;
        return this;
    }

    /**
     * Sets how much of the disk is left free by what comes from outside. Compaction may use it, so that a full disk can
     * be emptied.
     *
     * @param value bytes, at least 0
     * @return this
     */
    public StoreContext reserveBytes(long value) {
        reserveBytes = value;
        return this;
    }

    /**
     * Sets how fast compaction copies.
     *
     * @param value bytes a second, at least 1
     * @return this
     */
    public StoreContext compactionBytesPerSecond(long value) {
        compactionBytesPerSecond = value;
        return this;
    }

    /**
     * Sets in how much time the scrub reads and hashes everything once.
     *
     * @param value seconds, at least 1
     * @return this
     */
    public StoreContext scrubSeconds(long value) {
        scrubSeconds = value;
        return this;
    }

    /**
     * Sets what stands between the store and the file system.
     *
     * @param value opens the store's folder
     * @return this
     */
    public StoreContext disks(DiskFactory value) {
        disks = value;
        return this;
    }

    /** Sets where the nonces of new segments come from. */
    StoreContext nonces(LongSupplier value) {
        nonces = value;
        return this;
    }

    /** Sets whether an index on the disk is used; without one everything is read at the opening. */
    StoreContext usesIndex(boolean value) {
        usesIndex = value;
        return this;
    }

    boolean usesIndex() {
        return usesIndex;
    }

    boolean isConcluded() {
        return concluded;
    }

    DiskFactory disks() {
        return disks;
    }

    long compactionBytesPerSecond() {
        return compactionBytesPerSecond;
    }

    long scrubSeconds() {
        return scrubSeconds;
    }

    private static void checkAtLeast(String field, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(field + " must be at least " + least + ", but is " + value);
        }
    }

    /**
     * Checks everything, and ends the setting.
     *
     * @return this
     * @throws IllegalArgumentException if a field is missing or out of range
     * @throws IllegalStateException if it was called before
     */
    public StoreContext conclude() {
        if (concluded) {
            throw new IllegalStateException("the context is concluded already");
        }
        folder();
        logSettings();
        checkAtLeast("reserveBytes", reserveBytes, 0);
        checkAtLeast("compactionBytesPerSecond", compactionBytesPerSecond, 1);
        checkAtLeast("scrubSeconds", scrubSeconds, 1);
        concluded = true;
        return this;
    }

    private static <T> T required(String field, @Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException(field + " must be set");
        }
        return value;
    }

    Path folder() {
        return required("folder", folder);
    }

    SegmentLog.Settings logSettings() {
        return new SegmentLog.Settings(required("deploymentId", deploymentId), segmentBytes, reserveBytes, nonces);
    }
}
