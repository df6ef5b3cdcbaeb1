package dev.moraine.benchmarks.jmh;

import dev.moraine.codec.ReedSolomon;
import dev.moraine.codec.TooFewShardsException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** Encode and reconstruct with a known pattern, on one thread and on two with shards of their own. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsPrepend = "--add-modules=jdk.incubator.vector")
public class ErasureCoderBenchmark {
    /** Data and parity shards, as JMH's options can name them. */
    @Param({"3+4", "5+2", "10+4", "11+20", "21+10", "34+66", "67+33", "66+126", "129+63", "128+128"})
    private String shape = "";

    /** MiB of data. */
    @Param({"1", "64"})
    private int mebibytes;

    private final BitSet present = new BitSet();
    private Arena arena = Arena.global();
    private MemorySegment[] shards = {};
    private ReedSolomon code = ReedSolomon.of(1, 2);

    /** Allocates the shards, an odd number of cache lines apart, and encodes them. */
    @Setup(Level.Trial)
    public void allocate() {
        int plus = shape.indexOf('+');
        int dataShards = Integer.parseInt(shape.substring(0, plus));
        int parityShards = Integer.parseInt(shape.substring(plus + 1));
        long shardBytes = Math.ceilDiv(mebibytes * 1024L * 1024, dataShards * 64L) * 64;
        long stride = shardBytes / 64 % 2 != 0 ? shardBytes : shardBytes + 64;
        arena = Arena.ofShared();
        MemorySegment memory = arena.allocate(stride * (dataShards + parityShards), 4096);
        shards = new MemorySegment[dataShards + parityShards];
        for (int shard = 0; shard < shards.length; shard++) {
            shards[shard] = memory.asSlice(shard * stride, shardBytes).fill((byte) (shard * 31));
        }
        code = ReedSolomon.of(dataShards, shards.length);
        code.encode(shards);
        present.set(Math.min(dataShards, parityShards), shards.length);
    }

    /** Frees the shards. */
    @TearDown(Level.Trial)
    public void free() {
        arena.close();
    }

    /** All parity from all data. */
    @Benchmark
    public void encode() {
        code.encode(shards);
    }

    /**
     * As many data shards as there is parity, or all.
     *
     * @throws TooFewShardsException never
     */
    @Benchmark
    public void reconstruct() throws TooFewShardsException {
        code.reconstruct(shards, present);
    }

    /** Like {@link #encode()}, on two threads at once. */
    @Benchmark
    @Threads(2)
    public void encodeOnTwoThreads() {
        encode();
    }

    /**
     * Like {@link #reconstruct()}, on two threads at once.
     *
     * @throws TooFewShardsException never
     */
    @Benchmark
    @Threads(2)
    public void reconstructOnTwoThreads() throws TooFewShardsException {
        reconstruct();
    }
}
