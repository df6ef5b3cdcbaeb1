package dev.moraine.benchmarks.sampling;

import dev.moraine.benchmarks.report.Row;
import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.blob.SymbolTree;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.hash.Sha256;
import dev.moraine.sampling.read.BlobReader;
import dev.moraine.sampling.read.CommitteeReader;
import dev.moraine.sampling.read.ReadResult;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Measures whole reads of 1 MiB blobs by one thread, and what one thread hashes: a read hashes the whole matrix once, so
 * the lanes divided by the blob's hash factor {@code n²/(k₁·k₂)} bound it.
 */
final class WholeReadRuns {
    private static final int SHARDS = 7;
    private static final int BLOB_BYTES = 1 << 20;
    private static final int BLOBS = 32;
    private static final double MEGA = 1e6;

    private final Path folder;
    private final int rounds;
    private final long millis;

    /**
     * Prepares to measure.
     *
     * @param folder where stores go
     * @param rounds how often each is measured
     * @param millis how long a measuring takes
     */
    WholeReadRuns(Path folder, int rounds, long millis) {
        this.folder = folder;
        this.rounds = rounds;
        this.millis = millis;
    }

    /** Reads with all nodes, then with f of them down. */
    List<Row> measure() throws Exception {
        try (NodesInMemory nodes = new NodesInMemory(folder, SHARDS)) {
            List<BlobId> ids = nodes.hold(BLOBS, BLOB_BYTES);
            CommitteeReader committee = new CommitteeReader.Context()
                    .committee(nodes.committee())
                    .peers(nodes.peers())
                    .conclude();
            Geometry geometry = nodes.committee().geometry();
            double factor = (double) SHARDS * SHARDS / (geometry.sourceRows() * geometry.sourceColumns());
            double[] hashed = new double[rounds];
            double[] read = new double[rounds];
            for (int round = -2; round < rounds; round++) {
                double lanes = lanes() / factor;
                double reads = reads(committee, ids);
                if (round >= 0) {
                    hashed[round] = lanes;
                    read[round] = reads;
                }
            }
            nodes.stop(geometry.faultTolerance());
            double[] readDown = new double[rounds];
            for (int round = -1; round < rounds; round++) {
                double reads = reads(committee, ids);
                if (round >= 0) {
                    readDown[round] = reads;
                }
            }
            String params = "n=7, blobs of 1 MiB, 1 thread reads, nodes in the same process, "
                    + Runtime.getRuntime().availableProcessors() + " processors";
            return List.of(
                    Row.of(SamplingBars.HASHES, SamplingBars.MORAINE, params, "MB/s of blob", hashed),
                    Row.of(SamplingBars.READ, SamplingBars.MORAINE, params, "MB/s of blob", read),
                    Row.of(SamplingBars.READ_DOWN, SamplingBars.MORAINE, params, "MB/s of blob", readDown));
        }
    }

    /** MB/s of chunks that this thread hashes. */
    private double lanes() {
        int messages = 1_024;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment source = arena.allocate((long) messages * SymbolTree.CHUNK_BYTES, 64);
            MemorySegment digests = arena.allocate((long) messages * Digest.BYTES, 64);
            long start = System.nanoTime();
            long hashedBytes = 0;
            while (System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(millis)) {
                Sha256.hashTagged(
                        (byte) 0, source, 0, SymbolTree.CHUNK_BYTES, SymbolTree.CHUNK_BYTES, messages, digests, 0);
                hashedBytes += source.byteSize();
            }
            return rate(hashedBytes, start);
        }
    }

    private double reads(CommitteeReader committee, List<BlobId> ids) throws InterruptedException {
        BlobReader reader = new BlobReader(committee);
        long start = System.nanoTime();
        long readBytes = 0;
        for (int i = 0; System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(millis); i++) {
            try (ReadResult result = reader.read(
                    ids.get(i % ids.size()), committee.deadline(Duration.ofSeconds(30)))) {
                if (!(result instanceof ReadResult.Read read)) {
                    throw new IllegalStateException("a blob was not read: " + result);
                }
                readBytes += read.bytes().byteSize();
            }
        }
        return rate(readBytes, start);
    }

    private static double rate(long bytes, long startNs) {
        return bytes / MEGA * TimeUnit.SECONDS.toNanos(1) / (System.nanoTime() - startNs);
    }
}
