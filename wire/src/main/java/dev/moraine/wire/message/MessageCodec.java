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
import dev.moraine.wire.sbe.GetCertificateEncoder;
import dev.moraine.wire.sbe.GetChunksEncoder;
import dev.moraine.wire.sbe.GetHealthEncoder;
import dev.moraine.wire.sbe.GetMetadataEncoder;
import dev.moraine.wire.sbe.GetSliverEncoder;
import dev.moraine.wire.sbe.GetSymbolsEncoder;
import dev.moraine.wire.sbe.HealthAnswerEncoder;
import dev.moraine.wire.sbe.HelloEncoder;
import dev.moraine.wire.sbe.MetadataAnswerEncoder;
import dev.moraine.wire.sbe.SliverDataEncoder;
import dev.moraine.wire.sbe.SymbolsAnswerEncoder;
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
    private static final int GROUP_HEADER_BYTES = 4;
    private static final int DATA_HEADER_BYTES = 4;

    private MessageCodec() {}

    /**
     * How many bytes {@link #encode} will write.
     *
     * @param message any message
     * @return the length in bytes, header included
     */
    public static int encodedLength(Message message) {
        return MessageLimits.HEADER_BYTES
                + switch (message) {
                    case Hello _ -> HelloEncoder.BLOCK_LENGTH;
                    case Welcome _ -> WelcomeEncoder.BLOCK_LENGTH;
                    case Failure failure ->
                        FailureEncoder.BLOCK_LENGTH + DATA_HEADER_BYTES + failure.text().length();
                    case Busy _ -> BusyEncoder.BLOCK_LENGTH;
                    case BundleOffer offer ->
                        BundleOfferEncoder.BLOCK_LENGTH
                                + groupLength(
                                        offer.entries().size(), BundleOfferEncoder.EntriesEncoder.sbeBlockLength());
                    case BundleGrant grant ->
                        BundleGrantEncoder.BLOCK_LENGTH
                                + groupLength(
                                        grant.wantedEntries().size(),
                                        BundleGrantEncoder.WantedEncoder.sbeBlockLength());
                    case SliverData data -> headLength() + (int) data.data().byteSize();
                    case BundleSigned _ -> BundleSignedEncoder.BLOCK_LENGTH;
                    case BundleRefused refused ->
                        BundleRefusedEncoder.BLOCK_LENGTH
                                + groupLength(
                                        refused.refusals().size(),
                                        BundleRefusedEncoder.RefusalsEncoder.sbeBlockLength());
                    case CertificatePut put ->
                        CertificatePutEncoder.BLOCK_LENGTH
                                + groupLength(
                                        put.entries().size(), CertificatePutEncoder.EntriesEncoder.sbeBlockLength())
                                + DATA_HEADER_BYTES
                                + put.certificate().length;
                    case CertificateKept _ -> CertificateKeptEncoder.BLOCK_LENGTH;
                    case GetMetadata _ -> GetMetadataEncoder.BLOCK_LENGTH;
                    case MetadataAnswer answer ->
                        MetadataAnswerEncoder.BLOCK_LENGTH + DATA_HEADER_BYTES + answer.metadata().length;
                    case GetCertificate _ -> GetCertificateEncoder.BLOCK_LENGTH;
                    case CertificateAnswer answer ->
                        CertificateAnswerEncoder.BLOCK_LENGTH + DATA_HEADER_BYTES + answer.blobCertificate().length;
                    case GetSliver _ -> GetSliverEncoder.BLOCK_LENGTH;
                    case GetSymbols get ->
                        GetSymbolsEncoder.BLOCK_LENGTH
                                + groupLength(
                                        get.coordinates().size(),
                                        GetSymbolsEncoder.CoordinatesEncoder.sbeBlockLength());
                    case SymbolsAnswer answer -> SymbolsAnswerEncoder.BLOCK_LENGTH + symbolsLength(answer);
                    case GetChunks _ -> GetChunksEncoder.BLOCK_LENGTH;
                    case ChunksAnswer answer ->
                        ChunksAnswerEncoder.BLOCK_LENGTH + DATA_HEADER_BYTES + answer.proofs().length;
                    case GetHealth _ -> GetHealthEncoder.BLOCK_LENGTH;
                    case HealthAnswer _ -> HealthAnswerEncoder.BLOCK_LENGTH;
                };
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
                    case Hello hello -> SessionCodec.encode(hello, buffer, offset);
                    case Welcome welcome -> SessionCodec.encode(welcome, buffer, offset);
                    case Failure failure -> SessionCodec.encode(failure, buffer, offset);
                    case Busy busy -> SessionCodec.encode(busy, buffer, offset);
                    case BundleOffer offer -> BundleCodec.encode(offer, buffer, offset);
                    case BundleGrant grant -> BundleCodec.encode(grant, buffer, offset);
                    case SliverData data -> encodeWhole(data, buffer, offset);
                    case BundleSigned signed -> BundleCodec.encode(signed, buffer, offset);
                    case BundleRefused refused -> BundleCodec.encode(refused, buffer, offset);
                    case CertificatePut put -> BundleCodec.encode(put, buffer, offset);
                    case CertificateKept kept -> BundleCodec.encode(kept, buffer, offset);
                    case GetMetadata get -> ReadCodec.encode(get, buffer, offset);
                    case MetadataAnswer answer -> ReadCodec.encode(answer, buffer, offset);
                    case GetCertificate get -> ReadCodec.encode(get, buffer, offset);
                    case CertificateAnswer answer -> ReadCodec.encode(answer, buffer, offset);
                    case GetSliver get -> ReadCodec.encode(get, buffer, offset);
                    case GetSymbols get -> ReadCodec.encode(get, buffer, offset);
                    case SymbolsAnswer answer -> ReadCodec.encode(answer, buffer, offset);
                    case GetChunks get -> ReadCodec.encode(get, buffer, offset);
                    case ChunksAnswer answer -> ReadCodec.encode(answer, buffer, offset);
                    case GetHealth get -> SessionCodec.encode(get, buffer, offset);
                    case HealthAnswer answer -> SessionCodec.encode(answer, buffer, offset);
                };
        return limit - offset;
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
            case GetSymbolsEncoder.TEMPLATE_ID -> ReadCodec.getSymbols(reader);
            case SymbolsAnswerEncoder.TEMPLATE_ID -> ReadCodec.symbolsAnswer(reader);
            case GetChunksEncoder.TEMPLATE_ID -> ReadCodec.getChunks(reader);
            case ChunksAnswerEncoder.TEMPLATE_ID -> ReadCodec.chunksAnswer(reader);
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

    private static int headLength() {
        return SliverDataEncoder.BLOCK_LENGTH + DATA_HEADER_BYTES;
    }

    private static int groupLength(int count, int blockLength) {
        return GROUP_HEADER_BYTES + count * blockLength;
    }

    private static int symbolsLength(SymbolsAnswer answer) {
        int count = answer.symbols().size();
        int length = groupLength(count, SymbolsAnswerEncoder.SymbolsEncoder.sbeBlockLength() + DATA_HEADER_BYTES);
        for (SymbolAnswer symbol : answer.symbols()) {
            length += symbol.proof().length;
        }
        return length;
    }
}
