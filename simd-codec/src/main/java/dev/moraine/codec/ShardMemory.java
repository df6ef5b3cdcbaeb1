package dev.moraine.codec;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where the shards of one call lie. A shard is a sequence of {@code runs} stretches of {@code runBytes}, the first
 * bytes of which are {@code runStrideBytes} apart; so one call covers many lines of a matrix at once, however short
 * its symbols are. Positions count the bytes of a shard over all its runs.
 *
 * <p>A view: it owns no memory. Confined to a thread, which may look at other memory with it in its next call.
 */
final class ShardMemory {
    private static final MemorySegment[] NONE = {};

    private @Nullable MemorySegment common;
    private @Nullable MemorySegment[] separate = NONE;
    private long firstOffset;
    private long shardStrideBytes;
    private long runBytes;
    private long runs;
    private long runStrideBytes;

    /** A view of nothing. */
    ShardMemory() {}

    /**
     * Shards at equal distances in one segment.
     *
     * @param segment holds all shards; shard 0 begins at its first byte
     * @param shardStrideBytes from the first byte of a shard to the first byte of the next one
     * @param runBytes length of a run
     * @param runs runs of a shard
     * @param runStrideBytes from the first byte of a run to the first byte of the next one
     * @return a view
     */
    static ShardMemory in(
            MemorySegment segment, long shardStrideBytes, long runBytes, long runs, long runStrideBytes) {
        return new ShardMemory().lookIn(segment, 0, shardStrideBytes, runBytes, runs, runStrideBytes);
    }

    /**
     * Every shard in a segment of its own, its runs one after another.
     *
     * @param segments by shard index; those of shards that no map names may be null
     * @param runBytes length of a run
     * @param runs runs of a shard
     * @return a view
     */
    static ShardMemory of(@Nullable MemorySegment[] segments, long runBytes, long runs) {
        return new ShardMemory().lookAt(segments, runBytes, runs);
    }

    /**
     * Makes this a view of shards at equal distances in one segment.
     *
     * @param segment holds all shards
     * @param firstByte where shard 0 begins
     * @param toNextShard from the first byte of a shard to the first byte of the next one
     * @param bytesOfRun length of a run
     * @param runCount runs of a shard
     * @param toNextRun from the first byte of a run to the first byte of the next one
     * @return this view
     */
    ShardMemory lookIn(
            MemorySegment segment,
            long firstByte,
            long toNextShard,
            long bytesOfRun,
            long runCount,
            long toNextRun) {
        common = segment;
        separate = NONE;
        firstOffset = firstByte;
        shardStrideBytes = toNextShard;
        runBytes = bytesOfRun;
        runs = runCount;
        runStrideBytes = toNextRun;
        return this;
    }

    /**
     * Makes this a view of shards in segments of their own, their runs one after another.
     *
     * @param segments by shard index; those of shards that no map names may be null
     * @param bytesOfRun length of a run
     * @param runCount runs of a shard
     * @return this view
     */
    ShardMemory lookAt(@Nullable MemorySegment[] segments, long bytesOfRun, long runCount) {
        common = null;
        separate = segments;
        firstOffset = 0;
        shardStrideBytes = 0;
        runBytes = bytesOfRun;
        runs = runCount;
        runStrideBytes = bytesOfRun;
        return this;
    }

    /** Makes this a view of nothing, which keeps no memory reachable. */
    void release() {
        common = null;
        separate = NONE;
        runs = 0;
    }

    /** Bytes of a shard, all runs together. */
    long shardBytes() {
        return runs * runBytes;
    }

    /** Bytes from one run boundary to the next, the longest stretch that is certain to be contiguous. */
    long runBytes() {
        return runBytes;
    }

    /**
     * The segment that holds a shard.
     *
     * @param shard shard index
     * @return the segment that {@link #offset} counts in
     */
    MemorySegment segment(int shard) {
        return common != null ? common : Objects.requireNonNull(separate[shard]);
    }

    /**
     * Where a byte of a shard lies.
     *
     * @param shard shard index
     * @param position byte of the shard, below {@link #shardBytes()}
     * @return offset in {@link #segment}; the bytes up to the end of the run follow it
     */
    long offset(int shard, long position) {
        long run = position / runBytes;
        return firstOffset + shard * shardStrideBytes + run * runStrideBytes + (position - run * runBytes);
    }

    /**
     * Copies a part of a shard to the front of an array.
     *
     * @param shard shard index
     * @param position first byte of the part
     * @param strip receives the part
     * @param lengthBytes length of the part
     */
    void read(int shard, long position, byte[] strip, int lengthBytes) {
        MemorySegment segment = segment(shard);
        int done = 0;
        while (done < lengthBytes) {
            int contiguous = contiguousBytes(position + done, lengthBytes - done);
            MemorySegment.copy(
                    segment, ValueLayout.JAVA_BYTE, offset(shard, position + done), strip, done, contiguous);
            done += contiguous;
        }
    }

    /**
     * Copies a part of a shard to a strip.
     *
     * @param shard shard index
     * @param position first byte of the part
     * @param strips receives the part
     * @param stripOffset where in there
     * @param lengthBytes length of the part
     */
    void read(int shard, long position, MemorySegment strips, long stripOffset, int lengthBytes) {
        MemorySegment segment = segment(shard);
        int done = 0;
        while (done < lengthBytes) {
            int contiguous = contiguousBytes(position + done, lengthBytes - done);
            MemorySegment.copy(segment, offset(shard, position + done), strips, stripOffset + done, contiguous);
            done += contiguous;
        }
    }

    /**
     * Copies a strip to a part of a shard.
     *
     * @param shard shard index
     * @param position first byte of the part
     * @param strips holds the part
     * @param stripOffset where in there
     * @param lengthBytes length of the part
     */
    void write(int shard, long position, MemorySegment strips, long stripOffset, int lengthBytes) {
        MemorySegment segment = segment(shard);
        int done = 0;
        while (done < lengthBytes) {
            int contiguous = contiguousBytes(position + done, lengthBytes - done);
            MemorySegment.copy(strips, stripOffset + done, segment, offset(shard, position + done), contiguous);
            done += contiguous;
        }
    }

    /**
     * Copies the front of an array to a part of a shard.
     *
     * @param shard shard index
     * @param position first byte of the part
     * @param strip holds the part
     * @param lengthBytes length of the part
     */
    void write(int shard, long position, byte[] strip, int lengthBytes) {
        MemorySegment segment = segment(shard);
        int done = 0;
        while (done < lengthBytes) {
            int contiguous = contiguousBytes(position + done, lengthBytes - done);
            MemorySegment.copy(
                    strip, done, segment, ValueLayout.JAVA_BYTE, offset(shard, position + done), contiguous);
            done += contiguous;
        }
    }

    /**
     * Copies a whole shard to the same shard of another view with runs of the same length.
     *
     * @param shard shard index
     * @param target where to
     */
    void copyShard(int shard, ShardMemory target) {
        MemorySegment from = segment(shard);
        MemorySegment to = target.segment(shard);
        for (long position = 0; position < shardBytes(); position += runBytes) {
            MemorySegment.copy(from, offset(shard, position), to, target.offset(shard, position), runBytes);
        }
    }

    private int contiguousBytes(long position, int wantedBytes) {
        return (int) Math.min(wantedBytes, runBytes - position % runBytes);
    }
}
