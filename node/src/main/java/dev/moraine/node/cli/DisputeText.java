package dev.moraine.node.cli;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.blob.SymbolTree;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.evm.EvmCalls;
import dev.moraine.proofs.proof.ByteRangeProof;
import dev.moraine.proofs.proof.ChunkProof;
import dev.moraine.proofs.proof.ChunkRun;
import dev.moraine.sampling.dispute.DisputeResult;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Evidence for output. */
final class DisputeText {
    private static final int WORD_BYTES = 32;

    private DisputeText() {}

    /**
     * A chunk of a range.
     *
     * @param offset its first byte in the blob
     * @param row the symbol's row
     * @param column the symbol's column
     * @param chunk its place in the symbol
     * @param proof its proof, as {@link ChunkProof#encode()} writes it
     */
    record Chunk(long offset, int row, int column, int chunk, String proof) {}

    /** Bytes as contracts and their tools write them. */
    static String hex(byte[] bytes) {
        return "0x" + HexFormat.of().formatHex(bytes);
    }

    /** The chunks that cover a range. */
    static List<Chunk> chunks(ByteRangeProof range) {
        BlobHeader header = range.header();
        int columns = new Geometry(header.shards()).sourceColumns();
        List<Chunk> chunks = new ArrayList<>();
        for (ChunkRun run : ChunkRun.covering(header, range.offset(), range.lengthBytes())) {
            for (int i = 0; i < run.chunkCount(); i++) {
                int chunk = run.firstChunk() + i;
                long symbol = (long) run.row() * columns + run.column();
                long offset = symbol * header.symbolSizeBytes() + (long) chunk * SymbolTree.CHUNK_BYTES;
                String proof = hex(range.chunks().get(chunks.size()).encode());
                chunks.add(new Chunk(offset, run.row(), run.column(), chunk, proof));
            }
        }
        return chunks;
    }

    /** A line for each call of the Solidity verifiers: the function's name and the calldata. */
    static List<String> calls(Committee committee, DisputeResult.Evidence evidence) {
        List<String> calls = new ArrayList<>();
        calls.add("verifyBlobCertificate "
                + hex(EvmCalls.verifyBlobCertificate(committee, evidence.certificate())));
        calls.add("verifyVerdict " + hex(EvmCalls.verifyVerdict(committee, evidence.verdict())));
        ByteRangeProof range = evidence.range();
        long firstWord = range.offset() - range.offset() % WORD_BYTES;
        List<Chunk> chunks = chunks(range);
        for (int i = 0; i < chunks.size(); i++) {
            long offset = Math.max(firstWord, chunks.get(i).offset());
            calls.add("wordAt " + hex(EvmCalls.wordAt(range.header(), range.chunks().get(i), offset)));
        }
        return calls;
    }
}
