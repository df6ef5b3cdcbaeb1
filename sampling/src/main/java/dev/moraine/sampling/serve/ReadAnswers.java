package dev.moraine.sampling.serve;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.blob.SymbolTree;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.proofs.proof.ChunkRun;
import dev.moraine.storage.store.SliverStore;
import dev.moraine.storage.store.StoreHealth;
import dev.moraine.storage.store.SymbolReader;
import dev.moraine.wire.message.BlobState;
import dev.moraine.wire.message.CertificateAnswer;
import dev.moraine.wire.message.ChunksAnswer;
import dev.moraine.wire.message.ClientMessage;
import dev.moraine.wire.message.Failure;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.message.GetCertificate;
import dev.moraine.wire.message.GetChunks;
import dev.moraine.wire.message.GetHealth;
import dev.moraine.wire.message.GetMetadata;
import dev.moraine.wire.message.GetSliver;
import dev.moraine.wire.message.GetStatus;
import dev.moraine.wire.message.GetSymbols;
import dev.moraine.wire.message.HealthAnswer;
import dev.moraine.wire.message.MetadataAnswer;
import dev.moraine.wire.message.NodeMessage;
import dev.moraine.wire.message.Part;
import dev.moraine.wire.message.StatusAnswer;
import java.util.List;

/** Makes the answer to a request from what the store has. For one thread. */
final class ReadAnswers {
    private static final int HEALTH_OK = 0;
    private static final int HEALTH_DISK_FAILED = 1;

    private final SliverStore store;
    private final PairSource source;
    private final ReadCounters counters;
    private final SymbolSource symbols;
    private final long maxProofBytes;
    private final long maxLoadBytes;

    /**
     * Answers from a store.
     *
     * @param source the store
     * @param symbols where symbols come from
     * @param counters where failures are counted
     * @param maxProofBytes most bytes of symbols with proofs in one answer
     * @param maxLoadBytes from how many bytes of slivers on no further one is read for one answer
     */
    ReadAnswers(
            PairSource source, SymbolSource symbols, ReadCounters counters, long maxProofBytes, long maxLoadBytes) {
        this.store = source.store();
        this.source = source;
        this.symbols = symbols;
        this.counters = counters;
        this.maxProofBytes = maxProofBytes;
        this.maxLoadBytes = maxLoadBytes;
    }

    /**
     * Whether a message is a request that this answers.
     *
     * @param message any message of a client
     * @return true for reads and health
     */
    static boolean isRead(ClientMessage message) {
        return message instanceof GetMetadata
                || message instanceof GetCertificate
                || message instanceof GetSliver
                || message instanceof GetSymbols
                || message instanceof GetChunks
                || message instanceof GetStatus
                || message instanceof GetHealth;
    }

    /**
     * Starts the answer to a request.
     *
     * @param request a request for which {@link #isRead} holds
     * @return the answer, which must be released
     */
    Answer start(ClientMessage request) {
        return switch (request) {
            case GetMetadata get -> metadata(get);
            case GetCertificate get -> certificate(get);
            case GetSliver get -> sliver(get);
            case GetSymbols get -> symbols(get);
            case GetChunks get -> chunks(get);
            case GetStatus get -> ready(status(get));
            case GetHealth get -> health(get);
            default -> failure(request.requestId(), FailureCode.UNEXPECTED_MESSAGE, "this is not a read");
        };
    }

    /**
     * An answer that says why there is none.
     *
     * @param requestId the request
     * @param code why
     * @param text why, for people
     * @return the answer
     */
    Answer failure(long requestId, FailureCode code, String text) {
        counters.addFailure(code);
        return ready(new Failure(requestId, code, text));
    }

    private Answer metadata(GetMetadata request) {
        BlobId blobId = BlobId.of(request.blobId());
        if (source.isExpired(blobId)) {
            return failure(request.requestId(), FailureCode.EXPIRED, "the retention of the blob is over");
        }
        BlobMetadata metadata = store.metadata(blobId);
        return metadata == null
                ? failure(request.requestId(), FailureCode.NOT_FOUND, "no metadata of the blob is held here")
                : ready(new MetadataAnswer(request.requestId(), metadata.encode()));
    }

    private Answer certificate(GetCertificate request) {
        BlobId blobId = BlobId.of(request.blobId());
        if (source.isExpired(blobId)) {
            return failure(request.requestId(), FailureCode.EXPIRED, "the retention of the blob is over");
        }
        BlobCertificate certificate = store.certificate(blobId);
        return certificate == null
                ? failure(request.requestId(), FailureCode.NOT_FOUND, "no certificate of the blob is held here")
                : ready(new CertificateAnswer(request.requestId(), certificate.encode()));
    }

