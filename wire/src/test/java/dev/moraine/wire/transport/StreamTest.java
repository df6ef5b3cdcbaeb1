package dev.moraine.wire.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.testing.Seed;
import dev.moraine.wire.message.BundleGrant;
import dev.moraine.wire.message.BundleOffer;
import dev.moraine.wire.message.BundleSigned;
import dev.moraine.wire.message.Failure;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.message.GetHealth;
import dev.moraine.wire.message.GetSliver;
import dev.moraine.wire.message.HealthAnswer;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.MessageLimits;
import dev.moraine.wire.message.Part;
import dev.moraine.wire.message.SliverData;
import dev.moraine.wire.message.WireEntry;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(Leaks.class)
class StreamTest {
    private static final int BLOB_BYTES = 32 << 20;
    private static final int PIECE_BYTES = MessageLimits.MAX_SLIVER_DATA_BYTES;
    private static final int WINDOW = 4;

    /** Sends a segment piece by piece, a few at a time: each that is gone makes room for the next. */
    private static final class PieceSender {
        private final MemorySegment source;
        private final long requestId;
        private final BiPredicate<Message, Runnable> sink;
        private final AtomicInteger nextPiece = new AtomicInteger();
        private final AtomicInteger released = new AtomicInteger();

        PieceSender(
                MemorySegment source, long requestId, BiPredicate<Message, Runnable> sink) {
            this.source = source;
            this.requestId = requestId;
            this.sink = sink;
        }

        void start() {
            for (int i = 0; i < WINDOW; i++) {
                sendNext();
            }
        }

        int released() {
            return released.get();
        }

        private void sendNext() {
            long offset = (long) nextPiece.getAndIncrement() * PIECE_BYTES;
            if (offset < source.byteSize()) {
                MemorySegment piece = source.asSlice(offset, Math.min(PIECE_BYTES, source.byteSize() - offset));
                SliverData data = new SliverData(requestId, 0, 1, Part.PRIMARY, offset, source.byteSize(), piece);
                assertTrue(sink.test(data, () -> {
                    released.incrementAndGet();
                    sendNext();
                }));
            }
        }
    }

    /** Puts pieces together, in place. */
    private static final class PieceTaker {
        private final MemorySegment target;
        private long takenBytes;

        PieceTaker(MemorySegment target) {
            this.target = target;
        }

        /** Whether this was the last piece. */
        boolean take(SliverData data) {
            assertEquals(takenBytes, data.offset());
            MemorySegment.copy(data.data(), 0, target, data.offset(), data.data().byteSize());
            takenBytes += data.data().byteSize();
            return data.isLast();
        }
    }

    @ParameterizedTest
    @EnumSource
    void sliversArriveByteForByteInBothDirections(TransportKind kind) throws IOException {
        try (Arena arena = Arena.ofShared();
                Loopback loopback = new Loopback(kind)) {
            MemorySegment blob = arena.allocate(BLOB_BYTES);
            blob.copyFrom(MemorySegment.ofArray(Seed.bytes(Seed.random("StreamTest"), BLOB_BYTES)));
            MemorySegment uploaded = arena.allocate(BLOB_BYTES);
            MemorySegment downloaded = arena.allocate(BLOB_BYTES);
            CompletableFuture<PieceSender> serverSender = new CompletableFuture<>();
            PieceTaker serverTaker = new PieceTaker(uploaded);
            PeerServer server = loopback.serve((from, message) -> {
                switch (message) {
                    case GetSliver get -> {
                        PieceSender sender = new PieceSender(blob, get.requestId(), from::sendThenRelease);
                        serverSender.complete(sender);
                        sender.start();
                    }
                    case BundleOffer offer -> from.send(new BundleGrant(offer.requestId(), List.of(0)));
                    case SliverData data -> {
                        if (serverTaker.take(data)) {
                            from.send(new BundleSigned(data.requestId(), new byte[96]));
                        }
                    }
                    default -> throw new IllegalStateException("not sent by this test");
                }
            });
            PeerConnection connection = loopback.connect(server);
            download(connection, new PieceTaker(downloaded));
            assertEquals(-1, blob.mismatch(downloaded));
            PieceSender sent = serverSender.join();
            Loopback.eventually("the node's pieces are released", () -> sent.released() == BLOB_BYTES / PIECE_BYTES);

            PieceSender uploading = upload(connection, blob);
            assertEquals(-1, blob.mismatch(uploaded));
            Loopback.eventually(
                    "the client's pieces are released", () -> uploading.released() == BLOB_BYTES / PIECE_BYTES);
        }
    }

