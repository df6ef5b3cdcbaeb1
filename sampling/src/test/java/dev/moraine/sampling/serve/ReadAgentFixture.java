package dev.moraine.sampling.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.storage.store.SliverStore;
import dev.moraine.storage.store.StoreContext;
import dev.moraine.testing.Seed;
import dev.moraine.wire.message.ClientMessage;
import dev.moraine.wire.message.Failure;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.message.GetSymbols;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.SymbolAnswer;
import dev.moraine.wire.message.SymbolsAnswer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A store in a folder of its own, an agent over it that a test drives by hand, and a peer that keeps what it gets. */
abstract class ReadAgentFixture {
    static final Geometry GEOMETRY = new Geometry(4);
    static final long REQUEST = 7;
    static final long STALL_NS = 1_000;
    static final long EXPIRY_EPOCH = 5;
    static final byte[] UNKNOWN_ID = new byte[32];

    final RecordingChannel peer = new RecordingChannel();
    long epoch;
    long nowNs;
    SliverStore store;
    ReadAgent agent;

    private final Random random;

    @TempDir
    private Path folder;

    ReadAgentFixture(Random random) {
        this.random = random;
    }

    @BeforeEach
    void open() throws Exception {
        store = SliverStore.open(new StoreContext()
                .folder(folder)
                .deploymentId(new Digest(1, 2, 3, 4))
                .segmentBytes(1 << 20));
        agent = context().conclude();
    }

    @AfterEach
    void close() {
        agent.onClose();
        store.close();
    }

    final ReadAgent.Context context() {
        return new ReadAgent.Context()
                .store(store)
                .geometry(GEOMETRY)
                .currentEpoch(() -> epoch)
                .nanoClock(() -> nowNs)
                .stallNs(STALL_NS);
    }

    final EncodedBlob stored(int lengthBytes, int... pairs) throws Exception {
        EncodedBlob blob = new EncodedBlob(GEOMETRY, Seed.bytes(random, lengthBytes));
        for (int pair : pairs) {
            store.appendPair(blob.pair(pair));
        }
        store.appendRetention(blob.id(), EXPIRY_EPOCH);
        store.force();
        return blob;
    }

    /** Flips a bit where the bytes lie on the disk. */
    final void damage(MemorySegment bytes) throws IOException {
        byte[] wanted = bytes.toArray(ValueLayout.JAVA_BYTE);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                byte[] content = Files.readAllBytes(file);
                for (int at = 0; at + wanted.length <= content.length; at += 64) {
                    if (Arrays.equals(wanted, 0, wanted.length, content, at, at + wanted.length)) {
                        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                            channel.write(ByteBuffer.wrap(new byte[] {(byte) (wanted[0] ^ 1)}), at);
                        }
                        return;
                    }
                }
            }
        }
        throw new AssertionError("the bytes are not in the store's files");
    }

    final void runToEnd() {
        while (agent.doWork() > 0) {
            nowNs++;
        }
    }

    final List<Message> ask(ClientMessage request) {
        peer.sent().clear();
        assertTrue(agent.onRequest(peer, request));
        runToEnd();
        return List.copyOf(peer.sent());
    }

    final Message single(ClientMessage request) {
        List<Message> answer = ask(request);
        assertEquals(1, answer.size());
        assertEquals(REQUEST, answer.get(0).requestId());
        return answer.get(0);
    }

    final FailureCode failure(ClientMessage request) {
        return assertInstanceOf(Failure.class, single(request)).code();
    }

    final List<SymbolAnswer> symbolsFor(GetSymbols request) {
        List<SymbolAnswer> symbols = new ArrayList<>();
        List<Message> messages = ask(request);
        for (int i = 0; i < messages.size(); i++) {
            SymbolsAnswer part = assertInstanceOf(SymbolsAnswer.class, messages.get(i));
            assertEquals(symbols.size(), part.firstIndex());
            assertEquals(i == messages.size() - 1, part.isLast());
            symbols.addAll(part.symbols());
        }
        assertEquals(request.coordinates().size(), symbols.size());
        return symbols;
    }
}
