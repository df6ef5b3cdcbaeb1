package dev.moraine.sampling.scripted;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.committee.ShardAssignment;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.proofs.proof.ChunkProof;
import dev.moraine.proofs.proof.ChunkRun;
import dev.moraine.proofs.proof.SymbolProof;
import dev.moraine.wire.message.CertificateAnswer;
import dev.moraine.wire.message.ChunksAnswer;
import dev.moraine.wire.message.Coordinate;
import dev.moraine.wire.message.Failure;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.message.GetCertificate;
import dev.moraine.wire.message.GetChunks;
import dev.moraine.wire.message.GetMetadata;
import dev.moraine.wire.message.GetSliver;
import dev.moraine.wire.message.GetSymbols;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.MetadataAnswer;
import dev.moraine.wire.message.Part;
import dev.moraine.wire.message.SliverData;
import dev.moraine.wire.message.SymbolsSplitter;
import dev.moraine.wire.message.WireAxis;
import dev.moraine.wire.transport.PeerChannel;
import dev.moraine.wire.transport.PeerServer;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** A member that answers from blobs in memory, for the shards that it holds, as it is told to. */
public final class ScriptedMember implements PeerServer.Handler {
    /** So small that every sliver comes in pieces. */
    private static final int PIECE_BYTES = 100;

    private final Committee committee;
    private final int member;
    private final Map<BlobId, ScriptedBlob> blobs;
    private final Map<BlobId, byte[]> certificates;
    private final ScriptedBlob otherBlob;
    private final List<Message> requests = new CopyOnWriteArrayList<>();
    private final Map<Class<? extends Message>, Behaviour> behaviours = new ConcurrentHashMap<>();
    private final AtomicInteger counted = new AtomicInteger();
    private volatile Predicate<GetSliver> sliversHeld = _ -> true;
    private volatile Predicate<Coordinate> symbolsHeld = _ -> true;

    ScriptedMember(
            Committee committee,
            int member,
            Map<BlobId, ScriptedBlob> blobs,
            Map<BlobId, byte[]> certificates,
            ScriptedBlob otherBlob) {
        this.committee = committee;
        this.member = member;
        this.blobs = blobs;
        this.certificates = certificates;
        this.otherBlob = otherBlob;
    }

    /** Treats all requests the same from now on, and forgets which came. */
    public void behave(Behaviour behaviour) {
        for (Class<? extends Message> type :
                List.of(GetMetadata.class, GetCertificate.class, GetSliver.class, GetSymbols.class, GetChunks.class)) {
            behaviours.put(type, behaviour);
        }
        sliversHeld = _ -> true;
        symbolsHeld = _ -> true;
        requests.clear();
    }

    /** Treats requests of one type so from now on. */
    public void behave(Class<? extends Message> type, Behaviour behaviour) {
        behaviours.put(type, behaviour);
    }

    /** Says NOT_FOUND for all other slivers. */
    public void holdSlivers(Predicate<GetSliver> held) {
        sliversHeld = held;
    }

    /** Says NOT_FOUND for all other symbols. */
    public void holdSymbols(Predicate<Coordinate> held) {
        symbolsHeld = held;
    }

    /** The requests that came, in their order. */
    public List<Message> requests() {
        return requests;
    }