    @ParameterizedTest
    @EnumSource
    void slowReadersHoldUpToTheLimitAndNoMore(TransportKind kind) throws IOException {
        // Twice what the kernel takes from a sender whose peer does not read.
        long limit = 32L << 20;
        StuffingHandler handler = new StuffingHandler(limit);
        try (Loopback loopback = new Loopback(kind)) {
            PeerServer server =
                    loopback.serve(handler, new ServerLimits.Context().maxOutboundBytes(limit).conclude());
            try (RawPeer peer = RawPeer.slowTo(server).greet()) {
                peer.send(new GetSliver(1, new byte[32], 0, Part.PRIMARY));
                PeerChannel from = handler.stuffed.orTimeout(Loopback.PATIENCE_NS, TimeUnit.NANOSECONDS).join();
                assertTrue(from.outboundBytes() > limit / 2);
                assertEquals(0, handler.writable.get());
                assertEquals(2, server.counters().get(TransportCounter.REFUSED_SENDS));
                for (int i = 0; i < handler.accepted.get(); i++) {
                    peer.read(SliverData.class);
                }
                Loopback.eventually(
                        "there is room again", () -> handler.writable.get() == 1 && from.outboundBytes() == 0);
                peer.send(new GetHealth(2));
                peer.read(HealthAnswer.class);
            }
            Loopback.eventually("all is released", () -> handler.released.get() == handler.accepted.get() + 1);
        }
    }

    /** Answers a request for a sliver with as many pieces as it may. */
    private static final class StuffingHandler implements PeerServer.Handler {
        private final long limit;
        private final AtomicInteger writable = new AtomicInteger();
        private final AtomicInteger accepted = new AtomicInteger();
        private final AtomicInteger released = new AtomicInteger();
        private final CompletableFuture<PeerChannel> stuffed = new CompletableFuture<>();

        StuffingHandler(long limit) {
            this.limit = limit;
        }

        @Override
        public void onMessage(PeerChannel from, Message message) {
            if (message instanceof GetHealth get) {
                from.send(new HealthAnswer(get.requestId(), 0, 0, 0, 0));
                return;
            }
            SliverData piece = piece(message.requestId(), Arena.ofAuto().allocate(PIECE_BYTES));
            while (from.sendThenRelease(piece, released::incrementAndGet)) {
                accepted.incrementAndGet();
                assertTrue(from.outboundBytes() <= limit);
            }
            assertTrue(accepted.get() >= limit / PIECE_BYTES - 1);
            assertTrue(released.get() >= 1, "the refused piece was released");
            assertFalse(from.send(piece));
            stuffed.complete(from);
        }

