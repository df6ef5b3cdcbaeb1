package dev.moraine.benchmarks.codec;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;

/**
 * Memory that is there before it is measured: a thread keeps what it has written once and uses it for all that it
 * measures, because 64 MiB take longer to map than to code.
 *
 * <p>Confined to a thread.
 */
final class BenchMemory {
    private static final int PAGE_BYTES = 4096;
    private static final int CACHE_LINE_BYTES = 64;
    private static final ThreadLocal<BenchMemory> OF_THREAD = ThreadLocal.withInitial(BenchMemory::new);

    private Arena arena = Arena.ofShared();
    private MemorySegment memory = MemorySegment.NULL;

    private BenchMemory() {}

    /** The memory of the calling thread. */
    static BenchMemory ofThread() {
        return OF_THREAD.get();
    }

    /**
     * Pages that have been written; they are those of the last call, too.
     *
     * @param bytes how many bytes
     * @return the bytes, aligned to pages
     */
    MemorySegment take(long bytes) {
        if (memory.byteSize() < bytes) {
            arena.close();
            arena = Arena.ofShared();
            memory = arena.allocate(bytes, PAGE_BYTES);
            for (long i = 0; i < bytes; i++) {
                memory.set(ValueLayout.JAVA_BYTE, i, (byte) (i * 31 + i / 251));
            }
        }
        return memory.asSlice(0, bytes);
    }

    /** Shards an odd number of cache lines apart. */
    MemorySegment[] shards(int count, long shardBytes) {
        return shards(take(count * strideBytes(shardBytes)), count, shardBytes);
    }

    /** Bytes from the first of a shard to the first of the next: an odd number of cache lines. */
    static long strideBytes(long shardBytes) {
        return shardBytes / CACHE_LINE_BYTES % 2 != 0 ? shardBytes : shardBytes + CACHE_LINE_BYTES;
    }

    /** Shards at equal distances from the front of some memory on. */
    static MemorySegment[] shards(MemorySegment memory, int count, long shardBytes) {
        MemorySegment[] shards = new MemorySegment[count];
        for (int shard = 0; shard < count; shard++) {
            shards[shard] = memory.asSlice(shard * strideBytes(shardBytes), shardBytes);
        }
        return shards;
    }

    /**
     * The shards of a recovery.
     *
     * @param shards all shards
     * @param present those that are there
     * @param firstLost the first one to compute
     * @param endLost one more than the last one to compute
     * @return the shards, null for every one that is neither there nor to be computed
     */
    @SuppressWarnings("NullAway") // An entry that is not wanted is null by the contract of reconstruct.
    static MemorySegment[] wanted(MemorySegment[] shards, BitSet present, int firstLost, int endLost) {
        MemorySegment[] wanted = new MemorySegment[shards.length];
        for (int shard = 0; shard < shards.length; shard++) {
            boolean lost = shard >= firstLost && shard < endLost;
            wanted[shard] = lost || present.get(shard) ? shards[shard] : null;
        }
        return wanted;
    }
}
