package dev.moraine.ingest.journal;

import dev.moraine.proofs.committee.Committee;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a journal. Folder, committee and epoch have to be set.
 *
 * <p>For one thread; not to be changed once a journal was opened.
 */
public final class JournalContext {
    /** Least bytes of a file. */
    public static final long MIN_SEGMENT_BYTES = 1 << 12;

    /** Most bytes of a file: it is read as a whole when it is opened. */
    public static final long MAX_SEGMENT_BYTES = 64 << 20;

    /** Most bytes of a journal. */
    public static final long MAX_BYTES = 1L << 40;

    /** Most entries of a journal. */
    public static final int MAX_ENTRIES = 1 << 28;

    private @Nullable Path folder;
    private @Nullable Committee committee;
    private @Nullable LongSupplier currentEpoch;
    private long segmentBytes = 8 << 20;
    private long maxBytes = 1L << 30;
    private int maxEntries = 1_000_000;
    private NanoClock nanoClock = SystemNanoClock.INSTANCE;

    /**
     * Sets where the files lie.
     *
     * @param value a folder of the journal's own, made if it is missing
     * @return this
     */
    public JournalContext folder(Path value) {
        folder = value;
        return this;
    }

    /**
     * Sets whose certificates are kept.
     *
     * @param value the committee
     * @return this
     */
    public JournalContext committee(Committee value) {
        committee = value;
        return this;
    }

    /**
     * Sets the clock by which certificates expire.
     *
     * @param value gives the current epoch; may be called by any thread
     * @return this
     */
    public JournalContext currentEpoch(LongSupplier value) {
        currentEpoch = value;
        return this;
    }

    /**
     * Sets when another file is begun.
     *
     * @param value bytes of a file, past which it may be by one group of bundles
     * @return this
     */
    public JournalContext segmentBytes(long value) {
        segmentBytes = value;
        return this;
    }

    /**
     * Sets how much disk the journal may take. When it is full, the oldest file whose certificates the nodes keep gives
     * way; if there is none, certificates are refused.
     *
     * @param value bytes of all files together, at least four files
     * @return this
     */
    public JournalContext maxBytes(long value) {
        maxBytes = value;
        return this;
    }

    /**
     * Sets how many blobs the journal may remember; the memory of one is some fifty bytes. What happens beyond is as for
     * {@link #maxBytes}.
     *
     * @param value blobs of all files together
     * @return this
     */
    public JournalContext maxEntries(int value) {
        maxEntries = value;
        return this;
    }

    /**
     * Sets the clock that paces upkeep and times syncs.
     *
     * @param value nanoseconds
     * @return this
     */
    public JournalContext nanoClock(NanoClock value) {
        nanoClock = value;
        return this;
    }

    /**
     * Checks what was set.
     *
     * @return this
     * @throws IllegalArgumentException if something is missing or out of its range; names field, value and limit
     */
    public JournalContext conclude() {
        folder();
        committee();
        currentEpoch();
        range("segmentBytes", segmentBytes, MIN_SEGMENT_BYTES, MAX_SEGMENT_BYTES);
        range("maxBytes", maxBytes, 4 * segmentBytes, MAX_BYTES);
        range("maxEntries", maxEntries, 1, MAX_ENTRIES);
        return this;
    }

    private static void range(String field, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    field + " must be from " + least + " to " + most + ", but is " + value);
        }
    }

    private static <T> T present(String field, @Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException(field + " must be set");
        }
        return value;
    }

    Path folder() {
        return present("folder", folder);
    }

    Committee committee() {
        return present("committee", committee);
    }

    long currentEpoch() {
        return present("currentEpoch", currentEpoch).getAsLong();
    }

    long segmentBytes() {
        return segmentBytes;
    }

    long maxBytes() {
        return maxBytes;
    }

    int maxEntries() {
        return maxEntries;
    }

    NanoClock nanoClock() {
        return nanoClock;
    }

    int faultTolerance() {
        return committee().geometry().faultTolerance();
    }
}
