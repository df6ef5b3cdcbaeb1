package dev.moraine.proofs.fuzz;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.blob.InvalidMetadataException;
import dev.moraine.proofs.certificate.AvailabilityVerdict;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.BlsPublicKey;
import dev.moraine.proofs.certificate.BlsSignature;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.certificate.Certificate;
import dev.moraine.proofs.certificate.InvalidEncodingException;
import dev.moraine.proofs.certificate.InvalidPointException;
import dev.moraine.proofs.certificate.SignedVerdict;
import dev.moraine.proofs.certificate.Statement;
import dev.moraine.proofs.certificate.WriteRight;
import dev.moraine.proofs.certificate.WriterPublicKey;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.merkle.MerklePath;
import dev.moraine.proofs.merkle.RangeProof;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.proofs.proof.ByteRangeProof;
import dev.moraine.proofs.proof.ChunkProof;
import dev.moraine.proofs.proof.ChunkRun;
import dev.moraine.proofs.proof.ProofVerdict;
import dev.moraine.proofs.proof.SymbolProof;
import dev.moraine.proofs.proof.SymbolVerifier;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;

/**
 * Every decoder, with any bytes: it answers with a value or its own exception, and what it takes has exactly the bytes
 * that it was read from. In a build, the committed seeds run; CONTRIBUTING.md says how to search for more.
 */
@Tag("fuzz")
class DecoderFuzzTest {
    private static final int MAX_MEMBERS = 192;

    @FuzzTest
    void header(byte[] data) {
        try {
            BlobHeader header = BlobHeader.decode(data);
            assertArrayEquals(data, header.encode());
            header.isValidForSomeGeometry();
            header.id();
        } catch (InvalidMetadataException e) {
            // Bytes that are none.
        }
    }

    @FuzzTest
    void metadata(byte[] data) {
        if (data.length == 0) {
            return;
        }
        Geometry deployment = geometry(data[0]);
        byte[] encoded = rest(data, 1);
        try {
            BlobMetadata metadata = BlobMetadata.decode(encoded, deployment);
            assertArrayEquals(encoded, metadata.encode());
            assertEquals(true, metadata.header().isValidFor(deployment));
        } catch (InvalidMetadataException e) {
            // Bytes that are none.
        }
    }

    /** A header, where and by what the symbol is said to be, then the proof. */
    @FuzzTest
    void symbolProof(byte[] data) {
        BlobHeader header = headerOf(data);
        if (header == null || data.length < BlobHeader.ENCODED_BYTES + 3) {
            return;
        }
        int row = data[BlobHeader.ENCODED_BYTES];
        int column = data[BlobHeader.ENCODED_BYTES + 1];
        Axis axis = (data[BlobHeader.ENCODED_BYTES + 2] & 1) == 0 ? Axis.ROW : Axis.COLUMN;
        byte[] encoded = rest(data, BlobHeader.ENCODED_BYTES + 3);
        ProofVerdict inPlace = new SymbolVerifier(header, header.id())
                .verify(encoded, 0, encoded.length, row, column, axis);
        SymbolProof proof = SymbolProof.decode(encoded, header, row, column, axis);
        if (proof != null) {
            assertArrayEquals(encoded, proof.encode());
            assertEquals(proof.verify(header, header.id(), row, column, axis), inPlace);
        }
    }

    /** A header, the row, column, first chunk and count of a run, then its proofs. */
    @FuzzTest
    void chunkProofs(byte[] data) {
        BlobHeader header = headerOf(data);
        if (header == null || data.length < BlobHeader.ENCODED_BYTES + 6) {
            return;
        }
        ByteBuffer in = ByteBuffer.wrap(data).position(BlobHeader.ENCODED_BYTES);
        ChunkRun run = new ChunkRun(in.get(), in.get(), in.getShort(), in.getShort());
        byte[] encoded = rest(data, in.position());
        List<ChunkProof> proofs = ChunkProof.decodeRun(encoded, header, run);
        if (proofs != null) {
            assertArrayEquals(encoded, ChunkProof.encodeRun(proofs));
            proofs.get(0).verify(header, header.id(), run.row(), run.column(), run.firstChunk());
        }
    }

    @FuzzTest
    void byteRange(byte[] data) {
        BlobHeader header = headerOf(data);
        if (header == null || !header.isValidForSomeGeometry()) {
            return;
        }
        Geometry deployment = new Geometry(header.shards());
        ByteRangeProof proof = ByteRangeProof.decode(data, deployment);
        if (proof != null) {
            assertArrayEquals(data, proof.encode());
            proof.verify(deployment, header.id(), proof.offset(), proof.lengthBytes());
            assertEquals(proof.lengthBytes(), proof.bytes().length);
        }
    }

