package dev.moraine.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.wire.message.BlobState;
import dev.moraine.wire.message.ClientMessage;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.message.GetHealth;
import dev.moraine.wire.message.MessageCodec;
import dev.moraine.wire.message.MessageLimits;
import dev.moraine.wire.message.NodeMessage;
import dev.moraine.wire.message.RefusalReason;
import dev.moraine.wire.message.VerdictState;
import dev.moraine.wire.sbe.MessageHeaderDecoder;
import dev.moraine.wire.transport.ConnectionLimits;
import dev.moraine.wire.transport.ServerLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** PROTOCOL.md says what the code does. */
class ProtocolDocumentTest {
    private final String text = read();

    @Test
    void everyMessageAndEveryReasonIsDescribed() {
        Stream.of(ClientMessage.class, NodeMessage.class)
                .flatMap(side -> Stream.of(side.getPermittedSubclasses()))
                .forEach(type -> says("`" + type.getSimpleName()));
        Stream.of(FailureCode.values()).forEach(code -> says(code.name()));
        Stream.of(RefusalReason.values()).forEach(reason -> says(reason.name()));
        Stream.of(BlobState.values()).forEach(state -> says(state.name()));
        Stream.of(VerdictState.values()).forEach(state -> says(state.name()));
    }

    @Test
    void numbersAreThoseOfTheCode() {
        says("version " + MessageLimits.PROTOCOL_VERSION);
        says("schemaId u16 = " + MessageHeaderDecoder.SCHEMA_ID + " ‖ version u16 = "
                + MessageHeaderDecoder.SCHEMA_VERSION);
        says("at least " + MessageLimits.HEADER_BYTES + " and at most " + grouped(MessageLimits.MAX_FRAME_BYTES));
        says("at most " + MessageLimits.MAX_HANDSHAKE_FRAME_BYTES + " until");
        says("1 to " + grouped(MessageLimits.MAX_BUNDLE_ENTRIES) + " (a grant");
        says("| " + grouped(MessageLimits.MAX_SLIVER_DATA_BYTES) + " bytes |");
        says("symbols of a `SymbolsAnswer` | 1 to " + grouped(MessageLimits.MAX_COORDINATES));
        says("blobs of a `GetSymbols` | 1 to " + grouped(MessageLimits.MAX_BLOBS));
        says("0 to " + MessageLimits.MAX_FEED_NAMESPACES + "; 0 to " + MessageLimits.MAX_FEED_ENTRIES);
        says("| " + grouped(MessageLimits.MAX_WAIT_MS) + " ms |");
        says("1 to " + grouped(MessageLimits.MAX_CHUNKS) + "; below 2²⁰");
        assertEquals(1 << 20, MessageLimits.MAX_CHUNKS_OF_SYMBOL);
        says("| " + grouped(MessageLimits.MAX_CHUNKS_PROOF_BYTES) + " bytes |");
        says("below " + MessageLimits.MAX_SHARDS);
        says(grouped(MessageLimits.MAX_METADATA_BYTES) + "; " + MessageLimits.MAX_CERTIFICATE_BYTES + "; "
                + grouped(MessageLimits.MAX_BLOB_CERTIFICATE_BYTES) + " bytes");
        says(MessageLimits.MAX_TEXT_BYTES + " bytes of printable ASCII");
        says(grouped(MessageLimits.MAX_RETRY_DELAY_MS) + " ms");
        assertEquals(1L << 32, MessageLimits.MAX_BLOB_BYTES);
        assertEquals(1 << 30, MessageLimits.MAX_SYMBOL_PROOF_BYTES);
        ServerLimits limits = ServerLimits.defaults();
        says(seconds(limits.handshakeTimeoutNs()) + " s, " + seconds(limits.frameTimeoutNs()) + " s and\n  "
                + seconds(limits.idleTimeoutNs()) + " s unless");
        says("of all\n  (" + grouped(limits.maxConnections()) + " unless set up otherwise), or of its address ("
                + limits.maxConnectionsPerAddress() + ")");
        says("reads nothing for " + seconds(limits.frameTimeoutNs()) + " s");
        says("too (" + (limits.maxTotalOutboundBytes() >> 20) + "\n  MiB)");
        says("(" + limits.maxRequestsPerConnection() + " and " + limits.maxRequestsPerAddress() + " unless");
        says("for it for " + seconds(limits.requestTimeoutNs()) + " s");
        says("(" + (limits.maxInboundBytes() >> 20) + " MiB unless set up otherwise). When");
        says("(" + seconds(ConnectionLimits.defaults().keepAliveNs()) + " s unless set up otherwise), and gives");
        says("comes or goes for " + seconds(ConnectionLimits.defaults().silenceTimeoutNs()) + " s after");
        says("(" + (limits.maxOutboundBytes() >> 20) + " MiB unless");
        assertEquals(limits.maxOutboundBytes(), ConnectionLimits.defaults().maxOutboundBytes());
    }

    @Test
    void theExampleIsTheEncoding() {
        String example = text.substring(text.indexOf("10000000"));
        byte[] frame = HexFormat.of().parseHex(example.lines().findFirst().orElse("").replace(" ", ""));
        ByteBuffer buffer = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(frame.length - 4, buffer.getInt());
        byte[] encoded = new byte[frame.length];
        encoded[0] = (byte) (frame.length - 4);
        MessageCodec.encode(new GetHealth(7), new UnsafeBuffer(encoded), 4);
        assertArrayEquals(encoded, frame);
    }

    private void says(String expected) {
        assertTrue(text.contains(expected), () -> "PROTOCOL.md does not say: " + expected);
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static long seconds(long durationNs) {
        return TimeUnit.NANOSECONDS.toSeconds(durationNs);
    }

    private static String read() {
        try {
            return Files.readString(Path.of("PROTOCOL.md"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
