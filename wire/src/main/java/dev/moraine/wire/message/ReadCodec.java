package dev.moraine.wire.message;

import dev.moraine.wire.sbe.CertificateAnswerDecoder;
import dev.moraine.wire.sbe.CertificateAnswerEncoder;
import dev.moraine.wire.sbe.ChunksAnswerDecoder;
import dev.moraine.wire.sbe.ChunksAnswerEncoder;
import dev.moraine.wire.sbe.GetCertificateDecoder;
import dev.moraine.wire.sbe.GetCertificateEncoder;
import dev.moraine.wire.sbe.GetChunksDecoder;
import dev.moraine.wire.sbe.GetChunksEncoder;
import dev.moraine.wire.sbe.GetMetadataDecoder;
import dev.moraine.wire.sbe.GetMetadataEncoder;
import dev.moraine.wire.sbe.GetSliverDecoder;
import dev.moraine.wire.sbe.GetSliverEncoder;
import dev.moraine.wire.sbe.MessageHeaderEncoder;
import dev.moraine.wire.sbe.MetadataAnswerDecoder;
import dev.moraine.wire.sbe.MetadataAnswerEncoder;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The encodings of the messages that read. An encoder gives the limit that it reached; a decoder gives null after a
 * fault, which the reader then holds.
 */
final class ReadCodec {
    private static final int BODY = MessageLimits.HEADER_BYTES;
    private static final int HASH = MessageLimits.HASH_BYTES;
    private static final int MAX_INDEX = MessageLimits.MAX_SHARDS - 1;
    private static final int VERSION = GetMetadataDecoder.SCHEMA_VERSION;

    private ReadCodec() {}