    /** The requests of one type that came, in their order. */
    public <T extends Message> List<T> requests(Class<T> type) {
        return requests.stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Override
    public void onMessage(PeerChannel from, Message message) {
        requests.add(message);
        behaviours.getOrDefault(message.getClass(), Behaviour.HONEST).act(this, from, message);
    }

    int shards() {
        return committee.geometry().shards();
    }

    ScriptedBlob otherBlob() {
        return otherBlob;
    }

    int countRequest() {
        return counted.incrementAndGet();
    }

    /** What the protocol wants: data for what lives on the member's shards, and NOT_FOUND for everything else. */
    List<Message> honest(Message request) {
        boolean isHeld = switch (request) {
            case GetSliver get -> holds(get.blobId(), get.pairIndex());
            case GetSymbols get -> get.coordinates().stream()
                    .allMatch(each -> holds(
                            get.blobIds().get(each.blob()),
                            get.axis() == WireAxis.ROW ? each.row() : each.column()));
            case GetChunks get -> holds(get.blobId(), get.row());
            default -> true;
        };
        return isHeld ? data(request) : notFound(request);
    }

    /** The data, whoever should have it. */
    List<Message> data(Message request) {
        return switch (request) {
            case GetMetadata get -> {
                ScriptedBlob blob = blobs.get(BlobId.of(get.blobId()));
                yield blob == null
                        ? notFound(get)
                        : List.of(new MetadataAnswer(get.requestId(), blob.metadata().encode()));
            }
            case GetCertificate get -> {
                byte[] certificate = certificates.get(BlobId.of(get.blobId()));
                yield certificate == null
                        ? notFound(get)
                        : List.of(new CertificateAnswer(get.requestId(), certificate));
            }
            case GetSliver get -> sliver(get);
            case GetSymbols get -> symbols(get);
            case GetChunks get -> chunks(get);
            default -> List.of(new Failure(request.requestId(), FailureCode.UNEXPECTED_MESSAGE, "scripted"));
        };
    }

    private List<Message> sliver(GetSliver get) {
        ScriptedBlob blob = blobs.get(BlobId.of(get.blobId()));
        if (blob == null || !sliversHeld.test(get)) {
            return notFound(get);
        }
        byte[] bytes = get.part() == Part.PRIMARY ? blob.primary(get.pairIndex()) : blob.secondary(get.pairIndex());
        List<Message> pieces = new ArrayList<>();
        for (int offset = 0; offset < bytes.length; offset += PIECE_BYTES) {
            MemorySegment piece =
                    MemorySegment.ofArray(bytes).asSlice(offset, Math.min(PIECE_BYTES, bytes.length - offset));
            pieces.add(new SliverData(
                    get.requestId(), 0, get.pairIndex(), get.part(), offset, bytes.length, piece));
        }
        return pieces;
    }

    private List<Message> symbols(GetSymbols get) {
        Axis axis = get.axis() == WireAxis.ROW ? Axis.ROW : Axis.COLUMN;
        List<Message> answers = new ArrayList<>();
        SymbolsSplitter splitter = new SymbolsSplitter(get.requestId(), get.coordinates().size(), answers::add);
        for (Coordinate each : get.coordinates()) {
            ScriptedBlob blob = blobs.get(BlobId.of(get.blobIds().get(each.blob())));
            if (blob != null && symbolsHeld.test(each)) {
                splitter.add(SymbolProof.of(blob.commitment(), blob.matrixBytes(), each.row(), each.column(), axis)
                        .encode());
            } else {
                splitter.addFailure(FailureCode.NOT_FOUND);
            }
        }
        return answers;
    }

    private List<Message> chunks(GetChunks get) {
        ScriptedBlob blob = blobs.get(BlobId.of(get.blobId()));
        if (blob == null) {
            return notFound(get);
        }
        ChunkRun run = new ChunkRun(get.row(), get.column(), get.firstChunk(), get.chunkCount());
        byte[] proofs = ChunkProof.encodeRun(ChunkProof.of(blob.commitment(), blob.matrixBytes(), run));
        return List.copyOf(ChunksAnswer.split(get.requestId(), proofs));
    }

    private boolean holds(byte[] blobId, int pair) {
        int shard = ShardAssignment.shardOfPair(BlobId.of(blobId), pair, shards());
        return committee.memberOfShard(shard) == member;
    }

    private static List<Message> notFound(Message request) {
        return List.of(new Failure(request.requestId(), FailureCode.NOT_FOUND, "scripted"));
    }
}
