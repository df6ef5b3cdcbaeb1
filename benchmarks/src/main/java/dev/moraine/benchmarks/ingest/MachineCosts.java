package dev.moraine.benchmarks.ingest;

import com.sun.management.ThreadMXBean;
import dev.moraine.codec.BlobMatrix;
import dev.moraine.codec.Geometry;
import dev.moraine.ingest.disperse.SliverLayout;
import dev.moraine.proofs.blob.BlobCommitment;
import dev.moraine.proofs.blob.BlobCommitter;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BlsSecretKey;
import dev.moraine.proofs.certificate.BlsSignature;
import dev.moraine.proofs.certificate.Bundle;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.certificate.Certificate;
import dev.moraine.proofs.certificate.SignatureAggregator;
import dev.moraine.proofs.certificate.Statement;
import dev.moraine.proofs.certificate.WriterKey;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.committee.CommitteeMember;
import dev.moraine.proofs.committee.InvalidCommitteeException;
import dev.moraine.proofs.hash.Sha256;
import dev.moraine.proofs.proof.SliverRoots;
import dev.moraine.proofs.proof.SliverVerifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * What the work that a batch cannot do without costs on one core of this machine, with nothing around it. All costs are
 * the processor time of the thread that does the work, in nanoseconds: waiting for the disk costs nothing.
 */
final class MachineCosts {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int RUNS = 7;
    private static final int WARM_UPS = 10;
    private static final long RUN_NS = 60_000_000;
    private static final int SOCKET_BYTES = 64 << 20;
    private static final int SOCKET_CHUNK_BYTES = 256 << 10;
    private static final int WRITE_BYTES = 256 << 10;
    private static final int SYNC_BYTES = 4096;

    private final Geometry geometry;
    private final double socketNsPerByte;
    private final double writeNsPerByte;
    private final double syncNs;
    private final double writerSignNs;
    private final double writerVerifyNs;
    private final double signNs;
    private final double certifyNs;

    /** Work that throws. */
    private interface Work {
        void run() throws IOException;
    }

