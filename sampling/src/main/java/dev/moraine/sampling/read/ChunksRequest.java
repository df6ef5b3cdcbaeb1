package dev.moraine.sampling.read;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.proof.ChunkRun;
import dev.moraine.wire.message.AssemblyState;
import dev.moraine.wire.message.ChunksAnswer;
import dev.moraine.wire.message.ChunksAssembler;
import dev.moraine.wire.message.GetChunks;
import dev.moraine.wire.message.Message;
import java.util.Queue;

/** Asks for consecutive chunks of one symbol with their proofs. */
final class ChunksRequest extends MemberRequest {
    private final BlobId blobId;
    private final ChunkRun run;
    private final ChunksAssembler assembler;

    /**
     * A request for chunks.
     *
     * @param maxProofBytes how long the proofs of the run are together; longer answers are refused
     */
    ChunksRequest(
            Queue<MemberRequest> inbox, int member, int candidate, BlobId blobId, ChunkRun run, int maxProofBytes) {
        super(inbox, member, candidate);
        this.blobId = blobId;
        this.run = run;
        this.assembler = new ChunksAssembler(maxProofBytes);
    }

    ChunkRun run() {
        return run;
    }

    /** What came, unverified. */
    byte[] proofs() {
        return assembler.proof();
    }

    @Override
    Message message(long id) {
        return new GetChunks(id, blobId.toBytes(), run.row(), run.column(), run.firstChunk(), run.chunkCount());
    }

    @Override
    String subject() {
        return "chunks " + run.firstChunk() + "+" + run.chunkCount() + " of symbol (" + run.row() + ", " + run.column()
                + ")";
    }

    @Override
    void take(Message message) {
        if (!(message instanceof ChunksAnswer answer)) {
            failUnexpected(message);
            return;
        }
        AssemblyState state = assembler.add(answer);
        if (state == AssemblyState.COMPLETE) {
            complete();
        } else if (state == AssemblyState.INVALID) {
            fail(FaultKind.MALFORMED, "a piece that does not continue the last, or is too long");
        }
    }
}
