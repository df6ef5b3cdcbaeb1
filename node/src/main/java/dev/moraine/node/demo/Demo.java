package dev.moraine.node.demo;

import dev.moraine.codec.Geometry;
import dev.moraine.node.demo.DemoReport.BlobReport;
import dev.moraine.node.demo.DemoReport.CertificateReport;
import dev.moraine.node.demo.DemoReport.CorruptionReport;
import dev.moraine.node.demo.DemoReport.RangeReport;
import dev.moraine.node.demo.DemoReport.ReadBackReport;
import dev.moraine.node.demo.DemoReport.SamplesReport;
import dev.moraine.node.gateway.Gateway;
import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.CertificateVerdict;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.committee.ShardAssignment;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.proofs.proof.ByteRangeProof;
import dev.moraine.proofs.proof.ProofVerdict;
import dev.moraine.proofs.proof.SymbolProof;
import dev.moraine.sampling.light.LightClient;
import dev.moraine.sampling.light.SamplingRefusedException;
import dev.moraine.sampling.light.SamplingReport;
import dev.moraine.sampling.read.Answer;
import dev.moraine.sampling.read.BlobReader;
import dev.moraine.sampling.read.CommitteeReader;
import dev.moraine.sampling.read.Deadline;
import dev.moraine.sampling.read.FaultKind;
import dev.moraine.sampling.read.RangeReader;
import dev.moraine.sampling.read.RangeResult;
import dev.moraine.sampling.read.ReadResult;
import dev.moraine.sampling.read.Sliver;
import dev.moraine.wire.message.Coordinate;
import dev.moraine.wire.message.Part;
import dev.moraine.wire.transport.Transport;
import dev.moraine.wire.transport.TransportKind;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The steps of the demo: post and certify, sample, read with f nodes stopped, read with a sliver corrupted on disk, prove
 * a range. Every result is checked against the bytes that were posted and against the committee's keys.
 *
 * <p>For one thread.
 */
public final class Demo {
    /** Samples of a light client, where the matrix has as many symbols. */
    static final int SAMPLES = 30;

    /** Bytes of the range that is proven, where the batch has as many. */
    static final int RANGE_BYTES = 200;

    private static final Duration STEP_TIMEOUT = Duration.ofSeconds(60);
    private static final double NS_PER_MS = 1e6;

    private final EmbeddedCommittee embedded;
    private final Committee committee;
    private final Geometry geometry;
    private final TransportKind transportKind;
    private final long maxBlobBytes;
    private final Narrative narrative;

    /**
     * Prepares the demo.
     *
     * @param embedded a committee that nobody else uses
     * @param transportKind how the readers' sockets are driven
     * @param maxBlobBytes longest batch
     * @param narrative tells what happens
     */
    public Demo(EmbeddedCommittee embedded, TransportKind transportKind, long maxBlobBytes, Narrative narrative) {
        this.embedded = embedded;
        this.transportKind = transportKind;
        this.maxBlobBytes = maxBlobBytes;
        this.narrative = narrative;
        committee = embedded.committee();
        geometry = committee.geometry();
    }

    /** A batch that has its certificate, and the facts about it that later steps add up to a report. */
    private record Posted(
            DemoBatch batch, BlobCertificate certificate, double timeToCertificateMs, SamplesReport samples) {
        BlobId id() {
            return certificate.entry().blobId();
        }
    }

    /**
     * Runs every step on every batch.
     *
     * @param batches what to post, at least one
     * @param proofsFolder where to leave certificates and proofs as files
     * @return what was shown
     * @throws DemoException if a step cannot be made at all; a step that fails is in the report
     * @throws InterruptedException if the thread is interrupted
     */
    public DemoReport run(List<DemoBatch> batches, Path proofsFolder) throws DemoException, InterruptedException {
        narrative.committee(geometry, transportKind);
        try (Transport transport = new Transport(transportKind, 1)) {
            List<Posted> posted = postAndSample(transport, batches);
            List<ReadBackReport> readBacks = readWithNodesStopped(transport, posted);
            List<CorruptionReport> corruptions = readWithSliversCorrupted(transport, posted);
            List<RangeReport> ranges = proveRanges(transport, posted, new ProofFiles(proofsFolder));
            List<BlobReport> blobs = new ArrayList<>();
            for (int i = 0; i < posted.size(); i++) {
                blobs.add(report(posted.get(i), readBacks.get(i), corruptions.get(i), ranges.get(i)));
            }
            boolean isVerified = blobs.stream().allMatch(BlobReport::isVerified);
            narrative.conclusion(blobs.size(), isVerified);
            return new DemoReport(
                    geometry.shards(),
                    geometry.faultTolerance(),
                    geometry.quorum(),
                    transportKind.optionName(),
                    isVerified,
                    blobs);
        }
    }

