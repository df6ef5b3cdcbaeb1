package dev.moraine.wire.message;

import dev.moraine.wire.sbe.GetStatusDecoder;
import dev.moraine.wire.sbe.GetStatusEncoder;
import dev.moraine.wire.sbe.GetVerdictDecoder;
import dev.moraine.wire.sbe.GetVerdictEncoder;
import dev.moraine.wire.sbe.MessageHeaderEncoder;
import dev.moraine.wire.sbe.StatusAnswerDecoder;
import dev.moraine.wire.sbe.StatusAnswerEncoder;
import dev.moraine.wire.sbe.VerdictAnswerDecoder;
import dev.moraine.wire.sbe.VerdictAnswerEncoder;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The encodings of status and verdicts. An encoder gives the limit that it reached; a decoder gives
 * null after a fault, which the reader then holds.
 */
final class StateCodec {
    private static final int BODY = MessageLimits.HEADER_BYTES;
    private static final int HASH = MessageLimits.HASH_BYTES;
    private static final int VERSION = GetStatusDecoder.SCHEMA_VERSION;

    private StateCodec() {}

    static int encode(GetStatus get, MutableDirectBuffer buffer, int offset) {
        GetStatusEncoder encoder =
                new GetStatusEncoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder());
        encoder.requestId(get.requestId()).putBlobId(get.blobId(), 0, HASH);
        return encoder.limit();
    }

    static @Nullable Message getStatus(FrameReader reader) {
        if (!reader.hasBlock(GetStatusDecoder.BLOCK_LENGTH)) {
            return null;
        }
        GetStatusDecoder decoder =
                new GetStatusDecoder().wrap(reader.buffer(), BODY, GetStatusDecoder.BLOCK_LENGTH, VERSION);
        byte[] blobId = new byte[HASH];
        decoder.getBlobId(blobId, 0, HASH);
        return reader.isAtEnd(decoder.limit()) ? new GetStatus(decoder.requestId(), blobId) : null;
    }

    static int encode(StatusAnswer answer, MutableDirectBuffer buffer, int offset) {
        StatusAnswerEncoder encoder =
                new StatusAnswerEncoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder());
        encoder.requestId(answer.requestId())
                .expiryEpoch(answer.expiryEpoch())
                .state(dev.moraine.wire.sbe.BlobState.get((short) answer.state().wireCode()));
        return encoder.limit();
    }

    static @Nullable Message statusAnswer(FrameReader reader) {
        if (!reader.hasBlock(StatusAnswerDecoder.BLOCK_LENGTH)) {
            return null;
        }
        StatusAnswerDecoder decoder =
                new StatusAnswerDecoder().wrap(reader.buffer(), BODY, StatusAnswerDecoder.BLOCK_LENGTH, VERSION);
        BlobState state = BlobState.ofWireCode(decoder.stateRaw());
        if (state == null) {
            reader.fail(MalformedReason.OUT_OF_RANGE);
            return null;
        }
        return reader.isWithin(decoder.expiryEpoch(), 0, Long.MAX_VALUE) && reader.isAtEnd(decoder.limit())
                ? new StatusAnswer(decoder.requestId(), state, decoder.expiryEpoch())
                : null;
    }

    static int encode(GetVerdict get, MutableDirectBuffer buffer, int offset) {
        GetVerdictEncoder encoder =
                new GetVerdictEncoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder());
        encoder.requestId(get.requestId()).putBlobId(get.blobId(), 0, HASH).waitMs(get.waitMs());
        return encoder.limit();
    }

    static @Nullable Message getVerdict(FrameReader reader) {
        if (!reader.hasBlock(GetVerdictDecoder.BLOCK_LENGTH)) {
            return null;
        }
        GetVerdictDecoder decoder =
                new GetVerdictDecoder().wrap(reader.buffer(), BODY, GetVerdictDecoder.BLOCK_LENGTH, VERSION);
        byte[] blobId = new byte[HASH];
        decoder.getBlobId(blobId, 0, HASH);
        return reader.isWithin(decoder.waitMs(), 0, MessageLimits.MAX_WAIT_MS) && reader.isAtEnd(decoder.limit())
                ? new GetVerdict(decoder.requestId(), blobId, decoder.waitMs())
                : null;
    }

    static int encode(VerdictAnswer answer, MutableDirectBuffer buffer, int offset) {
        VerdictAnswerEncoder encoder =
                new VerdictAnswerEncoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder());
        encoder.requestId(answer.requestId())
                .state(dev.moraine.wire.sbe.VerdictState.get((short) answer.state().wireCode()))
                .putSignature(answer.signature(), 0, answer.signature().length);
        return encoder.limit();
    }

    static @Nullable Message verdictAnswer(FrameReader reader) {
        if (!reader.hasBlock(VerdictAnswerDecoder.BLOCK_LENGTH)) {
            return null;
        }
        VerdictAnswerDecoder decoder =
                new VerdictAnswerDecoder().wrap(reader.buffer(), BODY, VerdictAnswerDecoder.BLOCK_LENGTH, VERSION);
        VerdictState state = VerdictState.ofWireCode(decoder.stateRaw());
        if (state == null) {
            reader.fail(MalformedReason.OUT_OF_RANGE);
            return null;
        }
        int expected = VerdictAnswer.signatureBytes(state);
        int length = reader.dataLength(decoder.limit(), expected, expected);
        if (length == FrameReader.FAULT) {
            return null;
        }
        byte[] signature = new byte[length];
        decoder.getSignature(signature, 0, length);
        return reader.isAtEnd(decoder.limit()) ? new VerdictAnswer(decoder.requestId(), state, signature) : null;
    }
}
