package dev.moraine.wire.message;

import dev.moraine.wire.sbe.BundleGrantDecoder;
import dev.moraine.wire.sbe.BundleGrantEncoder;
import dev.moraine.wire.sbe.BundleOfferDecoder;
import dev.moraine.wire.sbe.BundleOfferEncoder;
import dev.moraine.wire.sbe.BundleRefusedDecoder;
import dev.moraine.wire.sbe.BundleRefusedEncoder;
import dev.moraine.wire.sbe.BundleSignedDecoder;
import dev.moraine.wire.sbe.BundleSignedEncoder;
import dev.moraine.wire.sbe.CertificateKeptDecoder;
import dev.moraine.wire.sbe.CertificateKeptEncoder;
import dev.moraine.wire.sbe.CertificatePutDecoder;
import dev.moraine.wire.sbe.CertificatePutEncoder;
import dev.moraine.wire.sbe.MessageHeaderEncoder;
import dev.moraine.wire.sbe.SliverDataDecoder;
import dev.moraine.wire.sbe.SliverDataEncoder;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The encodings of the messages that store bundles and certificates. An encoder gives the limit that it reached; a
 * decoder gives null after a fault, which the reader then holds.
 */
final class BundleCodec {
    private static final int BODY = MessageLimits.HEADER_BYTES;
    private static final int HASH = MessageLimits.HASH_BYTES;
    private static final int VERSION = BundleOfferDecoder.SCHEMA_VERSION;

    private BundleCodec() {}