    MachineCosts(int nodes, Path folder) throws IOException {
        geometry = new Geometry(nodes);
        socketNsPerByte = socket();
        Path file = folder.resolve("costs");
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE)) {
            ByteBuffer data = ByteBuffer.allocateDirect(WRITE_BYTES);
            writeNsPerByte = cost(() -> {
                        CRC32C crc = new CRC32C();
                        crc.update(data.clear());
                        channel.write(data.clear(), 0);
                    })
                    / WRITE_BYTES;
            syncNs = cost(() -> {
                channel.write(data.clear().limit(SYNC_BYTES), 0);
                channel.force(false);
            });
        }
        WriterKey writer = WriterKey.generate(new SecureRandom());
        byte[] message = new byte[Statement.ENCODED_BYTES];
        Bundle bundle = new Bundle(List.of(new BundleEntry(
                new BlobId(Sha256.digest(message)),
                BenchNetwork.NAMESPACE,
                1,
                1)));
        List<BlsSecretKey> keys = new ArrayList<>();
        Committee committee = committee(nodes, keys);
        Statement statement = bundle.statement(committee.deploymentId(), 0);
        byte[] right = writer.sign(statement.writeRight());
        writerSignNs = cost(() -> writer.sign(statement.writeRight()));
        writerVerifyNs = cost(() -> writer.publicKey().verify(statement.writeRight(), right));
        signNs = cost(() -> keys.getFirst().sign(statement.encode()).encode());
        int quorum = geometry.quorum();
        List<BlsSignature> signatures = new ArrayList<>();
        List<Integer> signers = new ArrayList<>();
        for (int i = 0; i < quorum; i++) {
            signatures.add(keys.get(i).sign(statement.encode()));
            signers.add(i);
        }
        certifyNs = cost(() -> Certificate.of(
                        statement,
                        nodes,
                        Set.copyOf(signers),
                        SignatureAggregator.aggregate(signatures).orElseThrow())
                .verify(committee));
    }

    private static Committee committee(int nodes, List<BlsSecretKey> keys) throws IOException {
        SecureRandom random = new SecureRandom();
        List<CommitteeMember> members = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            keys.add(BlsSecretKey.generate(random));
            members.add(new CommitteeMember(
                    "node-" + i, "localhost", 1 + i, keys.get(i).publicKey(), keys.get(i).proofOfPossession(), i, 1));
        }
        try {
            return Committee.of(nodes, 0, 3_600, 24, members);
        } catch (InvalidCommitteeException e) {
            throw new IOException("no committee could be made", e);
        }
    }

    /** The median cost of a call over several runs, after one that warms up. */
    private static double cost(Work work) throws IOException {
        double[] costs = new double[RUNS];
        for (int run = -WARM_UPS; run < RUNS; run++) {
            long calls = 0;
            long startNs = System.nanoTime();
            long cpuNs = THREADS.getCurrentThreadCpuTime();
            do {
                work.run();
                calls++;
            } while (System.nanoTime() - startNs < RUN_NS);
            costs[Math.max(run, 0)] = (double) (THREADS.getCurrentThreadCpuTime() - cpuNs) / calls;
        }
        Arrays.sort(costs);
        return costs[RUNS / 2];
    }

    /** Both ends together, over loopback. */
    private static double socket() throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open()
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            long[] senderNs = new long[1];
            Thread sender = Thread.ofPlatform().unstarted(() -> {
                try (SocketChannel to = SocketChannel.open(server.getLocalAddress())) {
                    ByteBuffer data = ByteBuffer.allocateDirect(SOCKET_CHUNK_BYTES);
                    long cpuNs = THREADS.getCurrentThreadCpuTime();
                    for (int sent = 0; sent < SOCKET_BYTES; ) {
                        sent += to.write(data.hasRemaining() ? data : data.clear());
                    }
                    senderNs[0] = THREADS.getCurrentThreadCpuTime() - cpuNs;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            sender.start();
            long cpuNs;
            long received = 0;
            try (SocketChannel from = server.accept()) {
                ByteBuffer data = ByteBuffer.allocateDirect(SOCKET_CHUNK_BYTES);
                cpuNs = THREADS.getCurrentThreadCpuTime();
                for (int read = 0; read >= 0; read = from.read(data.clear())) {
                    received += read;
                }
                cpuNs = THREADS.getCurrentThreadCpuTime() - cpuNs;
            }
            sender.join();
            return (double) (cpuNs + senderNs[0]) / received;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /**
     * The costs of blobs of one length.
     *
     * @param lengthBytes the length
     * @return coding and hashing at the gateway, and recomputing and hashing at one node
     */
    BlobCosts ofBlob(int lengthBytes) throws IOException {
        SliverLayout layout = new SliverLayout(geometry, geometry.symbolSizeBytes(lengthBytes));
        BlobMatrix codec = new BlobMatrix(geometry, layout.symbolSizeBytes());
        try (Arena arena = Arena.ofShared()) {
            MemorySegment blob = arena.allocate(lengthBytes, 64);
            MemorySegment memory = arena.allocate(layout.totalBytes(), 64);
            MemorySegment matrix = layout.matrix(memory);
            double encodeNs = cost(() -> {
                BlobCommitter.encodeAndCommit(codec, blob, matrix);
                for (int column = 0; column < geometry.shards(); column++) {
                    codec.copySecondarySliver(matrix, column, layout.secondary(memory, column));
                }
            });
            BlobCommitment commitment = BlobCommitter.encodeAndCommit(codec, blob, matrix);
            SliverRoots roots = SliverRoots.allocate(geometry);
            double verifyNs = cost(() -> SliverVerifier.verifyPair(
                    commitment.metadata(), 0, layout.primary(memory, 0), layout.secondary(memory, 0), roots));
            return new BlobCosts(lengthBytes, layout.nodeBytes(1), encodeNs, verifyNs);
        }
    }

    /**
     * Costs of one blob.
     *
     * @param lengthBytes its length
     * @param nodeBytes what one node gets of it
     * @param encodeNs coding and hashing at the gateway
     * @param verifyNs coding and hashing at one node
     */
    record BlobCosts(int lengthBytes, long nodeBytes, double encodeNs, double verifyNs) {}

    /** The bytes of a second that all cores could certify if they did nothing else, in MB. */
    double ceilingMbPerSecond(List<BlobCosts> blobs, double blobsPerBundle) {
        double bytes = 0;
        double ns = 0;
        for (BlobCosts blob : blobs) {
            bytes += blob.lengthBytes();
            ns += blobNs(blob) + bundleNs() / blobsPerBundle;
        }
        return Runtime.getRuntime().availableProcessors() * bytes * 1e3 / ns;
    }

    private double blobNs(BlobCosts blob) {
        int nodes = geometry.shards();
        double transportNs = blob.nodeBytes() * (socketNsPerByte + writeNsPerByte);
        return blob.encodeNs() + nodes * (blob.verifyNs() + transportNs);
    }

    /** The gateway signs, certifies and syncs; each node verifies the writer, syncs twice, signs and verifies. */
    private double bundleNs() {
        int nodes = geometry.shards();
        return writerSignNs + certifyNs + syncNs + nodes * (writerVerifyNs + signNs + certifyNs + 2 * syncNs);
    }

    /** The formula with its figures, for people. */
    String formula(List<BlobCosts> blobs, double blobsPerBundle) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "ceiling = cores %d x bytes / (encode + n x (verify + bytes of a node x (socket %.3f + write with CRC"
                        + " %.3f ns/B)) + bundle / blobs of a bundle %.1f), n = %d; bundle = writer signs %.0f + certify %.0f +"
                        + " sync %.0f + n x (writer verified %.0f + sign %.0f + certificate verified %.0f + 2 syncs) = %.0f us",
                Runtime.getRuntime().availableProcessors(),
                socketNsPerByte,
                writeNsPerByte,
                blobsPerBundle,
                geometry.shards(),
                writerSignNs / 1e3,
                certifyNs / 1e3,
                syncNs / 1e3,
                writerVerifyNs / 1e3,
                signNs / 1e3,
                certifyNs / 1e3,
                bundleNs() / 1e3));
        for (BlobCosts blob : blobs) {
            text.append(String.format(
                    Locale.ROOT,
                    "; %d B: encode %.0f us, verify %.0f us, %d B a node, %.0f us in all",
                    blob.lengthBytes(),
                    blob.encodeNs() / 1e3,
                    blob.verifyNs() / 1e3,
                    blob.nodeBytes(),
                    blobNs(blob) / 1e3));
        }
        return text.toString();
    }
}