    private Answer sliver(GetSliver request) {
        BlobId blobId = BlobId.of(request.blobId());
        PairSource.Result result = source.find(
                blobId, request.pairIndex(), request.part() == Part.SECONDARY ? Axis.COLUMN : Axis.ROW);
        boolean isMissing = result instanceof PairSource.Missing(FailureCode code) && code == FailureCode.NOT_FOUND;
        if (isMissing && request.part() == Part.METADATA) {
            // A node under repair may hold the secondary sliver only.
            result = source.find(blobId, request.pairIndex(), Axis.COLUMN);
        }
        return switch (result) {
            case PairSource.Held held -> new SliverAnswer(request, held.sliver());
            case PairSource.Missing missing ->
                failure(
                        request.requestId(),
                        missing.code(),
                        request.part() + " of pair " + request.pairIndex() + " cannot be served");
        };
    }

    private Answer symbols(GetSymbols request) {
        ProvedSymbolsAnswer answer = new ProvedSymbolsAnswer(source, symbols, request, maxProofBytes, maxLoadBytes);
        return answer.isAllExpired()
                ? failure(request.requestId(), FailureCode.EXPIRED, "the retention of every blob asked for is over")
                : answer;
    }

    private Answer chunks(GetChunks request) {
        Geometry geometry = source.geometry();
        if (request.row() >= geometry.sourceRows() || request.column() >= geometry.sourceColumns()) {
            return failure(request.requestId(), FailureCode.OUT_OF_RANGE, "only source symbols have chunks to ask for");
        }
        if (request.chunkCount() > ChunkRun.MAX_CHUNKS) {
            return failure(
                    request.requestId(), FailureCode.OVER_LIMIT, "at most " + ChunkRun.MAX_CHUNKS + " chunks at a time");
        }
        return switch (source.find(BlobId.of(request.blobId()), request.row(), Axis.ROW)) {
            case PairSource.Held held -> chunks(request, held.sliver());
            case PairSource.Missing missing ->
                failure(request.requestId(), missing.code(), "row " + request.row() + " cannot be served");
        };
    }

    private Answer chunks(GetChunks request, HeldSliver sliver) {
        try {
            int chunks = SymbolTree.chunkCount(sliver.header().symbolSizeBytes());
            if (request.firstChunk() > chunks - request.chunkCount()) {
                return failure(request.requestId(), FailureCode.OUT_OF_RANGE, "a symbol has " + chunks + " chunks");
            }
            byte[] proofs = sliver.proveChunks(new ChunkRun(
                    request.row(), request.column(), request.firstChunk(), request.chunkCount()));
            return new ReadyAnswer(ChunksAnswer.split(request.requestId(), proofs));
        } finally {
            sliver.release();
        }
    }

    private StatusAnswer status(GetStatus request) {
        BlobId blobId = BlobId.of(request.blobId());
        long expiryEpoch = Math.max(0, store.expiryEpoch(blobId));
        if (source.isExpired(blobId)) {
            return new StatusAnswer(request.requestId(), BlobState.EXPIRED, expiryEpoch);
        }
        return new StatusAnswer(request.requestId(), stateOf(blobId), expiryEpoch);
    }

    private BlobState stateOf(BlobId blobId) {
        boolean isHeld = false;
        for (int pair = 0; pair < source.geometry().shards(); pair++) {
            for (Axis axis : Axis.values()) {
                int state = symbols.state(blobId, pair, axis);
                if (state == SymbolReader.QUARANTINED) {
                    return BlobState.QUARANTINED;
                }
                isHeld |= state >= 0;
            }
        }
        if (!isHeld) {
            return BlobState.UNKNOWN;
        }
        return store.certificate(blobId) == null ? BlobState.HELD : BlobState.CERTIFIED;
    }

    private Answer health(GetHealth request) {
        StoreHealth health = store.health();
        return ready(new HealthAnswer(
                request.requestId(),
                health.state() == StoreHealth.State.OK ? HEALTH_OK : HEALTH_DISK_FAILED,
                health.pairs(),
                health.bytes(),
                health.quarantined()));
    }

    private static Answer ready(NodeMessage message) {
        return new ReadyAnswer(List.of(message));
    }
}
