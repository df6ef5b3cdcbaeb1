package dev.moraine.wire.message;

import dev.moraine.wire.sbe.BusyDecoder;
import dev.moraine.wire.sbe.BusyEncoder;
import dev.moraine.wire.sbe.FailureDecoder;
import dev.moraine.wire.sbe.FailureEncoder;
import dev.moraine.wire.sbe.GetHealthDecoder;
import dev.moraine.wire.sbe.GetHealthEncoder;
import dev.moraine.wire.sbe.HealthAnswerDecoder;
import dev.moraine.wire.sbe.HealthAnswerEncoder;
import dev.moraine.wire.sbe.HelloDecoder;
import dev.moraine.wire.sbe.HelloEncoder;
import dev.moraine.wire.sbe.MessageHeaderEncoder;
import dev.moraine.wire.sbe.PingDecoder;
import dev.moraine.wire.sbe.PingEncoder;
import dev.moraine.wire.sbe.PongDecoder;
import dev.moraine.wire.sbe.PongEncoder;
import dev.moraine.wire.sbe.WelcomeDecoder;
import dev.moraine.wire.sbe.WelcomeEncoder;
import java.nio.charset.StandardCharsets;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The encodings of the messages that open and end things, and of health. An encoder gives the limit that it reached; a
 * decoder gives null after a fault, which the reader then holds.
 */
final class SessionCodec {
    private static final int BODY = MessageLimits.HEADER_BYTES;
    private static final int VERSION = HelloDecoder.SCHEMA_VERSION;

    private SessionCodec() {}