    static int encode(BundleOffer offer, MutableDirectBuffer buffer, int offset) {
        BundleOfferEncoder encoder =
                new BundleOfferEncoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder());
        encoder.requestId(offer.requestId())
                .epoch(offer.epoch())
                .putBundleRoot(offer.bundleRoot(), 0, HASH)
                .putWriterKey(offer.writerKey(), 0, MessageLimits.WRITER_KEY_BYTES)
                .putWriterSignature(offer.writerSignature(), 0, MessageLimits.WRITER_SIGNATURE_BYTES);
        BundleOfferEncoder.EntriesEncoder entries = encoder.entriesCount(offer.entries().size());
        for (WireEntry entry : offer.entries()) {
            entries.next()
                    .putBlobId(entry.blobId(), 0, HASH)
                    .putNamespaceId(entry.namespace(), 0, HASH)
                    .lengthBytes(entry.lengthBytes())
                    .expiryEpoch(entry.expiryEpoch());
        }
        return encoder.limit();
    }

    static @Nullable Message offer(FrameReader reader) {
        if (!reader.hasBlock(BundleOfferDecoder.BLOCK_LENGTH)) {
            return null;
        }
        BundleOfferDecoder decoder =
                new BundleOfferDecoder().wrap(reader.buffer(), BODY, BundleOfferDecoder.BLOCK_LENGTH, VERSION);
        int blockLength = BundleOfferDecoder.EntriesDecoder.sbeBlockLength();
        int count = reader.groupCount(decoder.limit(), blockLength, 1, MessageLimits.MAX_BUNDLE_ENTRIES);
        if (count == FrameReader.FAULT || !reader.isWithin(decoder.epoch(), 0, Long.MAX_VALUE)) {
            return null;
        }
        byte[] bundleRoot = new byte[HASH];
        decoder.getBundleRoot(bundleRoot, 0, HASH);
        byte[] writerKey = new byte[MessageLimits.WRITER_KEY_BYTES];
        decoder.getWriterKey(writerKey, 0, writerKey.length);
        byte[] writerSignature = new byte[MessageLimits.WRITER_SIGNATURE_BYTES];
        decoder.getWriterSignature(writerSignature, 0, writerSignature.length);
        List<WireEntry> entries = new ArrayList<>(count);
        for (BundleOfferDecoder.EntriesDecoder entry : decoder.entries()) {
            byte[] blobId = new byte[HASH];
            entry.getBlobId(blobId, 0, HASH);
            byte[] namespace = new byte[HASH];
            entry.getNamespaceId(namespace, 0, HASH);
            if (!isEntryInRange(reader, entry.lengthBytes(), entry.expiryEpoch())) {
                return null;
            }
            entries.add(new WireEntry(blobId, namespace, entry.lengthBytes(), entry.expiryEpoch()));
        }
        return reader.isAtEnd(decoder.limit())
                ? new BundleOffer(decoder.requestId(), decoder.epoch(), bundleRoot, writerKey, writerSignature, entries)
                : null;
    }

    static int encode(BundleGrant grant, MutableDirectBuffer buffer, int offset) {
        BundleGrantEncoder encoder =
                new BundleGrantEncoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder());
        encoder.requestId(grant.requestId());
        BundleGrantEncoder.WantedEncoder wanted = encoder.wantedCount(grant.wantedEntries().size());
        for (int entry : grant.wantedEntries()) {
            wanted.next().entry(entry);
        }
        return encoder.limit();
    }

    static @Nullable Message grant(FrameReader reader) {
        if (!reader.hasBlock(BundleGrantDecoder.BLOCK_LENGTH)) {
            return null;
        }
        BundleGrantDecoder decoder =
                new BundleGrantDecoder().wrap(reader.buffer(), BODY, BundleGrantDecoder.BLOCK_LENGTH, VERSION);
        int blockLength = BundleGrantDecoder.WantedDecoder.sbeBlockLength();
        int count = reader.groupCount(decoder.limit(), blockLength, 0, MessageLimits.MAX_BUNDLE_ENTRIES);
        if (count == FrameReader.FAULT) {
            return null;
        }
        List<Integer> wanted = new ArrayList<>(count);
        int previous = -1;
        for (BundleGrantDecoder.WantedDecoder entry : decoder.wanted()) {
            if (!reader.isWithin(entry.entry(), previous + 1L, MessageLimits.MAX_BUNDLE_ENTRIES - 1)) {
                return null;
            }
            previous = entry.entry();
            wanted.add(previous);
        }
        return reader.isAtEnd(decoder.limit()) ? new BundleGrant(decoder.requestId(), wanted) : null;
    }

    /** Writes everything but the data itself, which the caller puts at the limit that is returned. */
    static int encodeHead(SliverData data, MutableDirectBuffer buffer, int offset) {
        SliverDataEncoder encoder =
                new SliverDataEncoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder());
        encoder.requestId(data.requestId())
                .offsetBytes(data.offset())
                .totalBytes(data.totalBytes())
                .entry(data.entry())
                .pairIndex(data.pairIndex())
                .part(dev.moraine.wire.sbe.Part.get((short) data.part().wireCode()));
        int limit = encoder.limit();
        buffer.putInt(limit, (int) data.data().byteSize(), ByteOrder.LITTLE_ENDIAN);
        return FrameReader.dataEnd(limit, 0);
    }

    static @Nullable Message sliverData(FrameReader reader) {
        if (!reader.hasBlock(SliverDataDecoder.BLOCK_LENGTH)) {
            return null;
        }
        SliverDataDecoder decoder =
                new SliverDataDecoder().wrap(reader.buffer(), BODY, SliverDataDecoder.BLOCK_LENGTH, VERSION);
        int limit = decoder.limit();
        int length = reader.dataLength(limit, 1, MessageLimits.MAX_SLIVER_DATA_BYTES);
        Part part = Part.ofWireCode(decoder.partRaw());
        if (length == FrameReader.FAULT || part == null) {
            reader.fail(MalformedReason.OUT_OF_RANGE);
            return null;
        }
        long totalBytes = decoder.totalBytes();
        boolean isInRange = reader.isWithin(decoder.entry(), 0, MessageLimits.MAX_BUNDLE_ENTRIES - 1)
                && reader.isWithin(decoder.pairIndex(), 0, MessageLimits.MAX_SHARDS - 1)
                && reader.isWithin(totalBytes, length, MessageLimits.MAX_BLOB_BYTES)
                && reader.isWithin(decoder.offsetBytes(), 0, totalBytes - length);
        return isInRange && reader.isAtEnd(FrameReader.dataEnd(limit, length))
                ? new SliverData(
                        decoder.requestId(),
                        decoder.entry(),
                        decoder.pairIndex(),
                        part,
                        decoder.offsetBytes(),
                        totalBytes,
                        reader.dataView(limit, length))
                : null;
    }

    static int encode(BundleSigned signed, MutableDirectBuffer buffer, int offset) {
        BundleSignedEncoder encoder =
                new BundleSignedEncoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder());
        encoder.requestId(signed.requestId()).putSignature(signed.signature(), 0, MessageLimits.NODE_SIGNATURE_BYTES);
        return encoder.limit();
    }

    static @Nullable Message signed(FrameReader reader) {
        if (!reader.hasBlock(BundleSignedDecoder.BLOCK_LENGTH)) {
            return null;
        }
        BundleSignedDecoder decoder =
                new BundleSignedDecoder().wrap(reader.buffer(), BODY, BundleSignedDecoder.BLOCK_LENGTH, VERSION);
        byte[] signature = new byte[MessageLimits.NODE_SIGNATURE_BYTES];
        decoder.getSignature(signature, 0, signature.length);
        return reader.isAtEnd(decoder.limit()) ? new BundleSigned(decoder.requestId(), signature) : null;
    }

    static int encode(BundleRefused refused, MutableDirectBuffer buffer, int offset) {
        BundleRefusedEncoder encoder =
                new BundleRefusedEncoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder());
        encoder.requestId(refused.requestId());
        BundleRefusedEncoder.RefusalsEncoder refusals = encoder.refusalsCount(refused.refusals().size());
        for (EntryRefusal refusal : refused.refusals()) {
            refusals.next()
                    .entry(refusal.entry())
                    .reason(dev.moraine.wire.sbe.RefusalReason.get((short) refusal.reason().wireCode()));
        }
        return encoder.limit();
    }

    static @Nullable Message refused(FrameReader reader) {
        if (!reader.hasBlock(BundleRefusedDecoder.BLOCK_LENGTH)) {
            return null;
        }
        BundleRefusedDecoder decoder =
                new BundleRefusedDecoder().wrap(reader.buffer(), BODY, BundleRefusedDecoder.BLOCK_LENGTH, VERSION);
        int blockLength = BundleRefusedDecoder.RefusalsDecoder.sbeBlockLength();
        int count = reader.groupCount(decoder.limit(), blockLength, 1, MessageLimits.MAX_BUNDLE_ENTRIES);
        if (count == FrameReader.FAULT) {
            return null;
        }
        List<EntryRefusal> refusals = new ArrayList<>(count);
        int previous = -1;
        for (BundleRefusedDecoder.RefusalsDecoder refusal : decoder.refusals()) {
            RefusalReason reason = RefusalReason.ofWireCode(refusal.reasonRaw());
            boolean isAscending =
                    reader.isWithin(refusal.entry(), previous + 1L, MessageLimits.MAX_BUNDLE_ENTRIES - 1);
            if (!isAscending || reason == null) {
                reader.fail(MalformedReason.OUT_OF_RANGE);
                return null;
            }
            previous = refusal.entry();
            refusals.add(new EntryRefusal(previous, reason));
        }
        return reader.isAtEnd(decoder.limit()) ? new BundleRefused(decoder.requestId(), refusals) : null;
    }

    static int encode(CertificatePut put, MutableDirectBuffer buffer, int offset) {
        CertificatePutEncoder encoder =
                new CertificatePutEncoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder());
        encoder.requestId(put.requestId());
        CertificatePutEncoder.EntriesEncoder entries = encoder.entriesCount(put.entries().size());
        for (WireEntry entry : put.entries()) {
            entries.next()
                    .putBlobId(entry.blobId(), 0, HASH)
                    .putNamespaceId(entry.namespace(), 0, HASH)
                    .lengthBytes(entry.lengthBytes())
                    .expiryEpoch(entry.expiryEpoch());
        }
        encoder.putCertificate(put.certificate(), 0, put.certificate().length);
        return encoder.limit();
    }

    static @Nullable Message put(FrameReader reader) {
        if (!reader.hasBlock(CertificatePutDecoder.BLOCK_LENGTH)) {
            return null;
        }
        CertificatePutDecoder decoder =
                new CertificatePutDecoder().wrap(reader.buffer(), BODY, CertificatePutDecoder.BLOCK_LENGTH, VERSION);
        int blockLength = CertificatePutDecoder.EntriesDecoder.sbeBlockLength();
        int count = reader.groupCount(decoder.limit(), blockLength, 1, MessageLimits.MAX_BUNDLE_ENTRIES);
        if (count == FrameReader.FAULT) {
            return null;
        }
        List<WireEntry> entries = new ArrayList<>(count);
        for (CertificatePutDecoder.EntriesDecoder entry : decoder.entries()) {
            byte[] blobId = new byte[HASH];
            entry.getBlobId(blobId, 0, HASH);
            byte[] namespace = new byte[HASH];
            entry.getNamespaceId(namespace, 0, HASH);
            if (!isEntryInRange(reader, entry.lengthBytes(), entry.expiryEpoch())) {
                return null;
            }
            entries.add(new WireEntry(blobId, namespace, entry.lengthBytes(), entry.expiryEpoch()));
        }
        int length = reader.dataLength(decoder.limit(), 1, MessageLimits.MAX_CERTIFICATE_BYTES);
        if (length == FrameReader.FAULT) {
            return null;
        }
        byte[] certificate = new byte[length];
        decoder.getCertificate(certificate, 0, length);
        return reader.isAtEnd(decoder.limit()) ? new CertificatePut(decoder.requestId(), certificate, entries) : null;
    }

    static int encode(CertificateKept kept, MutableDirectBuffer buffer, int offset) {
        CertificateKeptEncoder encoder =
                new CertificateKeptEncoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder());
        encoder.requestId(kept.requestId());
        return encoder.limit();
    }

    static @Nullable Message kept(FrameReader reader) {
        if (!reader.hasBlock(CertificateKeptDecoder.BLOCK_LENGTH)) {
            return null;
        }
        CertificateKeptDecoder decoder =
                new CertificateKeptDecoder().wrap(reader.buffer(), BODY, CertificateKeptDecoder.BLOCK_LENGTH, VERSION);
        return reader.isAtEnd(decoder.limit()) ? new CertificateKept(decoder.requestId()) : null;
    }

    private static boolean isEntryInRange(FrameReader reader, long lengthBytes, long expiryEpoch) {
        return reader.isWithin(lengthBytes, 1, MessageLimits.MAX_BLOB_BYTES)
                && reader.isWithin(expiryEpoch, 0, Long.MAX_VALUE);
    }
}
