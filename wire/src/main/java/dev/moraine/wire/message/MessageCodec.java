package dev.moraine.wire.message;

import dev.moraine.wire.sbe.BundleGrantEncoder;
import dev.moraine.wire.sbe.BundleOfferEncoder;
import dev.moraine.wire.sbe.BundleRefusedEncoder;
import dev.moraine.wire.sbe.BundleSignedEncoder;
import dev.moraine.wire.sbe.BusyEncoder;
import dev.moraine.wire.sbe.CertificateAnswerEncoder;
import dev.moraine.wire.sbe.CertificateKeptEncoder;
import dev.moraine.wire.sbe.CertificatePutEncoder;
import dev.moraine.wire.sbe.ChunksAnswerEncoder;
import dev.moraine.wire.sbe.FailureEncoder;
import dev.moraine.wire.sbe.FeedAnswerEncoder;
import dev.moraine.wire.sbe.GetCertificateEncoder;
import dev.moraine.wire.sbe.GetChunksEncoder;
import dev.moraine.wire.sbe.GetFeedEncoder;
import dev.moraine.wire.sbe.GetHealthEncoder;
import dev.moraine.wire.sbe.GetMetadataEncoder;
import dev.moraine.wire.sbe.GetSliverEncoder;
import dev.moraine.wire.sbe.GetStatusEncoder;
import dev.moraine.wire.sbe.GetSymbolsEncoder;
import dev.moraine.wire.sbe.GetVerdictEncoder;
import dev.moraine.wire.sbe.HealthAnswerEncoder;
import dev.moraine.wire.sbe.HelloEncoder;
import dev.moraine.wire.sbe.MetadataAnswerEncoder;
import dev.moraine.wire.sbe.PingEncoder;
import dev.moraine.wire.sbe.PongEncoder;
import dev.moraine.wire.sbe.SliverDataEncoder;
import dev.moraine.wire.sbe.StatusAnswerEncoder;
import dev.moraine.wire.sbe.SymbolsAnswerEncoder;
import dev.moraine.wire.sbe.VerdictAnswerEncoder;
import dev.moraine.wire.sbe.WelcomeEncoder;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Turns messages into the bytes of a frame, without the length before it, and back. The layout is the one of
 * {@code schema.xml}. Every message has exactly one encoding, and every message fits
 * {@link MessageLimits#MAX_FRAME_BYTES}. Thread-safe: it has no state.
 */
public final class MessageCodec {
    private MessageCodec() {}

    /**
     * How many bytes {@link #encode} will write.
     *
     * @param message any message
     * @return the length in bytes, header included
     */
    public static int encodedLength(Message message) {
        return EncodedLength.of(message);
    }

    /**
     * Writes a message.
     *
     * @param message any message
     * @param buffer where to; it has room for {@link #encodedLength} bytes, or grows
     * @param offset where in the buffer to begin
     * @return how many bytes were written
     * @throws IndexOutOfBoundsException if the buffer is too short
     */
    public static int encode(Message message, MutableDirectBuffer buffer, int offset) {
        int length = encodedLength(message);
        buffer.checkLimit(Math.addExact(offset, length));
        int limit =
                switch (message) {
                    case SliverData data -> encodeWhole(data, buffer, offset);
                    case ClientMessage client -> encodeClient(client, buffer, offset);
                    case NodeMessage node -> encodeNode(node, buffer, offset);
                };
        return limit - offset;
    }

    private static int encodeClient(ClientMessage message, MutableDirectBuffer buffer, int offset) {
        return switch (message) {
            case Hello hello -> SessionCodec.encode(hello, buffer, offset);
            case Ping ping -> SessionCodec.encode(ping, buffer, offset);
            case BundleOffer offer -> BundleCodec.encode(offer, buffer, offset);
            case SliverData data -> encodeWhole(data, buffer, offset);
            case CertificatePut put -> BundleCodec.encode(put, buffer, offset);
            case GetMetadata get -> ReadCodec.encode(get, buffer, offset);
            case GetCertificate get -> ReadCodec.encode(get, buffer, offset);
            case GetSliver get -> ReadCodec.encode(get, buffer, offset);
            case GetSymbols get -> SymbolsCodec.encode(get, buffer, offset);
            case GetChunks get -> ReadCodec.encode(get, buffer, offset);
            case GetStatus get -> StateCodec.encode(get, buffer, offset);
            case GetFeed get -> FeedCodec.encode(get, buffer, offset);
            case GetVerdict get -> StateCodec.encode(get, buffer, offset);
            case GetHealth get -> SessionCodec.encode(get, buffer, offset);
        };
    }

    private static int encodeNode(NodeMessage message, MutableDirectBuffer buffer, int offset) {
        return switch (message) {
            case Welcome welcome -> SessionCodec.encode(welcome, buffer, offset);
            case Failure failure -> SessionCodec.encode(failure, buffer, offset);
            case Busy busy -> SessionCodec.encode(busy, buffer, offset);
            case Pong pong -> SessionCodec.encode(pong, buffer, offset);
            case BundleGrant grant -> BundleCodec.encode(grant, buffer, offset);
            case SliverData data -> encodeWhole(data, buffer, offset);
            case BundleSigned signed -> BundleCodec.encode(signed, buffer, offset);
            case BundleRefused refused -> BundleCodec.encode(refused, buffer, offset);
            case CertificateKept kept -> BundleCodec.encode(kept, buffer, offset);
            case MetadataAnswer answer -> ReadCodec.encode(answer, buffer, offset);
            case CertificateAnswer answer -> ReadCodec.encode(answer, buffer, offset);
            case SymbolsAnswer answer -> SymbolsCodec.encode(answer, buffer, offset);
            case ChunksAnswer answer -> ReadCodec.encode(answer, buffer, offset);
            case StatusAnswer answer -> StateCodec.encode(answer, buffer, offset);
            case FeedAnswer answer -> FeedCodec.encode(answer, buffer, offset);
            case VerdictAnswer answer -> StateCodec.encode(answer, buffer, offset);
            case HealthAnswer answer -> SessionCodec.encode(answer, buffer, offset);
        };
    }

    /**
     * Writes everything of a {@link SliverData} but its data, which ends the frame, so that the data can follow from
     * where it lies.
     *
     * @param data the message
     * @param buffer where to; it has room, or grows
     * @param offset where in the buffer to begin
     * @return how many bytes were written: {@link #encodedLength} less the length of the data
     * @throws IndexOutOfBoundsException if the buffer is too short
     */
    public static int encodeHead(SliverData data, MutableDirectBuffer buffer, int offset) {
        return BundleCodec.encodeHead(data, buffer, offset) - offset;
    }

    /**
     * Reads a message. Nothing is allocated for what a frame announces but does not hold, and no content makes this
     * method throw.
     *
     * @param frame one frame, without the length before it, from its position to its limit; it is not changed
     * @return the message, or why there is none
     */
    public static Decoded decode(ByteBuffer frame) {
        FrameReader reader = new FrameReader(frame);
        Message message = reader.hasHeader() ? decodeBody(reader) : null;
        if (message != null) {
            return new Decoded.Accepted(message);
        }
        MalformedReason fault = reader.fault();
        return new Decoded.Malformed(fault == null ? MalformedReason.OUT_OF_RANGE : fault);
    }

    private static @Nullable Message decodeBody(FrameReader reader) {
        return switch (reader.templateId()) {
            case HelloEncoder.TEMPLATE_ID -> SessionCodec.hello(reader);
            case WelcomeEncoder.TEMPLATE_ID -> SessionCodec.welcome(reader);
            case FailureEncoder.TEMPLATE_ID -> SessionCodec.failure(reader);
            case BusyEncoder.TEMPLATE_ID -> SessionCodec.busy(reader);
            case PingEncoder.TEMPLATE_ID -> SessionCodec.ping(reader);
            case PongEncoder.TEMPLATE_ID -> SessionCodec.pong(reader);
            case BundleOfferEncoder.TEMPLATE_ID -> BundleCodec.offer(reader);
            case BundleGrantEncoder.TEMPLATE_ID -> BundleCodec.grant(reader);
            case SliverDataEncoder.TEMPLATE_ID -> BundleCodec.sliverData(reader);
            case BundleSignedEncoder.TEMPLATE_ID -> BundleCodec.signed(reader);
            case BundleRefusedEncoder.TEMPLATE_ID -> BundleCodec.refused(reader);
            case CertificatePutEncoder.TEMPLATE_ID -> BundleCodec.put(reader);
            case CertificateKeptEncoder.TEMPLATE_ID -> BundleCodec.kept(reader);
            case GetMetadataEncoder.TEMPLATE_ID -> ReadCodec.getMetadata(reader);
            case MetadataAnswerEncoder.TEMPLATE_ID -> ReadCodec.metadataAnswer(reader);
            case GetCertificateEncoder.TEMPLATE_ID -> ReadCodec.getCertificate(reader);
            case CertificateAnswerEncoder.TEMPLATE_ID -> ReadCodec.certificateAnswer(reader);
            case GetSliverEncoder.TEMPLATE_ID -> ReadCodec.getSliver(reader);
            case GetSymbolsEncoder.TEMPLATE_ID -> SymbolsCodec.getSymbols(reader);
            case SymbolsAnswerEncoder.TEMPLATE_ID -> SymbolsCodec.symbolsAnswer(reader);
            case GetChunksEncoder.TEMPLATE_ID -> ReadCodec.getChunks(reader);
            case ChunksAnswerEncoder.TEMPLATE_ID -> ReadCodec.chunksAnswer(reader);
            case GetStatusEncoder.TEMPLATE_ID -> StateCodec.getStatus(reader);
            case StatusAnswerEncoder.TEMPLATE_ID -> StateCodec.statusAnswer(reader);
            case GetFeedEncoder.TEMPLATE_ID -> FeedCodec.getFeed(reader);
            case FeedAnswerEncoder.TEMPLATE_ID -> FeedCodec.feedAnswer(reader);
            case GetVerdictEncoder.TEMPLATE_ID -> StateCodec.getVerdict(reader);
            case VerdictAnswerEncoder.TEMPLATE_ID -> StateCodec.verdictAnswer(reader);
            case GetHealthEncoder.TEMPLATE_ID -> SessionCodec.getHealth(reader);
            case HealthAnswerEncoder.TEMPLATE_ID -> SessionCodec.healthAnswer(reader);
            default -> {
                reader.fail(MalformedReason.UNKNOWN_TEMPLATE);
                yield null;
            }
        };
    }

    private static int encodeWhole(SliverData data, MutableDirectBuffer buffer, int offset) {
        int dataStart = BundleCodec.encodeHead(data, buffer, offset);
        int dataLength = (int) data.data().byteSize();
        // Copied as a segment and not by Agrona, which would read freed memory if the arena were closed.
        MemorySegment.copy(data.data(), 0, segmentOf(buffer, dataStart, dataLength), 0, dataLength);
        return dataStart + dataLength;
    }

    private static MemorySegment segmentOf(MutableDirectBuffer buffer, int start, int length) {
        byte[] array = buffer.byteArray();
        ByteBuffer byteBuffer = buffer.byteBuffer();
        MemorySegment whole;
        if (array != null) {
            whole = MemorySegment.ofArray(array);
        } else if (byteBuffer != null) {
            whole = MemorySegment.ofBuffer(byteBuffer.duplicate().clear());
        } else {
            throw new IllegalArgumentException("buffer must lie over an array or a ByteBuffer");
        }
        return whole.asSlice((long) buffer.wrapAdjustment() + start, length);
    }
}