        @Override
        public void onWritable(PeerChannel channel) {
            writable.incrementAndGet();
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyPieceIsReleasedOnceWhenThePeerGoesAway(TransportKind kind) throws IOException {
        Map<Integer, AtomicInteger> releases = new ConcurrentHashMap<>();
        AtomicInteger sends = new AtomicInteger();
        CompletableFuture<PeerChannel> channel = new CompletableFuture<>();
        CompletableFuture<PeerChannel> closed = new CompletableFuture<>();
        PeerServer.Handler handler = new PeerServer.Handler() {
            @Override
            public void onMessage(PeerChannel from, Message message) {
                MemorySegment memory = Arena.ofAuto().allocate(PIECE_BYTES);
                for (int i = 0; i < 10; i++) {
                    sendCounted(from, piece(message.requestId(), i % 2 == 0 ? memory : memory.asReadOnly()));
                }
                channel.complete(from);
            }

            @Override
            public void onClosed(PeerChannel from) {
                closed.complete(from);
            }

            private void sendCounted(PeerChannel from, SliverData data) {
                AtomicInteger count = releases.computeIfAbsent(sends.getAndIncrement(), _ -> new AtomicInteger());
                from.sendThenRelease(data, count::incrementAndGet);
            }
        };
        try (Loopback loopback = new Loopback(kind)) {
            PeerServer server = loopback.serve(handler);
            RawPeer peer = RawPeer.slowTo(server).greet();
            peer.send(new GetSliver(1, new byte[32], 0, Part.PRIMARY));
            PeerChannel from = channel.join();
            peer.close();
            closed.join();
            AtomicInteger afterwards = new AtomicInteger();
            assertFalse(from.sendThenRelease(piece(1, Arena.ofAuto().allocate(8)), afterwards::incrementAndGet));
            assertEquals(1, afterwards.get());
            assertFalse(from.send(new Failure(1, FailureCode.INTERNAL, "too late")));
            assertFalse(from.isOpen());
            Predicate<AtomicInteger> isReleased = count -> count.get() == 1;
            Loopback.eventually("all are released", () -> releases.values().stream().allMatch(isReleased));
            assertEquals(10, releases.size());
            assertEquals(0, from.outboundBytes());
        }
    }

    @ParameterizedTest
    @EnumSource
    void memoryOfEveryKindCanBeSent(TransportKind kind, @TempDir Path folder) throws IOException {
        byte[] expected = Seed.bytes(Seed.random("StreamTest.kinds"), 100_000);
        Path file = folder.resolve("sliver");
        try (Loopback loopback = new Loopback(kind);
                Arena shared = Arena.ofShared();
                Arena confined = Arena.ofConfined();
                FileChannel mapped = FileChannel.open(
                        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MemorySegment heap = MemorySegment.ofArray(expected);
            MemorySegment writableMapping =
                    mapped.map(FileChannel.MapMode.READ_WRITE, 0, expected.length, shared).copyFrom(heap);
            List<MemorySegment> sources = List.of(
                    heap,
                    heap.asReadOnly(),
                    shared.allocate(expected.length).copyFrom(heap),
                    shared.allocate(expected.length).copyFrom(heap).asReadOnly(),
                    confined.allocate(expected.length).copyFrom(heap),
                    Arena.global().allocate(expected.length).copyFrom(heap),
                    Arena.ofAuto().allocate(expected.length).copyFrom(heap),
                    writableMapping,
                    mapped.map(FileChannel.MapMode.READ_ONLY, 0, expected.length, shared));
            AtomicInteger released = new AtomicInteger();
            CompletableFuture<PeerChannel> opened = new CompletableFuture<>();
            PeerServer server = loopback.serve(new EchoHandler() {
                @Override
                public void onOpened(PeerChannel channel) {
                    opened.complete(channel);
                }
            });
            try (RawPeer peer = RawPeer.to(server).greet()) {
                for (MemorySegment source : sources) {
                    assertTrue(opened.join().sendThenRelease(piece(1, source), released::incrementAndGet));
                    assertEquals(-1, heap.mismatch(peer.read(SliverData.class).data()), source::toString);
                    assertTrue(opened.join().send(piece(1, source)));
                    assertEquals(-1, heap.mismatch(peer.read(SliverData.class).data()), source::toString);
                }
            }
            Loopback.eventually("all are released", () -> released.get() == sources.size());
        }
    }

    private static void download(PeerConnection connection, PieceTaker taker) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        connection.request(
                id -> new GetSliver(id, new byte[32], 1, Part.PRIMARY),
                new ResponseHandler() {
                    @Override
                    public boolean onMessage(Message message) {
                        boolean isLast = taker.take((SliverData) message);
                        if (isLast) {
                            done.complete(true);
                        }
                        return isLast;
                    }

                    @Override
                    public void onFailure(RequestFailure reason) {
                        done.completeExceptionally(new IllegalStateException(reason.name()));
                    }
                },
                Loopback.PATIENCE_NS);
        done.orTimeout(Loopback.PATIENCE_NS, TimeUnit.NANOSECONDS).join();
    }

    private static PieceSender upload(PeerConnection connection, MemorySegment blob) {
        CompletableFuture<PieceSender> sender = new CompletableFuture<>();
        CompletableFuture<Message> signed = new CompletableFuture<>();
        WireEntry entry = new WireEntry(new byte[32], new byte[32], blob.byteSize(), 1);
        connection.request(
                id -> new BundleOffer(id, 0, new byte[32], new byte[32], new byte[64], List.of(entry)),
                new ResponseHandler() {
                    @Override
                    public boolean onMessage(Message message) {
                        if (message instanceof BundleGrant) {
                            sender.complete(new PieceSender(blob, message.requestId(), connection::sendThenRelease));
                            sender.join().start();
                            return false;
                        }
                        signed.complete(message);
                        return true;
                    }

                    @Override
                    public void onFailure(RequestFailure reason) {
                        signed.completeExceptionally(new IllegalStateException(reason.name()));
                    }
                },
                Loopback.PATIENCE_NS);
        signed.orTimeout(Loopback.PATIENCE_NS, TimeUnit.NANOSECONDS).join();
        return sender.join();
    }

    private static SliverData piece(long requestId, MemorySegment data) {
        return new SliverData(requestId, 0, 0, Part.PRIMARY, 0, data.byteSize(), data);
    }
}