    static int encode(Hello hello, MutableDirectBuffer buffer, int offset) {
        HelloEncoder encoder = new HelloEncoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder());
        encoder.protocolVersion(hello.protocolVersion())
                .putDeploymentId(hello.deploymentId(), 0, MessageLimits.HASH_BYTES);
        return encoder.limit();
    }

    static @Nullable Message hello(FrameReader reader) {
        if (!reader.hasBlock(HelloDecoder.BLOCK_LENGTH)) {
            return null;
        }
        HelloDecoder decoder = new HelloDecoder().wrap(reader.buffer(), BODY, HelloDecoder.BLOCK_LENGTH, VERSION);
        byte[] deploymentId = new byte[MessageLimits.HASH_BYTES];
        decoder.getDeploymentId(deploymentId, 0, deploymentId.length);
        return reader.isAtEnd(decoder.limit()) ? new Hello(decoder.protocolVersion(), deploymentId) : null;
    }

    static int encode(Welcome welcome, MutableDirectBuffer buffer, int offset) {
        WelcomeEncoder encoder = new WelcomeEncoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder());
        encoder.protocolVersion(welcome.protocolVersion())
                .nodeIndex(welcome.nodeIndex())
                .putDeploymentId(welcome.deploymentId(), 0, MessageLimits.HASH_BYTES);
        return encoder.limit();
    }

    static @Nullable Message welcome(FrameReader reader) {
        if (!reader.hasBlock(WelcomeDecoder.BLOCK_LENGTH)) {
            return null;
        }
        WelcomeDecoder decoder = new WelcomeDecoder().wrap(reader.buffer(), BODY, WelcomeDecoder.BLOCK_LENGTH, VERSION);
        byte[] deploymentId = new byte[MessageLimits.HASH_BYTES];
        decoder.getDeploymentId(deploymentId, 0, deploymentId.length);
        int nodeIndex = decoder.nodeIndex();
        return reader.isWithin(nodeIndex, 0, MessageLimits.MAX_SHARDS - 1) && reader.isAtEnd(decoder.limit())
                ? new Welcome(decoder.protocolVersion(), deploymentId, nodeIndex)
                : null;
    }

    static int encode(Failure failure, MutableDirectBuffer buffer, int offset) {
        FailureEncoder encoder = new FailureEncoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder());
        byte[] text = failure.text().getBytes(StandardCharsets.US_ASCII);
        encoder.requestId(failure.requestId())
                .code(dev.moraine.wire.sbe.FailureCode.get((short) failure.code().wireCode()))
                .putText(text, 0, text.length);
        return encoder.limit();
    }

    static @Nullable Message failure(FrameReader reader) {
        if (!reader.hasBlock(FailureDecoder.BLOCK_LENGTH)) {
            return null;
        }
        FailureDecoder decoder = new FailureDecoder().wrap(reader.buffer(), BODY, FailureDecoder.BLOCK_LENGTH, VERSION);
        FailureCode code = FailureCode.ofWireCode(decoder.codeRaw());
        int textLength = reader.dataLength(decoder.limit(), 0, MessageLimits.MAX_TEXT_BYTES);
        if (code == null || textLength == FrameReader.FAULT) {
            reader.fail(MalformedReason.OUT_OF_RANGE);
            return null;
        }
        byte[] text = new byte[textLength];
        decoder.getText(text, 0, textLength);
        for (byte character : text) {
            if (!Failure.isPrintable(character)) {
                reader.fail(MalformedReason.OUT_OF_RANGE);
                return null;
            }
        }
        return reader.isAtEnd(decoder.limit())
                ? new Failure(decoder.requestId(), code, new String(text, StandardCharsets.US_ASCII))
                : null;
    }

    static int encode(Busy busy, MutableDirectBuffer buffer, int offset) {
        BusyEncoder encoder = new BusyEncoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder());
        encoder.requestId(busy.requestId()).retryDelayMs(busy.retryDelayMs());
        return encoder.limit();
    }

    static @Nullable Message busy(FrameReader reader) {
        if (!reader.hasBlock(BusyDecoder.BLOCK_LENGTH)) {
            return null;
        }
        BusyDecoder decoder = new BusyDecoder().wrap(reader.buffer(), BODY, BusyDecoder.BLOCK_LENGTH, VERSION);
        long retryDelayMs = decoder.retryDelayMs();
        return reader.isWithin(retryDelayMs, 0, MessageLimits.MAX_RETRY_DELAY_MS) && reader.isAtEnd(decoder.limit())
                ? new Busy(decoder.requestId(), (int) retryDelayMs)
                : null;
    }

    static int encode(Ping ping, MutableDirectBuffer buffer, int offset) {
        PingEncoder encoder = new PingEncoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder());
        encoder.token(ping.token());
        return encoder.limit();
    }

    static @Nullable Message ping(FrameReader reader) {
        if (!reader.hasBlock(PingDecoder.BLOCK_LENGTH)) {
            return null;
        }
        PingDecoder decoder = new PingDecoder().wrap(reader.buffer(), BODY, PingDecoder.BLOCK_LENGTH, VERSION);
        return reader.isAtEnd(decoder.limit()) ? new Ping(decoder.token()) : null;
    }

    static int encode(Pong pong, MutableDirectBuffer buffer, int offset) {
        PongEncoder encoder = new PongEncoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder());
        encoder.token(pong.token());
        return encoder.limit();
    }

    static @Nullable Message pong(FrameReader reader) {
        if (!reader.hasBlock(PongDecoder.BLOCK_LENGTH)) {
            return null;
        }
        PongDecoder decoder = new PongDecoder().wrap(reader.buffer(), BODY, PongDecoder.BLOCK_LENGTH, VERSION);
        return reader.isAtEnd(decoder.limit()) ? new Pong(decoder.token()) : null;
    }

    static int encode(GetHealth get, MutableDirectBuffer buffer, int offset) {
        GetHealthEncoder encoder =
                new GetHealthEncoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder());
        encoder.requestId(get.requestId());
        return encoder.limit();
    }

    static @Nullable Message getHealth(FrameReader reader) {
        if (!reader.hasBlock(GetHealthDecoder.BLOCK_LENGTH)) {
            return null;
        }
        GetHealthDecoder decoder =
                new GetHealthDecoder().wrap(reader.buffer(), BODY, GetHealthDecoder.BLOCK_LENGTH, VERSION);
        return reader.isAtEnd(decoder.limit()) ? new GetHealth(decoder.requestId()) : null;
    }

    static int encode(HealthAnswer answer, MutableDirectBuffer buffer, int offset) {
        HealthAnswerEncoder encoder =
                new HealthAnswerEncoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder());
        encoder.requestId(answer.requestId())
                .pairs(answer.pairs())
                .bytes(answer.bytes())
                .quarantined(answer.quarantined())
                .state((short) answer.state());
        return encoder.limit();
    }

    static @Nullable Message healthAnswer(FrameReader reader) {
        if (!reader.hasBlock(HealthAnswerDecoder.BLOCK_LENGTH)) {
            return null;
        }
        HealthAnswerDecoder decoder =
                new HealthAnswerDecoder().wrap(reader.buffer(), BODY, HealthAnswerDecoder.BLOCK_LENGTH, VERSION);
        boolean isInRange = reader.isWithin(decoder.pairs(), 0, Long.MAX_VALUE)
                && reader.isWithin(decoder.bytes(), 0, Long.MAX_VALUE)
                && reader.isWithin(decoder.quarantined(), 0, Long.MAX_VALUE);
        return isInRange && reader.isAtEnd(decoder.limit())
                ? new HealthAnswer(
                        decoder.requestId(), decoder.state(), decoder.pairs(), decoder.bytes(), decoder.quarantined())
                : null;
    }
}