    private List<Posted> postAndSample(Transport transport, List<DemoBatch> batches)
            throws DemoException, InterruptedException {
        List<Posted> all = new ArrayList<>();
        try (Gateway gateway = embedded.openGateway();
                ReaderConnections connections = new ReaderConnections(transport, committee, maxBlobBytes)) {
            BatchPoster poster = new BatchPoster(gateway, committee, STEP_TIMEOUT);
            LightClient lightClient =
                    new LightClient.Context().committee(connections.reader()).conclude();
            for (DemoBatch batch : batches) {
                long startNs = System.nanoTime();
                BlobCertificate certificate = poster.post(batch);
                double timeToCertificateMs = (System.nanoTime() - startNs) / NS_PER_MS;
                SamplesReport samples = sample(lightClient, connections.reader(), certificate);
                Posted posted = new Posted(batch, certificate, timeToCertificateMs, samples);
                narrative.blob(batch.name(), certificate.entry(), symbolSizeBytes(posted), expansion(posted));
                narrative.certificate(report(certificate), timeToCertificateMs);
                narrative.samples(samples);
                all.add(posted);
            }
        }
        return all;
    }

    private SamplesReport sample(LightClient lightClient, CommitteeReader reader, BlobCertificate certificate)
            throws DemoException, InterruptedException {
        int count = Math.min(SAMPLES, geometry.shards() * geometry.shards());
        try {
            SamplingReport report = lightClient.sample(certificate, count, reader.deadline(STEP_TIMEOUT));
            return new SamplesReport(report.taken(), report.verified(), report.confidence());
        } catch (SamplingRefusedException e) {
            throw new DemoException("sampling was refused: " + e.getMessage(), e);
        }
    }

    /** The nodes that hold the first source rows are stopped: the worst choice for a reader that asks those first. */
    private List<ReadBackReport> readWithNodesStopped(Transport transport, List<Posted> posted)
            throws DemoException, InterruptedException {
        Set<Integer> stopped = new TreeSet<>();
        for (int pair = 0; pair < geometry.faultTolerance(); pair++) {
            stopped.add(holderOf(posted.get(0).id(), pair));
        }
        narrative.stopping(stopped.stream().map(this::nameOf).toList());
        stopped.forEach(embedded::stopNode);
        List<ReadBackReport> reports = new ArrayList<>();
        try (ReaderConnections connections = new ReaderConnections(transport, committee, maxBlobBytes)) {
            for (Posted each : posted) {
                long startNs = System.nanoTime();
                boolean isIdentical;
                try (ReadResult result = read(connections.reader(), each.id())) {
                    isIdentical = isIdentical(result, each.batch());
                }
                double readMs = (System.nanoTime() - startNs) / NS_PER_MS;
                ReadBackReport report = new ReadBackReport(stopped.size(), isIdentical, readMs);
                narrative.readBack(each.batch().name(), report);
                reports.add(report);
            }
        }
        for (int member : stopped) {
            embedded.startNode(member);
        }
        return reports;
    }

    private List<CorruptionReport> readWithSliversCorrupted(Transport transport, List<Posted> posted)
            throws DemoException, InterruptedException {
        narrative.corrupting();
        Map<BlobId, CorruptionReport> reports = new HashMap<>();
        try (ReaderConnections connections = new ReaderConnections(transport, committee, maxBlobBytes)) {
            for (Posted each : posted) {
                // A batch that was posted twice is one blob, and its sliver is corrupted once.
                if (!reports.containsKey(each.id())) {
                    CorruptionReport report = corruptAndRead(connections.reader(), each);
                    narrative.corruption(each.batch().name(), report);
                    reports.put(each.id(), report);
                }
            }
        }
        return posted.stream().map(each -> reports.get(each.id())).toList();
    }

    private CorruptionReport corruptAndRead(CommitteeReader reader, Posted posted)
            throws DemoException, InterruptedException {
        int member = holderOf(posted.id(), 0);
        try (Arena arena = Arena.ofConfined()) {
            int symbolSizeBytes = symbolSizeBytes(posted);
            MemorySegment row = arena.allocate(geometry.primarySliverBytes(symbolSizeBytes));
            MemorySegment content = posted.batch().content();
            MemorySegment.copy(content, 0, row, 0, Math.min(content.byteSize(), row.byteSize()));
            SliverOnDisk.corrupt(embedded.dataFolder(member), posted.id(), row);
        } catch (IOException e) {
            throw new DemoException("cannot corrupt a sliver of " + nameOf(member) + ": " + e.getMessage(), e);
        }
        boolean isDetected = isFoundDamaged(reader, posted.id(), member);
        try (ReadResult result = read(reader, posted.id())) {
            return new CorruptionReport(
                    nameOf(member), "primary 0", isDetected, isIdentical(result, posted.batch()));
        }
    }

    /**
     * Whether the damage is what keeps the sliver from being had: its node finds it damaged, or delivers what does not
     * match the root. A node that is merely slow or away has noticed nothing.
     */
    private boolean isFoundDamaged(CommitteeReader reader, BlobId id, int member) throws InterruptedException {
        Deadline deadline = reader.deadline(STEP_TIMEOUT);
        BlobMetadata metadata = reader.metadata(id, deadline).value().orElse(null);
        if (metadata == null) {
            return false;
        }
        Answer<Sliver> answer = reader.sliver(metadata, 0, Part.PRIMARY, deadline);
        answer.value().ifPresent(Sliver::close);
        return answer.value().isEmpty()
                && answer.blame().faults().stream()
                        .anyMatch(fault -> fault.member() == member
                                && (fault.kind() == FaultKind.NOT_HELD || fault.kind() == FaultKind.WRONG_SLIVER));
    }

