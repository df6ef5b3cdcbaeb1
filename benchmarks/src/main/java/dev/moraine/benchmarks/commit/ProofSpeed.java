package dev.moraine.benchmarks.commit;

import dev.moraine.codec.BlobMatrix;
import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobCommitment;
import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.proofs.proof.ByteRangeProof;
import dev.moraine.proofs.proof.ChunkProof;
import dev.moraine.proofs.proof.ChunkRun;
import dev.moraine.proofs.proof.ProofVerdict;
import dev.moraine.proofs.proof.SliverCheck;
import dev.moraine.proofs.proof.SliverRoots;
import dev.moraine.proofs.proof.SliverVerifier;
import dev.moraine.proofs.proof.SymbolProof;
import dev.moraine.proofs.proof.SymbolVerifier;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;

/** Verification of every kind of proof over a blob, each as what is repeated. */
final class ProofSpeed {
    /** Verifies a symbol by the row it is in. */
    static final String SYMBOL_BY_ROW = "verify symbol by row";

    /** In the middle of the matrix, where paths are longest. */
    private static final int PLACE = 5;

    private static final int RANGE_BYTES = 4096;

    private ProofSpeed() {}

    /**
     * Makes proofs that are all good.
     *
     * @param arena owns the blob
     * @param shards n
     * @param blobBytes L, at least 5,000
     * @return what verifies each of them, by name; it fails if the verdict is not ACCEPT
     */
    static Map<String, Runnable> verifications(Arena arena, int shards, int blobBytes) {
        CommitSpeed blob = new CommitSpeed(arena, shards, blobBytes);
        BlobCommitment commitment = blob.run();
        BlobMetadata metadata = commitment.metadata();
        BlobHeader header = metadata.header();
        BlobId id = commitment.id();
        Geometry geometry = metadata.geometry();
        MemorySegment bytes = blob.matrixBytes();
        Map<String, Runnable> verifications = new LinkedHashMap<>();
        for (Axis axis : Axis.values()) {
            SymbolProof proof = SymbolProof.of(commitment, bytes, PLACE, PLACE, axis);
            byte[] encoded = proof.encode();
            SymbolVerifier verifier = new SymbolVerifier(header, id);
            verifications.put(
                    axis == Axis.ROW ? SYMBOL_BY_ROW : "verify symbol by column",
                    () -> demand(verifier.verify(encoded, 0, encoded.length, PLACE, PLACE, axis)));
            verifications.put(
                    "verify decoded symbol and header by " + (axis == Axis.ROW ? "row" : "column"),
                    () -> demand(proof.verify(header, id, PLACE, PLACE, axis)));
        }
        ChunkProof chunk = ChunkProof.of(commitment, bytes, new ChunkRun(PLACE, PLACE, 0, 1)).getFirst();
        verifications.put("verify chunk", () -> demand(chunk.verify(header, id, PLACE, PLACE, 0)));
        ByteRangeProof range = ByteRangeProof.of(commitment, bytes, 100, RANGE_BYTES);
        verifications.put(
                "verify range of 4096 bytes", () -> demand(range.verify(geometry, id, 100, RANGE_BYTES)));
        verifications.put("verify sliver pair", slivers(arena, metadata, bytes));
        return verifications;
    }

    private static Runnable slivers(Arena arena, BlobMetadata metadata, MemorySegment bytes) {
        Geometry geometry = metadata.geometry();
        int symbolSizeBytes = metadata.header().symbolSizeBytes();
        MemorySegment primary = bytes.asSlice(
                PLACE * geometry.lineBytes(symbolSizeBytes), geometry.primarySliverBytes(symbolSizeBytes));
        MemorySegment secondary = arena.allocate(geometry.secondarySliverBytes(symbolSizeBytes), 64);
        new BlobMatrix(geometry, symbolSizeBytes).copySecondarySliver(bytes, PLACE, secondary);
        int rootBytes = geometry.shards() * Digest.BYTES;
        SliverRoots roots = new SliverRoots(new byte[rootBytes], new byte[rootBytes]);
        return () -> {
            SliverCheck check = SliverVerifier.verifyPair(metadata, PLACE, primary, secondary, roots);
            if (check != SliverCheck.ACCEPT) {
                throw new IllegalStateException("a good sliver pair was found to be " + check);
            }
        };
    }

    private static void demand(ProofVerdict verdict) {
        if (verdict != ProofVerdict.ACCEPT) {
            throw new IllegalStateException("a good proof was found to be " + verdict);
        }
    }
}
