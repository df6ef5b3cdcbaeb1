package dev.moraine.node.storagenode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.certificate.Statement;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.testing.Seed;
import dev.moraine.wire.message.BundleGrant;
import dev.moraine.wire.message.BundleOffer;
import dev.moraine.wire.message.Decoded;
import dev.moraine.wire.message.Failure;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.message.Hello;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.MessageCodec;
import dev.moraine.wire.message.MessageLimits;
import dev.moraine.wire.message.Welcome;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Offers that no client of ours can make, byte by byte on a socket. */
class MalformedOfferTest {
    private static final int ENTRY_BYTES = 80;

    /** Behind the header, the fixed fields of an offer and the block length of its group. */
    private static final int COUNT_OFFSET = MessageLimits.HEADER_BYTES + 8 + 8 + 32 + 32 + 64 + 2;

    private static final int TIMEOUT_MS = 30_000;

    private final Random random = Seed.random("MalformedOfferTest");

    @TempDir
    private Path folder;

    private NodeFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = NodeFixture.of(folder);
    }

    @AfterEach
    void close() {
        assertEquals(0, fixture.node().counters().count(NodeEvent.BUNDLE_SIGNED));
        fixture.close();
    }

    @Test
    void anOfferOfNothingEndsTheConnection() throws Exception {
        byte[] frame = encode(offer(1));

        byte[] empty = withCount(Arrays.copyOf(frame, frame.length - ENTRY_BYTES), 0);

        assertEquals(FailureCode.MALFORMED, assertInstanceOf(Failure.class, answerTo(empty)).code());
    }

    @Test
    void anOfferOfTooManyEntriesEndsTheConnection() throws Exception {
        byte[] most = encode(offer(MessageLimits.MAX_BUNDLE_ENTRIES));
        assertInstanceOf(BundleGrant.class, answerTo(most));

        byte[] tooMany = withCount(
                Arrays.copyOf(most, most.length + ENTRY_BYTES), MessageLimits.MAX_BUNDLE_ENTRIES + 1);

        assertEquals(FailureCode.MALFORMED, assertInstanceOf(Failure.class, answerTo(tooMany)).code());
    }

    private static byte[] withCount(byte[] frame, int count) {
        ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN).putShort(COUNT_OFFSET, (short) count);
        return frame;
    }

    private BundleOffer offer(int count) {
        List<BundleEntry> entries = IntStream.range(0, count)
                .mapToObj(i -> new BundleEntry(
                        BlobId.of(Seed.bytes(random, Digest.BYTES)), SampleBlob.NAMESPACE, 1, NodeFixture.EXPIRY))
                .toList();
        Statement statement = fixture.statement(entries);
        return new BundleOffer(
                1,
                statement.epoch(),
                statement.bundleRoot().toBytes(),
                NodeFixture.WRITER.publicKey().encode(),
                NodeFixture.WRITER.sign(statement.writeRight()),
                NodeFixture.wireEntries(entries));
    }

    private Message answerTo(byte[] frame) throws IOException {
        try (Socket socket = new Socket(
                fixture.node().address().getAddress(), fixture.node().address().getPort())) {
            socket.setSoTimeout(TIMEOUT_MS);
            write(socket, encode(new Hello(
                    MessageLimits.PROTOCOL_VERSION,
                    fixture.committee().deploymentId().toBytes())));
            assertInstanceOf(Welcome.class, read(socket));
            write(socket, frame);
            return read(socket);
        }
    }

    private static byte[] encode(Message message) {
        byte[] frame = new byte[MessageCodec.encodedLength(message)];
        MessageCodec.encode(message, new UnsafeBuffer(frame), 0);
        return frame;
    }

    private static void write(Socket socket, byte[] frame) throws IOException {
        byte[] length = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(frame.length).array();
        socket.getOutputStream().write(length);
        socket.getOutputStream().write(frame);
    }

    private static Message read(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] frame = new byte[Integer.reverseBytes(in.readInt())];
        in.readFully(frame);
        return assertInstanceOf(Decoded.Accepted.class, MessageCodec.decode(ByteBuffer.wrap(frame))).message();
    }
}
