package dev.moraine.storage.store;

import dev.moraine.storage.segment.Segment;
import dev.moraine.storage.segment.SegmentLog;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Brings changes of the index from memory to the disk. The writer sets them aside when they have been forced; then
 * whoever comes by commits them, so that the writer need not wait, unless nobody comes.
 */
final class IndexCheckpoint {
    private static final Logger LOG = System.getLogger(SliverStore.class.getName());

    /** Changes that are set aside together at the least. */
    static final int CHECKPOINT_CHANGES = 1 << 13;

    /** Changes in memory at which the writer commits by itself. */
    static final int MAX_CHANGES = 1 << 16;

    private final SegmentLog log;
    private final SliverIndex index;
    private final LongSupplier bytes;
    private final Object committing = new Object();
    private boolean failed;

    /**
     * Prepares for checkpoints.
     *
     * @param log the log
     * @param index what is committed
     * @param bytes length of all records
     */
    IndexCheckpoint(SegmentLog log, SliverIndex index, LongSupplier bytes) {
        this.log = log;
        this.index = index;
        this.bytes = bytes;
    }

    /**
     * Sets changes aside when there are many. Writer's thread, after a force.
     *
     * @throws StoreException if there are too many, and they cannot be committed for want of space or because the disk
     *     fails
     */
    void afterForce() throws StoreException {
        if (index.youngCount() < CHECKPOINT_CHANGES || !index.isPersisted()) {
            return;
        }
        if (index.youngCount() >= MAX_CHANGES) {
            try {
                commit();
                setAside();
                commit();
            } catch (IOException e) {
                throw new StoreException(
                        StoreException.Reason.DISK_FULL, "the index cannot be written: " + e.getMessage(), e);
            }
        } else {
            setAside();
        }
    }

    private void setAside() {
        setAside(log.segments().all());
    }

    private void setAside(List<Segment> covered) {
        SegmentLog.Position end = log.end();
        index.freeze(IndexState.of(
                end == null ? 0 : end.segmentId(), end == null ? 0 : end.offset(), bytes.getAsLong(), covered));
    }

    /**
     * Commits everything, and that a segment is not needed any more. Writer's thread, after everything was forced.
     *
     * @param dropped the segment
     * @throws IOException if it cannot be committed; then the segment must not be dropped
     */
    void finishWithout(Segment dropped) throws IOException {
        if (index.isPersisted()) {
            commit();
            setAside(log.segments().all().stream()
                    .filter(segment -> segment != dropped)
                    .toList());
            commit();
        }
    }

    /**
     * Commits what was set aside. Any thread; one at a time does it, the others wait.
     *
     * @return whether there was anything
     * @throws IOException if it cannot be committed; it can be tried again
     */
    boolean commit() throws IOException {
        synchronized (committing) {
            try {
                boolean committed = index.commit();
                failed = false;
                return committed;
            } catch (IOException e) {
                if (!failed) {
                    LOG.log(Level.WARNING, "the index could not be written, it will be tried again", e);
                }
                failed = true;
                throw e;
            }
        }
    }

    /**
     * Commits everything. Writer's thread, after everything was forced.
     *
     * @return whether the index now says all that the segments do
     */
    boolean finish() {
        try {
            commit();
            setAside();
            commit();
            return true;
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the index was not written to the end; the next opening completes it", e);
            return false;
        }
    }
}
