package dev.moraine.storage.store;

import dev.moraine.storage.segment.SegmentLog;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.LongSupplier;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;

/**
 * What a store needs besides being written and read: it brings the index to the disk, fills the next segment with zeros,
 * looks for segments whose blobs have expired, and scrubs. Segments are emptied and deleted by the writer, in
 * {@link SliverStore#compact}.
 *
 * <p>Threading: run by one thread, beside the writer and the readers. The store must stay open while it runs.
 */
public final class StoreUpkeepAgent implements Agent {
    private static final Logger LOG = System.getLogger(StoreUpkeepAgent.class.getName());

    /** The scrub keeps this pace at the least, so that a small store is not left alone. */
    private static final double LEAST_SCRUB_BYTES_PER_SECOND = 64 << 10;

    private static final long SURVEY_INTERVAL_NS = 100_000_000;
    private static final long COMMIT_RETRY_NS = 1_000_000_000;

    private final SliverStore store;
    private final SegmentLog log;
    private final IndexCheckpoint checkpoint;
    private final Surveyor surveyor;
    private final Scrubber scrubber;
    private final LongSupplier currentEpoch;
    private final NanoClock clock;
    private final long scrubSeconds;
    private final ByteRate scrubRate;
    private long nextSurveyNs;
    private long nextCommitNs;

    StoreUpkeepAgent(
            SliverStore store,
            SegmentLog log,
            IndexCheckpoint checkpoint,
            Surveyor surveyor,
            Scrubber scrubber,
            LongSupplier currentEpoch,
            NanoClock clock,
            long scrubSeconds) {
        this.store = store;
        this.log = log;
        this.checkpoint = checkpoint;
        this.surveyor = surveyor;
        this.scrubber = scrubber;
        this.currentEpoch = currentEpoch;
        this.clock = clock;
        this.scrubSeconds = scrubSeconds;
        this.scrubRate = new ByteRate(clock, LEAST_SCRUB_BYTES_PER_SECOND);
        this.nextSurveyNs = clock.nanoTime();
        this.nextCommitNs = nextSurveyNs;
    }

    @Override
    public int doWork() {
        if (store.isClosed()) {
            return 0;
        }
        int work = log.fillNext() ? 1 : 0;
        long nowNs = clock.nanoTime();
        if (nowNs - nextCommitNs >= 0) {
            work += commit(nowNs);
        }
        if (nowNs - nextSurveyNs >= 0) {
            nextSurveyNs = surveyor.step(currentEpoch.getAsLong()) ? nowNs : nowNs + SURVEY_INTERVAL_NS;
            work++;
        }
        scrubRate.bytesPerSecond(
                Math.max(LEAST_SCRUB_BYTES_PER_SECOND, (double) store.health().bytes() / scrubSeconds));
        if (scrubRate.isOpen()) {
            long bytes = scrubber.step();
            scrubRate.pass(bytes);
            work += bytes > 0 ? 1 : 0;
        }
        return work;
    }

    private int commit(long nowNs) {
        try {
            return checkpoint.commit() ? 1 : 0;
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the index is tried again in a second", e);
            nextCommitNs = nowNs + COMMIT_RETRY_NS;
            return 0;
        }
    }

    /**
     * How much the scrub has read. Any thread.
     *
     * @return bytes of records
     */
    public long scrubbedBytes() {
        return scrubber.scrubbedBytes();
    }

    /**
     * How often the scrub has read everything. Any thread.
     *
     * @return full rounds
     */
    public long scrubRounds() {
        return scrubber.rounds();
    }

    @Override
    public String roleName() {
        return "store-upkeep";
    }
}
