package dev.moraine.proofs.fuzz;

import dev.moraine.codec.BlobMatrix;
import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobCommitment;
import dev.moraine.proofs.blob.BlobCommitter;
import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.AvailabilityVerdict;
import dev.moraine.proofs.certificate.AvailabilityVerdict.Outcome;
import dev.moraine.proofs.certificate.BlsSecretKey;
import dev.moraine.proofs.certificate.BlsSignature;
import dev.moraine.proofs.certificate.Bundle;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.certificate.Certificate;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.proofs.certificate.SignatureAggregator;
import dev.moraine.proofs.certificate.SignedVerdict;
import dev.moraine.proofs.certificate.Statement;
import dev.moraine.proofs.certificate.WriterKey;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.merkle.MerkleTree;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.proofs.proof.ByteRangeProof;
import dev.moraine.proofs.proof.ChunkProof;
import dev.moraine.proofs.proof.ChunkRun;
import dev.moraine.proofs.proof.SymbolProof;
import dev.moraine.testing.Seed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Writes the seeds of {@link DecoderFuzzTest}: a good encoding for each target, the same one with a bit flipped, and
 * the same one cut. The same ones in every run. Its argument is the folder {@code DecoderFuzzTestInputs}.
 */
final class CorpusWriter {
    private static final int MEMBERS = 4;

    private final Path folder;
    private final Random random = new Random(1);

    private CorpusWriter(Path folder) {
        this.folder = folder;
    }

    /**
     * Writes the corpus.
     *
     * @param args the folder
     * @throws IOException if a file cannot be written
     */
    public static void main(String[] args) throws IOException {
        CorpusWriter writer = new CorpusWriter(Path.of(args[0]));
        writer.writeProofs();
        writer.writeSigned();
    }

    private void writeProofs() throws IOException {
        Geometry geometry = new Geometry(MEMBERS);
        byte[] bytes = Seed.bytes(random, 6 * 1088);
        BlobMatrix matrix = new BlobMatrix(geometry, geometry.symbolSizeBytes(bytes.length));
        MemorySegment symbols = MemorySegment.ofArray(new byte[(int) geometry.matrixBytes(matrix.symbolSizeBytes())]);
        matrix.encode(MemorySegment.ofArray(bytes), symbols);
        BlobCommitment commitment = BlobCommitter.commit(matrix, symbols, bytes.length);
        BlobHeader header = commitment.metadata().header();
        write("header", header.encode());
        write("metadata", join(new byte[] {0}, commitment.metadata().encode()));
        for (Axis axis : Axis.values()) {
            byte[] question = {2, 1, (byte) (axis == Axis.ROW ? 0 : 1)};
            byte[] proof = SymbolProof.of(commitment, symbols, 2, 1, axis).encode();
            write("symbolProof", join(header.encode(), question, proof));
        }
        byte[] run = ByteBuffer.allocate(6).put((byte) 1).put((byte) 2).putShort((short) 0).putShort((short) 2).array();
        byte[] proofs = ChunkProof.encodeRun(ChunkProof.of(commitment, symbols, new ChunkRun(1, 2, 0, 2)));
        write("chunkProofs", join(header.encode(), run, proofs));
        write("byteRange", ByteRangeProof.of(commitment, symbols, 1_000, 200).encode());
        MerkleTree tree = MerkleTree.ofLeafHashes(Seed.bytes(random, 11 * Digest.BYTES));
        write("merkleProofs", join(ByteBuffer.allocate(16).putLong(6).putLong(11).array(), tree.path(6)));
    }

    private void writeSigned() throws IOException {
        List<BlsSecretKey> keys = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            byte[] secret = new byte[BlsSecretKey.ENCODED_BYTES];
            Arrays.fill(secret, (byte) i);
            keys.add(BlsSecretKey.fromBytes(secret));
        }
        List<BundleEntry> entries = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            entries.add(new BundleEntry(
                    BlobId.of(Seed.bytes(random, BlobId.BYTES)), Namespace.parse("rollup"), 1_000 + i, 9));
        }
        Bundle bundle = new Bundle(entries);
        Statement statement = bundle.statement(new Digest(1, 2, 3, 4), 7);
        Certificate certificate = Certificate.of(statement, MEMBERS, List.of(0, 1, 2), sum(keys, statement.encode()));
        AvailabilityVerdict verdict =
                new AvailabilityVerdict(Outcome.WHOLE, statement.deploymentId(), entries.get(0).blobId());
        SignedVerdict signed = SignedVerdict.of(verdict, MEMBERS, List.of(0, 1), sum(keys, verdict.encode()));
        byte[] members = {MEMBERS - 1};
        write("statement", statement.encode());
        write("writeRight", statement.writeRight().encode());
        write("bundleEntry", entries.get(0).encode());
        write("verdict", verdict.encode());
        write("signedVerdict", join(members, signed.encode()));
        write("certificate", join(members, certificate.encode()));
        write("blobCertificate", join(members, bundle.blobCertificate(certificate, 1).encode()));
        write("publicKey", keys.get(0).publicKey().encode());
        write("signature", keys.get(0).sign(statement.encode()).encode());
        write("writerKey", WriterKey.fromSeed(new byte[WriterKey.SEED_BYTES]).publicKey().encode());
    }

    private static BlsSignature sum(List<BlsSecretKey> keys, byte[] message) {
        return SignatureAggregator.aggregate(keys.stream().map(key -> key.sign(message)).toList())
                .orElseThrow();
    }

    private void write(String target, byte[] good) throws IOException {
        Path seeds = Files.createDirectories(folder.resolve(target));
        String name = "good-" + Integer.toHexString(Arrays.hashCode(good));
        Files.write(seeds.resolve(name), good);
        byte[] flipped = good.clone();
        flipped[random.nextInt(good.length)] ^= (byte) (1 << random.nextInt(8));
        Files.write(seeds.resolve(name + "-flipped"), flipped);
        Files.write(seeds.resolve(name + "-cut"), Arrays.copyOf(good, random.nextInt(good.length)));
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }
}
