package dev.moraine.wire.message;

import dev.moraine.wire.sbe.FeedAnswerDecoder;
import dev.moraine.wire.sbe.FeedAnswerEncoder;
import dev.moraine.wire.sbe.GetFeedDecoder;
import dev.moraine.wire.sbe.GetFeedEncoder;
import dev.moraine.wire.sbe.MessageHeaderEncoder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The encodings of the feed of certificates. An encoder gives the limit that it reached; a decoder gives
 * null after a fault, which the reader then holds.
 */
final class FeedCodec {
    private static final int BODY = MessageLimits.HEADER_BYTES;
    private static final int HASH = MessageLimits.HASH_BYTES;
    private static final int VERSION = GetFeedDecoder.SCHEMA_VERSION;

    private FeedCodec() {}

    static int encode(GetFeed get, MutableDirectBuffer buffer, int offset) {
        GetFeedEncoder encoder = new GetFeedEncoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder());
        encoder.requestId(get.requestId())
                .feedId(get.feedId())
                .cursor(get.cursor())
                .maxEntries(get.maxEntries())
                .waitMs(get.waitMs());
        GetFeedEncoder.NamespacesEncoder namespaces = encoder.namespacesCount(get.namespaces().size());
        for (byte[] namespace : get.namespaces()) {
            namespaces.next().putNamespaceId(namespace, 0, HASH);
        }
        return encoder.limit();
    }

    static @Nullable Message getFeed(FrameReader reader) {
        if (!reader.hasBlock(GetFeedDecoder.BLOCK_LENGTH)) {
            return null;
        }
        GetFeedDecoder decoder =
                new GetFeedDecoder().wrap(reader.buffer(), BODY, GetFeedDecoder.BLOCK_LENGTH, VERSION);
        int blockLength = GetFeedDecoder.NamespacesDecoder.sbeBlockLength();
        int count = reader.groupCount(decoder.limit(), blockLength, 0, MessageLimits.MAX_FEED_NAMESPACES);
        if (count == FrameReader.FAULT
                || !reader.isWithin(decoder.cursor(), 0, Long.MAX_VALUE)
                || !reader.isWithin(decoder.maxEntries(), 1, MessageLimits.MAX_FEED_ENTRIES)
                || !reader.isWithin(decoder.waitMs(), 0, MessageLimits.MAX_WAIT_MS)) {
            return null;
        }
        List<byte[]> namespaces = new ArrayList<>(count);
        for (GetFeedDecoder.NamespacesDecoder each : decoder.namespaces()) {
            byte[] namespace = new byte[HASH];
            each.getNamespaceId(namespace, 0, HASH);
            namespaces.add(namespace);
        }
        return reader.isAtEnd(decoder.limit())
                ? new GetFeed(
                        decoder.requestId(),
                        namespaces,
                        decoder.feedId(),
                        decoder.cursor(),
                        decoder.maxEntries(),
                        decoder.waitMs())
                : null;
    }

    static int encode(FeedAnswer answer, MutableDirectBuffer buffer, int offset) {
        FeedAnswerEncoder encoder =
                new FeedAnswerEncoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder());
        encoder.requestId(answer.requestId()).feedId(answer.feedId()).nextCursor(answer.nextCursor());
        FeedAnswerEncoder.CertificatesEncoder certificates =
                encoder.certificatesCount(answer.blobCertificates().size());
        for (byte[] certificate : answer.blobCertificates()) {
            certificates.next().putBlobCertificate(certificate, 0, certificate.length);
        }
        return encoder.limit();
    }

    static @Nullable Message feedAnswer(FrameReader reader) {
        if (!reader.hasBlock(FeedAnswerDecoder.BLOCK_LENGTH)) {
            return null;
        }
        FeedAnswerDecoder decoder =
                new FeedAnswerDecoder().wrap(reader.buffer(), BODY, FeedAnswerDecoder.BLOCK_LENGTH, VERSION);
        int blockLength = FeedAnswerDecoder.CertificatesDecoder.sbeBlockLength();
        int count = reader.groupCount(decoder.limit(), blockLength, 0, MessageLimits.MAX_FEED_ENTRIES);
        if (count == FrameReader.FAULT || !reader.isWithin(decoder.nextCursor(), 0, Long.MAX_VALUE)) {
            return null;
        }
        if (decoder.feedId() == 0) {
            reader.fail(MalformedReason.OUT_OF_RANGE);
            return null;
        }
        List<byte[]> certificates = new ArrayList<>(count);
        FeedAnswerDecoder.CertificatesDecoder group = decoder.certificates();
        while (group.hasNext()) {
            // An entry has no fixed part: its data begins where the entry does.
            int length = reader.dataLength(decoder.limit(), 1, MessageLimits.MAX_BLOB_CERTIFICATE_BYTES);
            if (length == FrameReader.FAULT) {
                return null;
            }
            byte[] certificate = new byte[length];
            group.next().getBlobCertificate(certificate, 0, length);
            certificates.add(certificate);
        }
        return reader.isAtEnd(decoder.limit())
                ? new FeedAnswer(decoder.requestId(), decoder.feedId(), decoder.nextCursor(), certificates)
                : null;
    }
}