    static int encode(GetMetadata get, MutableDirectBuffer buffer, int offset) {
        GetMetadataEncoder encoder =
                new GetMetadataEncoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder());
        encoder.requestId(get.requestId()).putBlobId(get.blobId(), 0, HASH);
        return encoder.limit();
    }

    static @Nullable Message getMetadata(FrameReader reader) {
        if (!reader.hasBlock(GetMetadataDecoder.BLOCK_LENGTH)) {
            return null;
        }
        GetMetadataDecoder decoder =
                new GetMetadataDecoder().wrap(reader.buffer(), BODY, GetMetadataDecoder.BLOCK_LENGTH, VERSION);
        byte[] blobId = new byte[HASH];
        decoder.getBlobId(blobId, 0, HASH);
        return reader.isAtEnd(decoder.limit()) ? new GetMetadata(decoder.requestId(), blobId) : null;
    }

    static int encode(MetadataAnswer answer, MutableDirectBuffer buffer, int offset) {
        MetadataAnswerEncoder encoder =
                new MetadataAnswerEncoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder());
        encoder.requestId(answer.requestId()).putMetadata(answer.metadata(), 0, answer.metadata().length);
        return encoder.limit();
    }

    static @Nullable Message metadataAnswer(FrameReader reader) {
        if (!reader.hasBlock(MetadataAnswerDecoder.BLOCK_LENGTH)) {
            return null;
        }
        MetadataAnswerDecoder decoder =
                new MetadataAnswerDecoder().wrap(reader.buffer(), BODY, MetadataAnswerDecoder.BLOCK_LENGTH, VERSION);
        int length = reader.dataLength(decoder.limit(), 1, MessageLimits.MAX_METADATA_BYTES);
        if (length == FrameReader.FAULT) {
            return null;
        }
        byte[] metadata = new byte[length];
        decoder.getMetadata(metadata, 0, length);
        return reader.isAtEnd(decoder.limit()) ? new MetadataAnswer(decoder.requestId(), metadata) : null;
    }

    static int encode(GetCertificate get, MutableDirectBuffer buffer, int offset) {
        GetCertificateEncoder encoder =
                new GetCertificateEncoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder());
        encoder.requestId(get.requestId()).putBlobId(get.blobId(), 0, HASH);
        return encoder.limit();
    }

    static @Nullable Message getCertificate(FrameReader reader) {
        if (!reader.hasBlock(GetCertificateDecoder.BLOCK_LENGTH)) {
            return null;
        }
        GetCertificateDecoder decoder =
                new GetCertificateDecoder().wrap(reader.buffer(), BODY, GetCertificateDecoder.BLOCK_LENGTH, VERSION);
        byte[] blobId = new byte[HASH];
        decoder.getBlobId(blobId, 0, HASH);
        return reader.isAtEnd(decoder.limit()) ? new GetCertificate(decoder.requestId(), blobId) : null;
    }

    static int encode(CertificateAnswer answer, MutableDirectBuffer buffer, int offset) {
        CertificateAnswerEncoder encoder =
                new CertificateAnswerEncoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder());
        encoder.requestId(answer.requestId())
                .putBlobCertificate(answer.blobCertificate(), 0, answer.blobCertificate().length);
        return encoder.limit();
    }

    static @Nullable Message certificateAnswer(FrameReader reader) {
        if (!reader.hasBlock(CertificateAnswerDecoder.BLOCK_LENGTH)) {
            return null;
        }
        CertificateAnswerDecoder decoder = new CertificateAnswerDecoder()
                .wrap(reader.buffer(), BODY, CertificateAnswerDecoder.BLOCK_LENGTH, VERSION);
        int length = reader.dataLength(decoder.limit(), 1, MessageLimits.MAX_BLOB_CERTIFICATE_BYTES);
        if (length == FrameReader.FAULT) {
            return null;
        }
        byte[] certificate = new byte[length];
        decoder.getBlobCertificate(certificate, 0, length);
        return reader.isAtEnd(decoder.limit()) ? new CertificateAnswer(decoder.requestId(), certificate) : null;
    }

    static int encode(GetSliver get, MutableDirectBuffer buffer, int offset) {
        GetSliverEncoder encoder =
                new GetSliverEncoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder());
        encoder.requestId(get.requestId())
                .putBlobId(get.blobId(), 0, HASH)
                .pairIndex(get.pairIndex())
                .part(dev.moraine.wire.sbe.Part.get((short) get.part().wireCode()));
        return encoder.limit();
    }

    static @Nullable Message getSliver(FrameReader reader) {
        if (!reader.hasBlock(GetSliverDecoder.BLOCK_LENGTH)) {
            return null;
        }
        GetSliverDecoder decoder =
                new GetSliverDecoder().wrap(reader.buffer(), BODY, GetSliverDecoder.BLOCK_LENGTH, VERSION);
        byte[] blobId = new byte[HASH];
        decoder.getBlobId(blobId, 0, HASH);
        Part part = Part.ofWireCode(decoder.partRaw());
        if (part == null) {
            reader.fail(MalformedReason.OUT_OF_RANGE);
            return null;
        }
        return reader.isWithin(decoder.pairIndex(), 0, MAX_INDEX) && reader.isAtEnd(decoder.limit())
                ? new GetSliver(decoder.requestId(), blobId, decoder.pairIndex(), part)
                : null;
    }

    static int encode(GetChunks get, MutableDirectBuffer buffer, int offset) {
        GetChunksEncoder encoder =
                new GetChunksEncoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder());
        encoder.requestId(get.requestId())
                .putBlobId(get.blobId(), 0, HASH)
                .row(get.row())
                .column(get.column())
                .firstChunk(get.firstChunk())
                .chunkCount(get.chunkCount());
        return encoder.limit();
    }

    static @Nullable Message getChunks(FrameReader reader) {
        if (!reader.hasBlock(GetChunksDecoder.BLOCK_LENGTH)) {
            return null;
        }
        GetChunksDecoder decoder =
                new GetChunksDecoder().wrap(reader.buffer(), BODY, GetChunksDecoder.BLOCK_LENGTH, VERSION);
        byte[] blobId = new byte[HASH];
        decoder.getBlobId(blobId, 0, HASH);
        boolean isInRange = reader.isWithin(decoder.row(), 0, MAX_INDEX)
                && reader.isWithin(decoder.column(), 0, MAX_INDEX)
                && reader.isWithin(decoder.firstChunk(), 0, MessageLimits.MAX_CHUNKS_OF_SYMBOL - 1)
                && reader.isWithin(decoder.chunkCount(), 1, MessageLimits.MAX_CHUNKS);
        return isInRange && reader.isAtEnd(decoder.limit())
                ? new GetChunks(
                        decoder.requestId(),
                        blobId,
                        decoder.row(),
                        decoder.column(),
                        (int) decoder.firstChunk(),
                        (int) decoder.chunkCount())
                : null;
    }

    static int encode(ChunksAnswer answer, MutableDirectBuffer buffer, int offset) {
        ChunksAnswerEncoder encoder =
                new ChunksAnswerEncoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder());
        encoder.requestId(answer.requestId())
                .offsetBytes(answer.offset())
                .totalBytes(answer.totalBytes())
                .putProofs(answer.proofs(), 0, answer.proofs().length);
        return encoder.limit();
    }

    static @Nullable Message chunksAnswer(FrameReader reader) {
        if (!reader.hasBlock(ChunksAnswerDecoder.BLOCK_LENGTH)) {
            return null;
        }
        ChunksAnswerDecoder decoder =
                new ChunksAnswerDecoder().wrap(reader.buffer(), BODY, ChunksAnswerDecoder.BLOCK_LENGTH, VERSION);
        int length = reader.dataLength(decoder.limit(), 1, MessageLimits.MAX_SLIVER_DATA_BYTES);
        long totalBytes = decoder.totalBytes();
        if (length == FrameReader.FAULT
                || !reader.isWithin(totalBytes, length, MessageLimits.MAX_CHUNKS_PROOF_BYTES)
                || !reader.isWithin(decoder.offsetBytes(), 0, totalBytes - length)) {
            return null;
        }
        byte[] proofs = new byte[length];
        decoder.getProofs(proofs, 0, length);
        return reader.isAtEnd(decoder.limit())
                ? new ChunksAnswer(decoder.requestId(), (int) decoder.offsetBytes(), (int) totalBytes, proofs)
                : null;
    }
}
