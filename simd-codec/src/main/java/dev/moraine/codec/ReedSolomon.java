package dev.moraine.codec;

import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The systematic code {@code RS(k, n)} over GF(2⁸) (protocol, section 2): any k of the n shards rebuild the rest. It
 * corrects erasures and detects no errors: a wrong shard that goes in makes wrong shards come out.
 *
 * <p>Every shard is a slice of memory that the caller owns; all slices of a call have the same length, a multiple of
 * {@link Geometry#SYMBOL_ALIGNMENT_BYTES}.
 *
 * <p>Immutable and thread-safe.
 */
public final class ReedSolomon {
    /**
     * Shards of the longest codes; data shards and the power of two at or above the parity shards fit in it together.
     */
    public static final int MAX_POINTS = 256;

    private static final ConcurrentHashMap<Integer, ReedSolomon> CODES = new ConcurrentHashMap<>();

    private final int dataShards;
    private final int totalShards;
    private final BitSet data;
    private final BitSet all;
    private final CodecKernel.PreparedMap encoding;
    private final RecoveryCache recoveries;
    private final CodePoints points;
    private final CodecKernel kernel;

    /** Maps from all data shards to one parity shard, each from when it is first wanted. */
    private final AtomicReferenceArray<CodecKernel.@Nullable PreparedMap> single;

    private ReedSolomon(int dataShards, int totalShards, CodecKernel kernel) {
        this.dataShards = dataShards;
        this.totalShards = totalShards;
        data = new BitSet(totalShards);
        data.set(0, dataShards);
        all = new BitSet(totalShards);
        all.set(0, totalShards);
        points = new CodePoints(dataShards, totalShards);
        this.kernel = kernel;
        single = new AtomicReferenceArray<>(totalShards - dataShards);
        encoding = kernel.prepareEncoding(points);
        recoveries = new RecoveryCache(points, kernel);
    }

    /**
     * The code of the given shape. Codes are made once and kept.
     *
     * @param dataShards k, at least 1
     * @param totalShards n, above k; the power of two at or above {@code n − k} and k together are at most
     *     {@link #MAX_POINTS}
     * @return the code
     * @throws IllegalArgumentException if there is no such code
     * @throws IllegalStateException if a kernel was forced that does not run here, see {@link #kernelName()}
     */
    public static ReedSolomon of(int dataShards, int totalShards) {
        if (dataShards < 1 || dataShards >= MAX_POINTS) {
            throw new IllegalArgumentException(
                    "dataShards must be from 1 to " + (MAX_POINTS - 1) + ", but is " + dataShards);
        }
        if (totalShards <= dataShards || totalShards > MAX_POINTS) {
            throw new IllegalArgumentException("totalShards must be from " + (dataShards + 1) + " to " + MAX_POINTS
                    + " for " + dataShards + " data shards, but is " + totalShards);
        }
        int blockSize = CodePoints.blockSize(dataShards, totalShards);
        if (dataShards + blockSize > MAX_POINTS) {
            throw new IllegalArgumentException("totalShards must leave dataShards (" + dataShards
                    + ") and the power of two at or above the parity shards (" + blockSize + ") at most " + MAX_POINTS
                    + " together, but is " + totalShards);
        }
        CodecKernel kernel = KernelChoice.kernelAtStart();
        return CODES.computeIfAbsent(
                dataShards * (MAX_POINTS + 1) + totalShards, shape -> new ReedSolomon(dataShards, totalShards, kernel));
    }

    /**
     * The name of the kernel that all codes of this process run on. {@code -Dmoraine.simd} chooses it, or
     * {@code -Dmoraine.simd.codec} for the code alone: {@code auto} (the default), {@code 512}, {@code 256} or
     * {@code 128} for the bits of the vectors, or {@code scalar}.
     *
     * @return a name that the properties know
     * @throws IllegalStateException if a property forces a kernel that does not run here; the message names the
     *     property and the choices
     */
    public static String kernelName() {
        return KernelChoice.atStart().name();
    }

    /**
     * Data shards.
     *
     * @return k
     */
    public int dataShards() {
        return dataShards;
    }

    /**
     * Data and parity shards together.
     *
     * @return n
     */
    public int totalShards() {
        return totalShards;
    }

    /**
     * Computes the parity shards.
     *
     * @param shards n slices of equal length: the k data shards, which are read, and the parity shards, which are
     *     written
     * @throws IllegalArgumentException if a count, a length or a segment is not as it must be; nothing was written
     */
    public void encode(MemorySegment[] shards) {
        SegmentArguments.checkCount("shards", shards.length, totalShards);
        CallState state = CallState.ofThread();
        long shardBytes = checkShards(state, shards, data, all);
        ShardMemory memory = state.shards().lookAt(shards, shardBytes, 1);
        try {
            encode(memory);
        } finally {
            memory.release();
        }
    }

    /**
     * Computes the shards that are not there.
     *
     * @param shards n slices of equal length, of which those that are present are read and the others are written;
     *     null at a shard that is neither present nor wanted
     * @param present which shards are there; at least k
     * @throws TooFewShardsException if fewer than k shards are present; nothing was written
     * @throws IllegalArgumentException if a count, a length or a segment is not as it must be; nothing was written
     */
    public void reconstruct(@Nullable MemorySegment[] shards, BitSet present) throws TooFewShardsException {
        SegmentArguments.checkCount("shards", shards.length, totalShards);
        if (present.length() > totalShards) {
            throw new IllegalArgumentException("present must name shards from 0 to " + (totalShards - 1)
                    + ", but names " + (present.length() - 1));
        }
        CallState state = CallState.ofThread();
        long shardBytes = checkShards(state, shards, present, present);
        RecoveryPattern pattern = state.pattern();
        chooseSources(present, pattern);
        for (int shard = 0; shard < totalShards; shard++) {
            if (!present.get(shard) && shards[shard] != null) {
                pattern.addTarget(shard);
            }
        }
        ShardMemory memory = state.shards().lookAt(shards, shardBytes, 1);
        try {
            recover(pattern, memory, memory);
        } finally {
            memory.release();
        }
    }

    /** Computes the parity shards from the data shards, both in memory that was checked. */
    void encode(ShardMemory shards) {
        encoding.apply(shards, shards);
    }

    /**
     * Computes one parity shard from all data shards, in memory that was checked. Two threads that want a shard for the
     * first time at once both prepare its map, and either result serves.
     *
     * @param shard from k to {@code n − 1}
     * @param data where the data shards lie
     * @param target where the parity shard lies
     */
    void encodeOne(int shard, ShardMemory data, ShardMemory target) {
        CodecKernel.PreparedMap map = single.get(shard - dataShards);
        if (map == null) {
            int[] sources = this.data.stream().toArray();
            map = kernel.prepare(points.mapping(sources, new int[] {shard}));
            single.set(shard - dataShards, map);
        }
        map.apply(data, target);
    }

    /**
     * Chooses the shards that a recovery reads: every data shard that is there, because it stands for itself, then the
     * first parity shards.
     *
     * @param present the shards that are there
     * @param pattern receives k of them as its sources, and loses what it held
     * @throws TooFewShardsException if there are fewer than k
     */
    void chooseSources(BitSet present, RecoveryPattern pattern) throws TooFewShardsException {
        int available = present.cardinality();
        if (available < dataShards) {
            throw new TooFewShardsException(available, dataShards);
        }
        pattern.clear();
        int shard = -1;
        for (int chosen = 0; chosen < dataShards; chosen++) {
            shard = present.nextSetBit(shard + 1);
            pattern.addSource(shard);
        }
    }

    /**
     * Computes shards from k others, in memory that was checked.
     *
     * @param pattern k sources, and targets other than those
     * @param sourceMemory where the sources lie
     * @param targetMemory where the targets lie
     */
    void recover(RecoveryPattern pattern, ShardMemory sourceMemory, ShardMemory targetMemory) {
        if (pattern.hasTargets()) {
            recoveries.get(pattern).apply(sourceMemory, targetMemory);
        }
    }

    /** Checks the slices of a call, and gives their common length, or 0 if there are none. */
    private static long checkShards(
            CallState state, @Nullable MemorySegment[] shards, BitSet read, BitSet required) {
        long shardBytes = 0;
        for (int shard = 0; shard < shards.length; shard++) {
            MemorySegment segment = shards[shard];
            if (segment == null) {
                if (required.get(shard)) {
                    throw new IllegalArgumentException("shards[" + shard + "] must be a segment, but is null");
                }
                continue;
            }
            if (shardBytes == 0) {
                shardBytes = segment.byteSize();
                checkShardLength(shard, shardBytes);
            }
            if (read.get(shard)) {
                SegmentArguments.checkReadable("shards", shard, segment, shardBytes);
            } else {
                SegmentArguments.checkWritable("shards", shard, segment, shardBytes);
            }
        }
        if (!state.areApart(shards, shardBytes)) {
            for (int shard = 0; shard < shards.length; shard++) {
                MemorySegment segment = shards[shard];
                if (segment != null && !read.get(shard)) {
                    checkApartFromOthers(shards, shard, segment, read);
                }
            }
        }
        return shardBytes;
    }

    private static void checkShardLength(int shard, long shardBytes) {
        if (shardBytes == 0 || shardBytes % Geometry.SYMBOL_ALIGNMENT_BYTES != 0) {
            throw new IllegalArgumentException("shards[" + shard + "] must have a positive multiple of "
                    + Geometry.SYMBOL_ALIGNMENT_BYTES + " bytes, but has " + shardBytes);
        }
    }

    /** Pairs of shards that are both written are looked at once, pairs that are both read may share memory. */
    private static void checkApartFromOthers(
            @Nullable MemorySegment[] shards, int written, MemorySegment segment, BitSet read) {
        for (int other = 0; other < shards.length; other++) {
            MemorySegment otherSegment = shards[other];
            if (otherSegment != null && (other < written || read.get(other))) {
                SegmentArguments.checkApart("shards", other, otherSegment, "shards", written, segment);
            }
        }
    }
}
