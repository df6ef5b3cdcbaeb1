package dev.moraine.wire.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.moraine.testing.Seed;
import dev.moraine.wire.message.GetSliver;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.MessageLimits;
import dev.moraine.wire.message.Part;
import dev.moraine.wire.message.SliverData;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.SystemNanoClock;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** However io_uring moves bytes, the same bytes arrive, and memory is released once. */
@ExtendWith(Leaks.class)
class IoUringTuningTest {
    private static final int PIECE_BYTES = MessageLimits.MAX_SLIVER_DATA_BYTES;
    private static final int PIECES = 8;

    static List<IoUringTuning> tunings() {
        return List.of(
                new IoUringTuning(0, 1024, 0),
                new IoUringTuning(2, 1024, 0),
                new IoUringTuning(64, 64 * 1024, 1),
                new IoUringTuning(0, 1024, 4096));
    }

    @ParameterizedTest
    @MethodSource("tunings")
    void sliversArriveByteForByte(IoUringTuning tuning) throws IOException {
        assumeTrue(TransportKind.IO_URING.isAvailable(), "skipped: io_uring does not work here");
        byte[] expected = Seed.bytes(Seed.random("IoUringTuningTest"), PIECES * PIECE_BYTES);
        MemorySegment blob =
                Arena.ofAuto().allocate(expected.length).copyFrom(MemorySegment.ofArray(expected));
        AtomicInteger released = new AtomicInteger();
        byte[] came = new byte[expected.length];
        try (Transport transport =
                new Transport(TransportKind.IO_URING, 2, SystemNanoClock.INSTANCE, tuning)) {
            PeerServer server = transport.listen(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    Loopback.IDENTITY,
                    (from, message) -> {
                        for (int offset = 0; offset < expected.length; offset += PIECE_BYTES) {
                            SliverData piece = new SliverData(
                                    message.requestId(),
                                    0,
                                    0,
                                    Part.PRIMARY,
                                    offset,
                                    expected.length,
                                    blob.asSlice(offset, PIECE_BYTES));
                            from.sendThenRelease(piece, released::incrementAndGet);
                        }
                    },
                    ServerLimits.defaults());
            CompletableFuture<Boolean> done = new CompletableFuture<>();
            transport
                    .connect(server.address(), Loopback.DEPLOYMENT, Loopback.IDENTITY.nodeIndex())
                    .request(
                            id -> new GetSliver(id, new byte[32], 0, Part.PRIMARY),
                            taking(came, done),
                            Loopback.PATIENCE_NS);
            done.orTimeout(Loopback.PATIENCE_NS, TimeUnit.NANOSECONDS).join();
            Loopback.eventually("all are released", () -> released.get() == PIECES);
        }
        assertEquals(-1, MemorySegment.ofArray(came).mismatch(blob));
        assertEquals(PIECES, released.get());
    }

    private static ResponseHandler taking(byte[] came, CompletableFuture<Boolean> done) {
        return new ResponseHandler() {
            @Override
            public boolean onMessage(Message message) {
                SliverData piece = (SliverData) message;
                MemorySegment.ofArray(came).asSlice(piece.offset(), piece.data().byteSize()).copyFrom(piece.data());
                if (piece.isLast()) {
                    done.complete(true);
                }
                return piece.isLast();
            }

            @Override
            public void onFailure(RequestFailure reason) {
                done.completeExceptionally(new IllegalStateException(reason.name()));
            }
        };
    }
}
