package dev.moraine.benchmarks.jmh;

import dev.moraine.codec.BlobMatrix;
import dev.moraine.codec.Geometry;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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

/** A blob to its matrix on one thread and on two, and one row of it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsPrepend = "--add-modules=jdk.incubator.vector")
public class BlobMatrixBenchmark {
    /** Shards of the committee. */
    @Param({"7", "31", "100"})
    private int shards;

    /** MiB of the blob. */
    @Param({"1", "64"})
    private int mebibytes;

    private Arena arena = Arena.global();
    private BlobMatrix matrix = new BlobMatrix(new Geometry(4), 64);
    private MemorySegment blob = MemorySegment.NULL;
    private MemorySegment encoded = MemorySegment.NULL;
    private MemorySegment row = MemorySegment.NULL;

    /** Allocates blob and matrix. */
    @Setup(Level.Trial)
    public void allocate() {
        Geometry geometry = new Geometry(shards);
        long blobBytes = mebibytes * 1024L * 1024;
        matrix = new BlobMatrix(geometry, geometry.symbolSizeBytes(blobBytes));
        arena = Arena.ofShared();
        blob = arena.allocate(blobBytes, 4096).fill((byte) 31);
        encoded = arena.allocate(geometry.matrixBytes(matrix.symbolSizeBytes()), 4096);
        row = arena.allocate(geometry.lineBytes(matrix.symbolSizeBytes()), 4096);
    }

    /** Frees them. */
    @TearDown(Level.Trial)
    public void free() {
        arena.close();
    }

    /** The whole matrix. */
    @Benchmark
    public void encode() {
        matrix.encode(blob, encoded);
    }

    /** Like {@link #encode()}, on two threads with a blob each. */
    @Benchmark
    @Threads(2)
    public void encodeOnTwoThreads() {
        encode();
    }

    /** What a node does that is asked for a symbol it can only compute. */
    @Benchmark
    public void extendRow() {
        matrix.extendRow(row);
    }
}
