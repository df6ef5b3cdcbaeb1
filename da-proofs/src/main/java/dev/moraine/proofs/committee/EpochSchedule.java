package dev.moraine.proofs.committee;

/**
 * When epochs begin and end: epoch {@code e} is the time
 * {@code [genesisTime + e·epochSeconds, genesisTime + (e+1)·epochSeconds)}. Reads no clock; callers pass the time, in
 * milliseconds since 1970.
 *
 * <p>Immutable and thread-safe. Nothing overflows, whatever epoch or time is asked about.
 *
 * @param genesisTimeSeconds start of epoch 0, in seconds since 1970, from 0 to {@link #MAX_GENESIS_TIME_SECONDS}
 * @param epochSeconds length of an epoch, from 1 to {@link #MAX_EPOCH_SECONDS}
 */
public record EpochSchedule(long genesisTimeSeconds, long epochSeconds) {
    /** Latest genesis time: the last second of the year 9999. */
    public static final long MAX_GENESIS_TIME_SECONDS = 253_402_300_799L;

    /** Longest epoch, the largest value of its 32-bit field. */
    public static final long MAX_EPOCH_SECONDS = 0xFFFF_FFFFL;

    /** How long after its end an epoch's statements are still signed. */
    public static final long SIGNING_GRACE_MS = 60_000;

    /** What {@link #epochAt} gives for a time before genesis. */
    public static final long BEFORE_GENESIS = -1;

    private static final long MS_PER_SECOND = 1_000;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is out of range
     */
    public EpochSchedule {
        if (genesisTimeSeconds < 0 || genesisTimeSeconds > MAX_GENESIS_TIME_SECONDS) {
            throw new IllegalArgumentException("genesisTimeSeconds must be from 0 to " + MAX_GENESIS_TIME_SECONDS
                    + ", but is " + genesisTimeSeconds);
        }
        if (epochSeconds < 1 || epochSeconds > MAX_EPOCH_SECONDS) {
            throw new IllegalArgumentException(
                    "epochSeconds must be from 1 to " + MAX_EPOCH_SECONDS + ", but is " + epochSeconds);
        }
    }

    /**
     * The epoch that a time falls into.
     *
     * @param unixMs the time
     * @return the epoch, or {@link #BEFORE_GENESIS}
     */
    public long epochAt(long unixMs) {
        long genesisMs = genesisTimeSeconds * MS_PER_SECOND;
        return unixMs < genesisMs ? BEFORE_GENESIS : (unixMs - genesisMs) / epochMs();
    }

    /**
     * The first millisecond of an epoch.
     *
     * @param epoch the epoch, at least 0
     * @return milliseconds since 1970, or {@link Long#MAX_VALUE} if no clock gets there
     */
    public long startMs(long epoch) {
        if (epoch < 0) {
            throw new IllegalArgumentException("epoch must be at least 0, but is " + epoch);
        }
        long genesisMs = genesisTimeSeconds * MS_PER_SECOND;
        return epoch > (Long.MAX_VALUE - genesisMs) / epochMs() ? Long.MAX_VALUE : genesisMs + epoch * epochMs();
    }

    /**
     * The first millisecond after an epoch.
     *
     * @param epoch the epoch, at least 0
     * @return milliseconds since 1970, or {@link Long#MAX_VALUE} if no clock gets there
     */
    public long endMs(long epoch) {
        return epoch == Long.MAX_VALUE ? Long.MAX_VALUE : startMs(epoch + 1);
    }

    /**
     * Whether a node may sign statements of an epoch now: it is the current one, or the last one, and less than
     * {@link #SIGNING_GRACE_MS} have passed since it ended.
     *
     * @param epoch the epoch of the statement, any value
     * @param unixMs the time
     * @return whether it may be signed
     */
    public boolean isSignable(long epoch, long unixMs) {
        long current = epochAt(unixMs);
        if (epoch < 0 || current == BEFORE_GENESIS) {
            return false;
        }
        return epoch == current || (epoch == current - 1 && unixMs - endMs(epoch) < SIGNING_GRACE_MS);
    }

    private long epochMs() {
        return epochSeconds * MS_PER_SECOND;
    }
}
