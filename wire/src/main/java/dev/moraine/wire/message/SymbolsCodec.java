package dev.moraine.wire.message;

import dev.moraine.wire.sbe.Flag;
import dev.moraine.wire.sbe.GetSymbolsDecoder;
import dev.moraine.wire.sbe.GetSymbolsEncoder;
import dev.moraine.wire.sbe.MessageHeaderEncoder;
import dev.moraine.wire.sbe.SymbolsAnswerDecoder;
import dev.moraine.wire.sbe.SymbolsAnswerEncoder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The encodings of requests for symbols and of their answers. An encoder gives the limit that it reached; a decoder
 * gives null after a fault, which the reader then holds.
 */
final class SymbolsCodec {
    private static final int BODY = MessageLimits.HEADER_BYTES;
    private static final int HASH = MessageLimits.HASH_BYTES;
    private static final int MAX_INDEX = MessageLimits.MAX_SHARDS - 1;
    private static final int VERSION = GetSymbolsDecoder.SCHEMA_VERSION;

    private SymbolsCodec() {}

    static int encode(GetSymbols get, MutableDirectBuffer buffer, int offset) {
        GetSymbolsEncoder encoder =
                new GetSymbolsEncoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder());
        encoder.requestId(get.requestId()).axis(dev.moraine.wire.sbe.Axis.get((short) get.axis().wireCode()));
        GetSymbolsEncoder.BlobsEncoder blobs = encoder.blobsCount(get.blobIds().size());
        for (byte[] blobId : get.blobIds()) {
            blobs.next().putBlobId(blobId, 0, HASH);
        }
        GetSymbolsEncoder.CoordinatesEncoder coordinates = encoder.coordinatesCount(get.coordinates().size());
        for (Coordinate coordinate : get.coordinates()) {
            coordinates.next().blob(coordinate.blob()).row(coordinate.row()).column(coordinate.column());
        }
        return encoder.limit();
    }

    static @Nullable Message getSymbols(FrameReader reader) {
        if (!reader.hasBlock(GetSymbolsDecoder.BLOCK_LENGTH)) {
            return null;
        }
        GetSymbolsDecoder decoder =
                new GetSymbolsDecoder().wrap(reader.buffer(), BODY, GetSymbolsDecoder.BLOCK_LENGTH, VERSION);
        WireAxis axis = WireAxis.ofWireCode(decoder.axisRaw());
        if (axis == null) {
            reader.fail(MalformedReason.OUT_OF_RANGE);
            return null;
        }
        List<byte[]> blobIds = blobIds(reader, decoder);
        List<Coordinate> coordinates = blobIds == null ? null : coordinates(reader, decoder, blobIds.size());
        return blobIds != null && coordinates != null && reader.isAtEnd(decoder.limit())
                ? new GetSymbols(decoder.requestId(), axis, blobIds, coordinates)
                : null;
    }

    private static @Nullable List<byte[]> blobIds(FrameReader reader, GetSymbolsDecoder decoder) {
        int blockLength = GetSymbolsDecoder.BlobsDecoder.sbeBlockLength();
        int count = reader.groupCount(decoder.limit(), blockLength, 1, MessageLimits.MAX_BLOBS);
        if (count == FrameReader.FAULT) {
            return null;
        }
        List<byte[]> blobIds = new ArrayList<>(count);
        for (GetSymbolsDecoder.BlobsDecoder blob : decoder.blobs()) {
            byte[] blobId = new byte[HASH];
            blob.getBlobId(blobId, 0, HASH);
            blobIds.add(blobId);
        }
        if (!GetSymbols.areDistinct(blobIds)) {
            reader.fail(MalformedReason.OUT_OF_RANGE);
            return null;
        }
        return blobIds;
    }

    private static @Nullable List<Coordinate> coordinates(
            FrameReader reader, GetSymbolsDecoder decoder, int blobCount) {
        int blockLength = GetSymbolsDecoder.CoordinatesDecoder.sbeBlockLength();
        int count = reader.groupCount(decoder.limit(), blockLength, 1, MessageLimits.MAX_COORDINATES);
        if (count == FrameReader.FAULT) {
            return null;
        }
        List<Coordinate> coordinates = new ArrayList<>(count);
        for (GetSymbolsDecoder.CoordinatesDecoder coordinate : decoder.coordinates()) {
            if (!reader.isWithin(coordinate.blob(), 0, blobCount - 1)
                    || !reader.isWithin(coordinate.row(), 0, MAX_INDEX)
                    || !reader.isWithin(coordinate.column(), 0, MAX_INDEX)) {
                return null;
            }
            coordinates.add(new Coordinate(coordinate.blob(), coordinate.row(), coordinate.column()));
        }
        return coordinates;
    }

    static int encode(SymbolsAnswer answer, MutableDirectBuffer buffer, int offset) {
        SymbolsAnswerEncoder encoder =
                new SymbolsAnswerEncoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder());
        encoder.requestId(answer.requestId())
                .firstIndex(answer.firstIndex())
                .last(answer.isLast() ? Flag.YES : Flag.NO);
        SymbolsAnswerEncoder.SymbolsEncoder symbols = encoder.symbolsCount(answer.symbols().size());
        for (SymbolAnswer symbol : answer.symbols()) {
            FailureCode failure = symbol.failure();
            symbols.next()
                    .failure(
                            failure == null
                                    ? dev.moraine.wire.sbe.FailureCode.NULL_VAL
                                    : dev.moraine.wire.sbe.FailureCode.get((short) failure.wireCode()))
                    .offsetBytes(symbol.offset())
                    .totalBytes(symbol.totalBytes())
                    .putProof(symbol.proof(), 0, symbol.proof().length);
        }
        return encoder.limit();
    }

    static @Nullable Message symbolsAnswer(FrameReader reader) {
        if (!reader.hasBlock(SymbolsAnswerDecoder.BLOCK_LENGTH)) {
            return null;
        }
        SymbolsAnswerDecoder decoder =
                new SymbolsAnswerDecoder().wrap(reader.buffer(), BODY, SymbolsAnswerDecoder.BLOCK_LENGTH, VERSION);
        int blockLength = SymbolsAnswerDecoder.SymbolsDecoder.sbeBlockLength();
        int count = reader.groupCount(decoder.limit(), blockLength, 1, MessageLimits.MAX_COORDINATES);
        if (count == FrameReader.FAULT
                || !reader.isWithin(decoder.lastRaw(), Flag.NO.value(), Flag.YES.value())
                || !reader.isWithin(decoder.firstIndex(), 0, MessageLimits.MAX_COORDINATES - count)) {
            return null;
        }
        List<SymbolAnswer> symbols = new ArrayList<>(count);
        SymbolsAnswerDecoder.SymbolsDecoder group = decoder.symbols();
        int proofRoomBytes = MessageLimits.MAX_SLIVER_DATA_BYTES;
        while (group.hasNext()) {
            if (!reader.hasBytes(decoder.limit(), blockLength)) {
                return null;
            }
            SymbolAnswer symbol = symbol(reader, decoder, group.next(), proofRoomBytes);
            if (symbol == null) {
                return null;
            }
            symbols.add(symbol);
            proofRoomBytes -= symbol.proof().length;
        }
        return reader.isAtEnd(decoder.limit())
                ? new SymbolsAnswer(
                        decoder.requestId(), decoder.firstIndex(), decoder.lastRaw() == Flag.YES.value(), symbols)
                : null;
    }

    private static @Nullable SymbolAnswer symbol(
            FrameReader reader,
            SymbolsAnswerDecoder decoder,
            SymbolsAnswerDecoder.SymbolsDecoder symbol,
            int proofRoomBytes) {
        int failureCode = symbol.failureRaw();
        boolean isAnswered = failureCode == dev.moraine.wire.sbe.FailureCode.NULL_VAL.value();
        FailureCode failure = FailureCode.ofWireCode(failureCode);
        int length = reader.dataLength(decoder.limit(), 0, proofRoomBytes);
        if (length == FrameReader.FAULT) {
            return null;
        }
        long offset = symbol.offsetBytes();
        long totalBytes = symbol.totalBytes();
        boolean isValid = (isAnswered || failure != null) && SymbolAnswer.isValid(failure, offset, totalBytes, length);
        if (!isValid) {
            reader.fail(MalformedReason.OUT_OF_RANGE);
            return null;
        }
        byte[] proof = new byte[length];
        symbol.getProof(proof, 0, length);
        return new SymbolAnswer(failure, (int) offset, (int) totalBytes, proof);
    }
}