    private List<RangeReport> proveRanges(Transport transport, List<Posted> posted, ProofFiles files)
            throws DemoException, InterruptedException {
        narrative.proving(RANGE_BYTES);
        List<RangeReport> reports = new ArrayList<>();
        try (ReaderConnections connections = new ReaderConnections(transport, committee, maxBlobBytes)) {
            CommitteeReader reader = connections.reader();
            RangeReader ranges = new RangeReader(reader, new BlobReader(reader));
            for (Posted each : posted) {
                long blobBytes = each.certificate().entry().lengthBytes();
                int lengthBytes = (int) Math.min(RANGE_BYTES, blobBytes);
                long offset = (blobBytes - lengthBytes) / 2;
                RangeResult result = ranges.read(each.id(), offset, lengthBytes, reader.deadline(STEP_TIMEOUT));
                RangeReport report = new RangeReport(offset, lengthBytes, 0, false);
                if (result instanceof RangeResult.Proved proved) {
                    report = check(proved.proof(), each, offset, lengthBytes);
                    SymbolProof symbol = symbolOfRowOne(reader, proved.proof().header());
                    files.write(reports.size() + 1, each.certificate(), symbol, proved.proof());
                }
                narrative.range(each.batch().name(), report);
                reports.add(report);
            }
        }
        return reports;
    }

    /** Row 0 is the one whose sliver was corrupted. */
    private static SymbolProof symbolOfRowOne(CommitteeReader reader, BlobHeader header)
            throws DemoException, InterruptedException {
        Coordinate wanted = new Coordinate(1, 0);
        SymbolProof proof = reader.symbols(header, Axis.ROW, List.of(wanted), reader.deadline(STEP_TIMEOUT))
                .value()
                .map(proofs -> proofs.get(wanted))
                .orElse(null);
        if (proof == null) {
            throw new DemoException("no node proves the symbol at row 1, column 0 of blob " + header.id());
        }
        return proof;
    }

    /** The proof goes through its bytes, as it would on its way to whoever settles a dispute. */
    private RangeReport check(ByteRangeProof proof, Posted posted, long offset, int lengthBytes) {
        byte[] encoded = proof.encode();
        ByteRangeProof decoded = ByteRangeProof.decode(encoded, geometry);
        boolean isValid = decoded != null
                && decoded.verify(geometry, posted.id(), offset, lengthBytes) == ProofVerdict.ACCEPT
                && MemorySegment.ofArray(decoded.bytes())
                                .mismatch(posted.batch().content().asSlice(offset, lengthBytes))
                        == -1;
        return new RangeReport(offset, lengthBytes, encoded.length, isValid);
    }

    private ReadResult read(CommitteeReader reader, BlobId id) throws InterruptedException {
        return new BlobReader(reader).read(id, reader.deadline(STEP_TIMEOUT));
    }

    private static boolean isIdentical(ReadResult result, DemoBatch batch) {
        return result instanceof ReadResult.Read read && read.bytes().mismatch(batch.content()) == -1;
    }

    private BlobReport report(
            Posted posted, ReadBackReport readBack, CorruptionReport corruption, RangeReport range) {
        return new BlobReport(
                posted.batch().name(),
                posted.id().toString(),
                posted.certificate().entry().lengthBytes(),
                symbolSizeBytes(posted),
                geometry.shards(),
                expansion(posted),
                report(posted.certificate()),
                posted.timeToCertificateMs(),
                posted.samples(),
                readBack,
                corruption,
                range);
    }

    private CertificateReport report(BlobCertificate certificate) {
        List<Integer> signers = certificate.certificate().signers();
        return new CertificateReport(
                signers.stream().map(this::nameOf).toList(),
                signers.stream().mapToInt(committee::weight).sum(),
                certificate.verify(committee) == CertificateVerdict.ACCEPT);
    }

    private double expansion(Posted posted) {
        int symbolSizeBytes = symbolSizeBytes(posted);
        long pairBytes = geometry.primarySliverBytes(symbolSizeBytes)
                + geometry.secondarySliverBytes(symbolSizeBytes)
                + 64L * geometry.shards();
        return (double) geometry.shards() * pairBytes / posted.certificate().entry().lengthBytes();
    }

    private int symbolSizeBytes(Posted posted) {
        return geometry.symbolSizeBytes(posted.certificate().entry().lengthBytes());
    }

    private int holderOf(BlobId id, int pair) {
        return committee.memberOfShard(ShardAssignment.shardOfPair(id, pair, geometry.shards()));
    }

    private String nameOf(int member) {
        return committee.members().get(member).name();
    }
}
