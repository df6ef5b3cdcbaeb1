package dev.moraine.sampling.read;

import dev.moraine.codec.BlobMatrix;
import dev.moraine.codec.Geometry;
import dev.moraine.codec.TooFewShardsException;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.blob.SymbolTree;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.merkle.MerkleTree;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.proofs.proof.ChunkProof;
import dev.moraine.proofs.proof.ChunkRun;
import dev.moraine.wire.message.Coordinate;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rebuilds rows of a blob whose holders fail, from k₂ of each row's symbols, which the holders of the columns prove. It
 * moves about one row, whatever the length of the blob. A row that does not get the committed root is none.
 *
 * <p>Used by one thread. It keeps the last row.
 */
final class RowRecovery {
    private final CommitteeReader committee;
    private final BlobMetadata metadata;
    private final Geometry geometry;
    private final int symbolSizeBytes;
    private final BlobMatrix matrix;
    private final Deadline deadline;
    private final BlameReport earlier;
    private final BlameLog blame = new BlameLog();
    private int keptRow = -1;
    private @Nullable MemorySegment line;
    private byte[] symbolRoots = {};

    /**
     * Nothing is asked yet.
     *
     * @param earlier holders that failed already are asked last
     * @param deadline when to stop waiting
     */
    RowRecovery(CommitteeReader committee, BlobMetadata metadata, BlameReport earlier, Deadline deadline) {
        this.committee = committee;
        this.metadata = metadata;
        this.earlier = earlier;
        this.deadline = deadline;
        geometry = metadata.geometry();
        symbolSizeBytes = metadata.header().symbolSizeBytes();
        matrix = new BlobMatrix(geometry, symbolSizeBytes);
    }

    /** Proves chunks of a row that it rebuilds first; none, if it cannot. */
    List<ChunkProof> prove(ChunkRun run) throws InterruptedException {
        if (run.row() != keptRow) {
            keptRow = run.row();
            line = rebuild(run.row());
        }
        MemorySegment row = line;
        if (row == null) {
            return List.of();
        }
        MemorySegment symbol = row.asSlice((long) run.column() * symbolSizeBytes, symbolSizeBytes);
        return ChunkProof.fromRow(metadata, run, symbolRoots, symbol);
    }

    /** Who failed here. */
    BlameReport blame() {
        return blame.report();
    }

    private @Nullable MemorySegment rebuild(int row) throws InterruptedException {
        long lineBytes = geometry.lineBytes(symbolSizeBytes);
        if (lineBytes > Math.min(committee.maxBlobBytes(), Integer.MAX_VALUE - Geometry.SYMBOL_ALIGNMENT_BYTES)) {
            return null;
        }
        List<SymbolReply> symbols = gather(row);
        if (symbols.size() < geometry.sourceColumns()) {
            return null;
        }
        int[] columns = new int[symbols.size()];
        MemorySegment[] given = new MemorySegment[symbols.size()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = symbols.get(i).coordinate().column();
            given[i] = MemorySegment.ofArray(symbols.get(i).proved().symbol());
        }
        MemorySegment whole = MemorySegment.ofArray(new byte[(int) lineBytes]);
        try {
            matrix.recoverRow(columns, given, whole);
        } catch (TooFewShardsException e) {
            throw new IllegalStateException("enough symbols of a row are too few", e);
        }
        byte[] roots = new byte[geometry.shards() * Digest.BYTES];
        SymbolTree.roots(whole, 0, symbolSizeBytes, geometry.shards(), MemorySegment.ofArray(roots), 0);
        if (!MerkleTree.ofLeafHashes(roots).root().equals(metadata.rowRoot(row))) {
            return null;
        }
        symbolRoots = roots;
        return whole;
    }

    /** Asks for as many symbols as are missing, and for one more for each that fails or is late. */
    private List<SymbolReply> gather(int row) throws InterruptedException {
        int needed = geometry.sourceColumns();
        List<Integer> columns = columnsByTrust();
        List<SymbolReply> symbols = new ArrayList<>();
        int asked = 0;
        int failed = 0;
        long patienceNs = committee.patienceNs((long) needed * symbolSizeBytes);
        try (SymbolFetcher fetcher = new SymbolFetcher(committee, metadata.header(), deadline)) {
            while (symbols.size() < needed && !deadline.hasPassed()) {
                while (asked < columns.size() && asked - failed < needed) {
                    fetcher.ask(new Coordinate(row, columns.get(asked++)), Axis.COLUMN);
                }
                SymbolReply reply = fetcher.poll(Math.min(patienceNs, deadline.remainingNs()));
                if (reply == null) {
                    if (asked == columns.size() && fetcher.isIdle()) {
                        break;
                    }
                    // Whoever has not answered by now is no longer counted on.
                    failed = asked - symbols.size();
                } else if (reply.proof() == null) {
                    failed = Math.min(failed + 1, asked);
                } else {
                    symbols.add(reply);
                }
            }
            blame.addAll(fetcher.blame());
        }
        return symbols;
    }

    private List<Integer> columnsByTrust() {
        List<Integer> trusted = new ArrayList<>();
        List<Integer> last = new ArrayList<>();
        for (int column = 0; column < geometry.shards(); column++) {
            int holder = committee.holderOf(metadata.id(), column);
            (earlier.members().contains(holder) ? last : trusted).add(column);
        }
        trusted.addAll(last);
        return trusted;
    }
}
