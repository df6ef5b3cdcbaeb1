package dev.moraine.sampling.read;

import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.proof.ChunkProof;
import dev.moraine.proofs.proof.ChunkRun;
import dev.moraine.proofs.proof.ProofVerdict;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gets all of some runs of chunks, each from the holder of its row. */
final class ChunkFetch extends Gathering {
    private final BlobHeader header;
    private final BlobId blobId;
    private final List<ChunkRun> runs;
    private final List<List<ChunkProof>> proofs = new ArrayList<>();

    ChunkFetch(CommitteeReader committee, BlobHeader header, List<ChunkRun> runs, Deadline deadline) {
        // Only one member can prove by a row, so there is nobody to ask beside a slow one.
        super(committee, deadline, new BlameLog(), runs.size(), runs.size(), Deadline.MAX_TIMEOUT_NS);
        this.header = header;
        this.blobId = header.id();
        this.runs = runs;
        for (int i = 0; i < runs.size(); i++) {
            proofs.add(List.of());
        }
    }

    /** The proofs of all chunks in order, verified; null if some could not be had. */
    @Nullable List<ChunkProof> get() throws InterruptedException {
        return gather() ? inOrder() : null;
    }

    /** Gets the runs that did not come by rebuilding their rows; null if some could not be had. */
    @Nullable List<ChunkProof> getWith(RowRecovery recovery) throws InterruptedException {
        for (int i = 0; i < runs.size(); i++) {
            if (proofs.get(i).isEmpty()) {
                List<ChunkProof> proved = recovery.prove(runs.get(i));
                if (proved.isEmpty()) {
                    return null;
                }
                proofs.set(i, proved);
            }
        }
        return inOrder();
    }

    private List<ChunkProof> inOrder() {
        return proofs.stream().flatMap(List::stream).toList();
    }

    @Override
    MemberRequest request(int candidate) {
        ChunkRun run = runs.get(candidate);
        int maxProofBytes = 0;
        for (int i = 0; i < run.chunkCount(); i++) {
            maxProofBytes += ChunkProof.encodedBytes(header, run.row(), run.column(), run.firstChunk() + i);
        }
        return new ChunksRequest(inbox(), memberOf(candidate), candidate, blobId, run, maxProofBytes);
    }

    @Override
    boolean accept(MemberRequest ended) {
        ChunkRun run = runs.get(ended.candidate());
        List<ChunkProof> decoded = ChunkProof.decodeRun(((ChunksRequest) ended).proofs(), header, run);
        if (decoded == null) {
            blame().add(ended.member(), FaultKind.MALFORMED, ended.subject() + ": not as long as its proofs are");
            return false;
        }
        for (int i = 0; i < decoded.size(); i++) {
            ProofVerdict verdict =
                    decoded.get(i).verify(header, blobId, run.row(), run.column(), run.firstChunk() + i);
            if (verdict != ProofVerdict.ACCEPT) {
                blame().add(ended.member(), FaultKind.WRONG_PROOF, ended.subject() + ": " + verdict);
                return false;
            }
        }
        proofs.set(ended.candidate(), decoded);
        return true;
    }

    @Override
    int memberOf(int candidate) {
        return committee().holderOf(blobId, runs.get(candidate).row());
    }
}