    @FuzzTest
    void statement(byte[] data) {
        try {
            assertArrayEquals(data, Statement.decode(data).encode());
        } catch (InvalidEncodingException e) {
            // Bytes that are none.
        }
    }

    @FuzzTest
    void writeRight(byte[] data) {
        try {
            assertArrayEquals(data, WriteRight.decode(data).encode());
        } catch (InvalidEncodingException e) {
            // Bytes that are none.
        }
    }

    @FuzzTest
    void bundleEntry(byte[] data) {
        try {
            assertArrayEquals(data, BundleEntry.decode(data).encode());
        } catch (InvalidEncodingException e) {
            // Bytes that are none.
        }
    }

    @FuzzTest
    void verdict(byte[] data) {
        try {
            assertArrayEquals(data, AvailabilityVerdict.decode(data).encode());
        } catch (InvalidEncodingException e) {
            // Bytes that are none.
        }
    }

    @FuzzTest
    void signedVerdict(byte[] data) {
        try {
            byte[] encoded = rest(data, 1);
            assertArrayEquals(encoded, SignedVerdict.decode(encoded, members(data)).encode());
        } catch (InvalidEncodingException e) {
            // Bytes that are none.
        }
    }

    @FuzzTest
    void certificate(byte[] data) {
        try {
            byte[] encoded = rest(data, 1);
            assertArrayEquals(encoded, Certificate.decode(encoded, members(data)).encode());
        } catch (InvalidEncodingException e) {
            // Bytes that are none.
        }
    }

    @FuzzTest
    void blobCertificate(byte[] data) {
        try {
            byte[] encoded = rest(data, 1);
            assertArrayEquals(encoded, BlobCertificate.decode(encoded, members(data)).encode());
        } catch (InvalidEncodingException e) {
            // Bytes that are none.
        }
    }

    @FuzzTest
    void publicKey(byte[] data) {
        try {
            BlsPublicKey key = BlsPublicKey.decode(data);
            assertArrayEquals(data, key.encode());
            assertEquals(BlsPublicKey.UNCOMPRESSED_BYTES, key.encodeUncompressed().length);
        } catch (InvalidPointException e) {
            // Bytes that are none.
        }
    }

    @FuzzTest
    void signature(byte[] data) {
        try {
            BlsSignature signature = BlsSignature.decode(data);
            assertArrayEquals(data, signature.encode());
            assertEquals(BlsSignature.UNCOMPRESSED_BYTES, signature.encodeUncompressed().length);
        } catch (InvalidPointException e) {
            // Bytes that are none.
        }
    }

    @FuzzTest
    void writerKey(byte[] data) {
        try {
            assertArrayEquals(data, WriterPublicKey.decode(data).encode());
        } catch (InvalidEncodingException e) {
            // Bytes that are none.
        }
    }

    /** Index and count of eight bytes each, then siblings; and the same bytes as the leaves of a range. */
    @FuzzTest
    void merkleProofs(byte[] data) {
        if (data.length < 2 * Long.BYTES) {
            return;
        }
        ByteBuffer in = ByteBuffer.wrap(data);
        long index = in.getLong();
        long count = in.getLong();
        byte[] siblings = rest(data, in.position());
        MerklePath.rootFrom(new Digest(1, 2, 3, 4), index, count, siblings);
        int split = siblings.length / 64 * 32;
        RangeProof.rootFrom(Arrays.copyOf(siblings, split), index, count, rest(siblings, split));
    }

    private static @Nullable BlobHeader headerOf(byte[] data) {
        if (data.length < BlobHeader.ENCODED_BYTES) {
            return null;
        }
        try {
            return BlobHeader.decode(Arrays.copyOf(data, BlobHeader.ENCODED_BYTES));
        } catch (InvalidMetadataException e) {
            return null;
        }
    }

    private static Geometry geometry(byte choice) {
        return new Geometry(Geometry.MIN_SHARDS + (choice & 0xFF) % (Geometry.MAX_SHARDS - Geometry.MIN_SHARDS + 1));
    }

    private static int members(byte[] data) {
        return data.length == 0 ? 1 : 1 + (data[0] & 0xFF) % MAX_MEMBERS;
    }

    private static byte[] rest(byte[] data, int from) {
        return Arrays.copyOfRange(data, Math.min(from, data.length), data.length);
    }
}
