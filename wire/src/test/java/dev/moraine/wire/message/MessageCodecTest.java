package dev.moraine.wire.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.testing.Seed;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class MessageCodecTest {
    private static final int BLOCK_LENGTH_AT = 0;
    private static final int TEMPLATE_AT = 2;
    private static final int SCHEMA_AT = 4;
    private static final int VERSION_AT = 6;
    private static final int BODY_AT = 8;

    @Test
    void everyMessageComesBackAsItWent() {
        Random random = Seed.random("MessageCodecTest");
        for (Function<Random, Message> maker : RandomMessages.MAKERS) {
            for (int i = 0; i < 200; i++) {
                Message message = maker.apply(random);
                byte[] bytes = encoded(message);
                Message decoded = accepted(bytes);
                assertSame(message.getClass(), decoded.getClass());
                assertEquals(message.requestId(), decoded.requestId());
                assertArrayEquals(bytes, encoded(decoded), () -> "re-encoding of " + message);
            }
        }
    }

    @Test
    void fieldsComeBackInTheirPlaces() {
        byte[] data = {1, 2, 3};
        SliverData sent = new SliverData(7, 4095, 191, Part.SECONDARY, 5, 9, MemorySegment.ofArray(data));
        SliverData came = assertInstanceOf(SliverData.class, accepted(encoded(sent)));
        assertEquals(4095, came.entry());
        assertEquals(191, came.pairIndex());
        assertEquals(Part.SECONDARY, came.part());
        assertEquals(5, came.offset());
        assertEquals(9, came.totalBytes());
        assertTrue(came.data().isReadOnly());
        assertArrayEquals(data, came.data().toArray(ValueLayout.JAVA_BYTE));

        WireEntry entry = new WireEntry(filled(1, 32), filled(2, 32), 1L << 32, Long.MAX_VALUE);
        BundleOffer offer = new BundleOffer(-1, 3, filled(4, 32), filled(5, 32), filled(6, 64), List.of(entry));
        BundleOffer offered = assertInstanceOf(BundleOffer.class, accepted(encoded(offer)));
        assertEquals(3, offered.epoch());
        assertArrayEquals(filled(4, 32), offered.bundleRoot());
        assertArrayEquals(filled(5, 32), offered.writerKey());
        assertArrayEquals(filled(6, 64), offered.writerSignature());
        assertArrayEquals(filled(1, 32), offered.entries().getFirst().blobId());
        assertArrayEquals(filled(2, 32), offered.entries().getFirst().namespace());
        assertEquals(1L << 32, offered.entries().getFirst().lengthBytes());
        assertEquals(Long.MAX_VALUE, offered.entries().getFirst().expiryEpoch());

        GetChunks get = assertInstanceOf(
                GetChunks.class, accepted(encoded(new GetChunks(8, filled(9, 32), 10, 11, 12, 13))));
        assertEquals(List.of(10, 11, 12, 13), List.of(get.row(), get.column(), get.firstChunk(), get.chunkCount()));
    }

    @Test
    void everyTruncationOfEveryMessageIsRefused() {
        Random random = Seed.random("MessageCodecTest.truncation");
        for (Function<Random, Message> maker : RandomMessages.MAKERS) {
            byte[] bytes = encoded(maker.apply(random));
            for (int length = 0; length < bytes.length; length++) {
                Decoded decoded = MessageCodec.decode(ByteBuffer.wrap(Arrays.copyOf(bytes, length)));
                assertInstanceOf(Decoded.Malformed.class, decoded);
            }
        }
    }

    @Test
    void trailingBytesAreRefused() {
        Random random = Seed.random("MessageCodecTest.trailing");
        for (Function<Random, Message> maker : RandomMessages.MAKERS) {
            byte[] bytes = encoded(maker.apply(random));
            assertEquals(MalformedReason.TRAILING_BYTES, fault(Arrays.copyOf(bytes, bytes.length + 1)));
        }
    }

    @Test
    void foreignHeadersAreRefused() {
        Random random = Seed.random("MessageCodecTest.header");
        for (Function<Random, Message> maker : RandomMessages.MAKERS) {
            byte[] bytes = encoded(maker.apply(random));
            assertEquals(MalformedReason.WRONG_SCHEMA, fault(incremented(bytes, SCHEMA_AT)));
            assertEquals(MalformedReason.WRONG_VERSION, fault(incremented(bytes, VERSION_AT)));
            assertEquals(MalformedReason.WRONG_BLOCK_LENGTH, fault(incremented(bytes, BLOCK_LENGTH_AT)));
            byte[] unknown = bytes.clone();
            unknown[TEMPLATE_AT] = (byte) 0xFF;
            assertEquals(MalformedReason.UNKNOWN_TEMPLATE, fault(unknown));
        }
    }

    @Test
    void mutationsNeverThrowAndWhatIsAcceptedIsCanonical() {
        Random random = Seed.random("MessageCodecTest.mutation");
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = encoded(RandomMessages.any(random));
            int mutations = 1 + random.nextInt(4);
            for (int j = 0; j < mutations; j++) {
                int reach = random.nextBoolean() ? bytes.length : Math.min(bytes.length, 80);
                bytes[random.nextInt(reach)] = (byte) (random.nextBoolean() ? random.nextInt() : 0xFF);
            }
            if (random.nextInt(8) == 0) {
                bytes = Arrays.copyOf(bytes, random.nextInt(2 * bytes.length));
            }
            if (MessageCodec.decode(ByteBuffer.wrap(bytes)) instanceof Decoded.Accepted(Message message)) {
                assertArrayEquals(bytes, encoded(message), () -> "two encodings of " + message);
            }
        }
    }

    @Test
    void garbageNeverThrows() {
        Random random = Seed.random("MessageCodecTest.garbage");
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = Seed.bytes(random, random.nextInt(200));
            assertInstanceOf(Decoded.Malformed.class, MessageCodec.decode(ByteBuffer.wrap(bytes)));
        }
    }

    @Test
    void groupCountsAreHeldToTheirLimits() {
        WireEntry entry = new WireEntry(filled(1, 32), filled(2, 32), 1, 1);
        List<WireEntry> most = Collections.nCopies(MessageLimits.MAX_BUNDLE_ENTRIES, entry);
        byte[] bytes = encoded(new BundleOffer(1, 1, filled(4, 32), filled(5, 32), filled(6, 64), most));
        assertTrue(bytes.length <= MessageLimits.MAX_FRAME_BYTES);
        accepted(bytes);
        int countAt = bytes.length - MessageLimits.MAX_BUNDLE_ENTRIES * 80 - 2;
        byte[] oneMore = Arrays.copyOf(bytes, bytes.length + 80);
        assertEquals(MalformedReason.WRONG_COUNT, fault(withShort(oneMore, countAt, 4097)));
        assertEquals(MalformedReason.WRONG_COUNT, fault(withShort(Arrays.copyOf(bytes, countAt + 2), countAt, 0)));
        assertEquals(MalformedReason.TRUNCATED, fault(Arrays.copyOf(bytes, countAt + 2)));
        assertEquals(MalformedReason.WRONG_BLOCK_LENGTH, fault(withShort(bytes, countAt - 2, 81)));

        List<Coordinate> places = Collections.nCopies(MessageLimits.MAX_COORDINATES, new Coordinate(1, 2));
        byte[] get = encoded(GetSymbols.ofBlob(1, WireAxis.ROW, filled(1, 32), places));
        accepted(get);
        int placesAt = get.length - MessageLimits.MAX_COORDINATES * 6 - 2;
        assertEquals(MalformedReason.WRONG_COUNT, fault(withShort(Arrays.copyOf(get, get.length + 6), placesAt, 1025)));
        assertEquals(MalformedReason.OUT_OF_RANGE, fault(withShort(get, placesAt + 2, 1)));
    }

    @Test
    void dataLengthsAreHeldToTheirLimits() {
        byte[] most = encoded(sliverData(MessageLimits.MAX_SLIVER_DATA_BYTES));
        assertTrue(most.length <= MessageLimits.MAX_FRAME_BYTES);
        accepted(most);
        int lengthAt = most.length - MessageLimits.MAX_SLIVER_DATA_BYTES - 4;
        byte[] longer = Arrays.copyOf(most, most.length + 1);
        assertEquals(
                MalformedReason.WRONG_LENGTH,
                fault(withInt(longer, lengthAt, MessageLimits.MAX_SLIVER_DATA_BYTES + 1)));
        assertEquals(MalformedReason.WRONG_LENGTH, fault(withInt(most, lengthAt, -1)));
        assertEquals(MalformedReason.WRONG_LENGTH, fault(withInt(Arrays.copyOf(most, lengthAt + 4), lengthAt, 0)));

        byte[] metadata = encoded(new MetadataAnswer(1, new byte[MessageLimits.MAX_METADATA_BYTES]));
        accepted(metadata);
        byte[] longerMetadata = withInt(
                Arrays.copyOf(metadata, metadata.length + 1), BODY_AT + 8, MessageLimits.MAX_METADATA_BYTES + 1);
        assertEquals(MalformedReason.WRONG_LENGTH, fault(longerMetadata));

        byte[] text = encoded(new Failure(1, FailureCode.INTERNAL, "x".repeat(MessageLimits.MAX_TEXT_BYTES)));
        accepted(text);
        byte[] longerText =
                withInt(Arrays.copyOf(text, text.length + 1), BODY_AT + 9, MessageLimits.MAX_TEXT_BYTES + 1);
        assertEquals(MalformedReason.WRONG_LENGTH, fault(longerText));
    }

    @Test
    void symbolsOfAnAnswerShareOneLimit() {
        byte[] half = new byte[MessageLimits.MAX_SLIVER_DATA_BYTES / 2];
        SymbolsAnswer full =
                new SymbolsAnswer(1, 0, true, List.of(SymbolAnswer.whole(half), SymbolAnswer.whole(half)));
        byte[] bytes = encoded(full);
        assertTrue(bytes.length <= MessageLimits.MAX_FRAME_BYTES);
        accepted(bytes);
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
        int lengthAt = bytes.length - half.length - 4;
        assertEquals(MalformedReason.WRONG_LENGTH, fault(withInt(longer, lengthAt, half.length + 1)));
    }

    @Test
    void everyMessageAtItsLargestFitsAFrame() {
        List<SymbolAnswer> symbols = Collections.nCopies(
                MessageLimits.MAX_COORDINATES,
                SymbolAnswer.whole(new byte[MessageLimits.MAX_SLIVER_DATA_BYTES / MessageLimits.MAX_COORDINATES]));
        SymbolsAnswer largest = new SymbolsAnswer(1, 0, true, symbols);
        assertTrue(MessageCodec.encodedLength(largest) <= MessageLimits.MAX_FRAME_BYTES);
        accepted(encoded(largest));
        List<WireEntry> entries = Collections.nCopies(
                MessageLimits.MAX_BUNDLE_ENTRIES, new WireEntry(filled(1, 32), filled(2, 32), 1, 1));
        CertificatePut put = new CertificatePut(1, new byte[MessageLimits.MAX_CERTIFICATE_BYTES], entries);
        assertTrue(MessageCodec.encodedLength(put) <= MessageLimits.MAX_FRAME_BYTES);
        Failure failure = new Failure(0, FailureCode.INTERNAL, "x".repeat(MessageLimits.MAX_TEXT_BYTES));
        assertTrue(MessageCodec.encodedLength(failure) <= MessageLimits.MAX_HANDSHAKE_FRAME_BYTES);
    }

    @Test
    void indicesThatDoNotAscendAreRefused() {
        byte[] bytes = encoded(new BundleGrant(1, List.of(3, 4)));
        int secondAt = bytes.length - 2;
        accepted(withShort(bytes, secondAt, 4095));
        assertEquals(MalformedReason.OUT_OF_RANGE, fault(withShort(bytes, secondAt, 3)));
        assertEquals(MalformedReason.OUT_OF_RANGE, fault(withShort(bytes, secondAt, 4096)));
    }

    @Test
    void blobsOfARequestDiffer() {
        byte[] bytes = encoded(new GetSymbols(
                1, WireAxis.ROW, List.of(filled(1, 32), filled(2, 32)), List.of(new Coordinate(1, 0, 0))));
        accepted(bytes);
        byte[] twice = bytes.clone();
        int firstAt = BODY_AT + 9 + 4;
        System.arraycopy(bytes, firstAt, twice, firstAt + 32, 32);
        assertEquals(MalformedReason.OUT_OF_RANGE, fault(twice));
        assertEquals(MalformedReason.WRONG_COUNT, fault(withShort(bytes, firstAt - 2, 0)));
        assertEquals(MalformedReason.WRONG_COUNT, fault(withShort(bytes, firstAt - 2, 1025)));
    }

    @Test
    void signaturesOfVerdictsHaveTheLengthOfTheirState() {
        byte[] whole = encoded(new VerdictAnswer(1, VerdictState.WHOLE, filled(1, 96)));
        byte[] notYet = encoded(new VerdictAnswer(1, VerdictState.NOT_YET, new byte[0]));
        int stateAt = BODY_AT + 8;
        whole[stateAt] = (byte) VerdictState.NOT_YET.wireCode();
        assertEquals(MalformedReason.WRONG_LENGTH, fault(whole));
        notYet[stateAt] = (byte) VerdictState.WRONG.wireCode();
        assertEquals(MalformedReason.WRONG_LENGTH, fault(notYet));
        notYet[stateAt] = 3;
        assertEquals(MalformedReason.OUT_OF_RANGE, fault(notYet));
    }

    @Test
    void feedsAreHeldToTheirLimits() {
        byte[] answer = encoded(new FeedAnswer(1, 1, 0, Collections.nCopies(256, new byte[1024])));
        assertTrue(answer.length <= MessageLimits.MAX_FRAME_BYTES);
        accepted(answer);
        int countAt = BODY_AT + 24 + 2;
        assertEquals(MalformedReason.WRONG_COUNT, fault(withShort(answer, countAt, 257)));
        assertEquals(MalformedReason.WRONG_LENGTH, fault(withInt(answer, countAt + 2, 1025)));
        assertEquals(MalformedReason.WRONG_LENGTH, fault(withInt(answer, countAt + 2, 0)));
        byte[] nameless = answer.clone();
        nameless[BODY_AT + 8] = 0;
        assertEquals(MalformedReason.OUT_OF_RANGE, fault(nameless));
        byte[] get = encoded(new GetFeed(1, Collections.nCopies(256, filled(1, 32)), 1, 1, 256, 30_000));
        accepted(get);
        assertEquals(MalformedReason.OUT_OF_RANGE, fault(withShort(get, BODY_AT + 26, 30_001)));
        assertEquals(MalformedReason.OUT_OF_RANGE, fault(withShort(get, BODY_AT + 24, 0)));
        assertEquals(MalformedReason.OUT_OF_RANGE, fault(withShort(get, BODY_AT + 24, 257)));
        assertEquals(MalformedReason.WRONG_COUNT, fault(withShort(get, BODY_AT + 30, 257)));
    }

    @Test
    void textsThatDoNotFitALogAreMadeToFitOrRefused() {
        assertEquals("a?b?", new Failure(1, FailureCode.INTERNAL, "a\nb\u20ac").text());
        assertEquals(256, new Failure(1, FailureCode.INTERNAL, "x".repeat(300)).text().length());
        byte[] bytes = encoded(new Failure(1, FailureCode.INTERNAL, "abc"));
        bytes[bytes.length - 1] = '\n';
        assertEquals(MalformedReason.OUT_OF_RANGE, fault(bytes));
    }

    @Test
    void numbersOfEnumsAreThoseOfTheSchema() {
        for (FailureCode code : FailureCode.values()) {
            assertEquals(dev.moraine.wire.sbe.FailureCode.valueOf(code.name()).value(), code.wireCode());
            assertSame(code, FailureCode.ofWireCode(code.wireCode()));
        }
        for (RefusalReason reason : RefusalReason.values()) {
            assertEquals(dev.moraine.wire.sbe.RefusalReason.valueOf(reason.name()).value(), reason.wireCode());
        }
        for (Part part : Part.values()) {
            assertEquals(dev.moraine.wire.sbe.Part.valueOf(part.name()).value(), part.wireCode());
        }
        for (BlobState state : BlobState.values()) {
            assertEquals(dev.moraine.wire.sbe.BlobState.valueOf(state.name()).value(), state.wireCode());
        }
        for (VerdictState state : VerdictState.values()) {
            assertEquals(dev.moraine.wire.sbe.VerdictState.valueOf(state.name()).value(), state.wireCode());
        }
        for (WireAxis axis : WireAxis.values()) {
            assertEquals(dev.moraine.wire.sbe.Axis.valueOf(axis.name()).value(), axis.wireCode());
        }
    }

    @Test
    void buffersOfEveryKindTakeAndGiveTheSameBytes() {
        SliverData data = sliverData(1000);
        byte[] expected = encoded(data);
        ExpandableArrayBuffer growing = new ExpandableArrayBuffer(16);
        assertEquals(expected.length, MessageCodec.encode(data, growing, 3));
        assertArrayEquals(expected, Arrays.copyOfRange(growing.byteArray(), 3, 3 + expected.length));
        try (Arena arena = Arena.ofShared()) {
            ByteBuffer direct = arena.allocate(2000).asByteBuffer().position(10).slice();
            MessageCodec.encode(data, new UnsafeBuffer(direct, 5, expected.length), 0);
            byte[] written = new byte[expected.length];
            direct.get(5, written);
            assertArrayEquals(expected, written);
            Decoded decoded = MessageCodec.decode(direct.position(5).limit(5 + expected.length));
            assertArrayEquals(expected, encoded(assertInstanceOf(Decoded.Accepted.class, decoded).message()));
        }
    }

    private static SliverData sliverData(int lengthBytes) {
        byte[] data = Seed.bytes(new Random(lengthBytes), lengthBytes);
        return new SliverData(1, 0, 0, Part.PRIMARY, 0, 1L << 30, MemorySegment.ofArray(data));
    }

    private static byte[] encoded(Message message) {
        byte[] bytes = new byte[MessageCodec.encodedLength(message)];
        assertEquals(bytes.length, MessageCodec.encode(message, new UnsafeBuffer(bytes), 0));
        return bytes;
    }

    private static Message accepted(byte[] bytes) {
        return assertInstanceOf(Decoded.Accepted.class, MessageCodec.decode(ByteBuffer.wrap(bytes))).message();
    }

    private static MalformedReason fault(byte[] bytes) {
        return assertInstanceOf(Decoded.Malformed.class, MessageCodec.decode(ByteBuffer.wrap(bytes))).reason();
    }

    private static byte[] filled(int value, int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static byte[] incremented(byte[] bytes, int index) {
        byte[] changed = bytes.clone();
        changed[index]++;
        return changed;
    }

    private static byte[] withShort(byte[] bytes, int index, int value) {
        byte[] changed = bytes.clone();
        changed[index] = (byte) value;
        changed[index + 1] = (byte) (value >> 8);
        return changed;
    }

    private static byte[] withInt(byte[] bytes, int index, int value) {
        return withShort(withShort(bytes, index, value), index + 2, value >>> 16);
    }
}
