package dev.moraine.sampling.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.proofs.proof.ChunkProof;
import dev.moraine.proofs.proof.ChunkRun;
import dev.moraine.proofs.proof.ProofVerdict;
import dev.moraine.proofs.proof.SymbolProof;
import dev.moraine.storage.store.SliverStore;
import dev.moraine.storage.store.StoreContext;
import dev.moraine.testing.Seed;
import dev.moraine.wire.message.Busy;
import dev.moraine.wire.message.ChunksAnswer;
import dev.moraine.wire.message.ClientMessage;
import dev.moraine.wire.message.Coordinate;
import dev.moraine.wire.message.Failure;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.message.GetCertificate;
import dev.moraine.wire.message.GetChunks;
import dev.moraine.wire.message.GetHealth;
import dev.moraine.wire.message.GetMetadata;
import dev.moraine.wire.message.GetSliver;
import dev.moraine.wire.message.GetSymbols;
import dev.moraine.wire.message.HealthAnswer;
import dev.moraine.wire.message.Hello;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.MessageLimits;
import dev.moraine.wire.message.MetadataAnswer;
import dev.moraine.wire.message.Part;
import dev.moraine.wire.message.SliverData;
import dev.moraine.wire.message.SymbolAnswer;
import dev.moraine.wire.message.SymbolsAnswer;
import dev.moraine.wire.message.WireAxis;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadAgentTest {
    private static final Geometry GEOMETRY = new Geometry(4);
    private static final long REQUEST = 7;
    private static final long STALL_NS = 1_000;
    private static final long EXPIRY_EPOCH = 5;
    private static final byte[] UNKNOWN_ID = new byte[32];

    private final Random random = Seed.random("ReadAgentTest");
    private final RecordingChannel peer = new RecordingChannel();
    private long epoch;
    private long nowNs;

    @TempDir
    private Path folder;

    private SliverStore store;
    private ReadAgent agent;

    @BeforeEach
    void open() throws Exception {
        store = SliverStore.open(new StoreContext()
                .folder(folder)
                .deploymentId(new Digest(1, 2, 3, 4))
                .segmentBytes(1 << 20));
        agent = context().conclude();
    }

    @AfterEach
    void close() {
        agent.onClose();
        store.close();
    }

    @Test
    void everySymbolOfAHeldLineIsProved() throws Exception {
        EncodedBlob blob = stored(10_000, 0, 2);
        for (WireAxis wireAxis : WireAxis.values()) {
            Axis axis = wireAxis == WireAxis.ROW ? Axis.ROW : Axis.COLUMN;
            List<Coordinate> all = new ArrayList<>();
            for (int row = 0; row < 5; row++) {
                for (int column = 0; column < 5; column++) {
                    all.add(new Coordinate(row, column));
                }
            }
            List<SymbolAnswer> symbols = symbolsFor(GetSymbols.ofBlob(REQUEST, wireAxis, blob.id().toBytes(), all));
            for (int i = 0; i < all.size(); i++) {
                assertIsAnswer(blob, all.get(i), axis, symbols.get(i));
            }
        }
    }

    private static void assertIsAnswer(EncodedBlob blob, Coordinate at, Axis axis, SymbolAnswer answer) {
        int pair = axis == Axis.ROW ? at.row() : at.column();
        if (at.row() > 3 || at.column() > 3) {
            assertEquals(FailureCode.OUT_OF_RANGE, answer.failure());
        } else if (pair == 1 || pair == 3) {
            assertEquals(FailureCode.NOT_FOUND, answer.failure());
        } else {
            assertIsProof(blob, at, axis, answer.proof());
        }
    }

    private static void assertIsProof(EncodedBlob blob, Coordinate at, Axis axis, byte[] encoded) {
        SymbolProof proof = SymbolProof.decode(encoded, blob.header(), at.row(), at.column(), axis);
        assertNotNull(proof);
        assertEquals(ProofVerdict.ACCEPT, proof.verify(blob.header(), blob.id(), at.row(), at.column(), axis));
        assertArrayEquals(blob.symbol(at.row(), at.column()), proof.symbol());
    }

    @Test
    void symbolsOfSeveralBlobsComeInTheOrderAsked() throws Exception {
        EncodedBlob first = stored(10_000, 0, 2);
        EncodedBlob second = stored(500, 0);
        EncodedBlob over = stored(100, 0);
        store.appendRetention(first.id(), EXPIRY_EPOCH + 2);
        store.appendRetention(second.id(), EXPIRY_EPOCH + 1);
        store.force();
        epoch = EXPIRY_EPOCH + 1;
        List<byte[]> ids = List.of(
                first.id().toBytes(), UNKNOWN_ID, over.id().toBytes(), second.id().toBytes());
        List<Coordinate> asked = List.of(
                new Coordinate(3, 0, 3),
                new Coordinate(0, 0, 3),
                new Coordinate(1, 0, 0),
                new Coordinate(2, 0, 0),
                new Coordinate(3, 2, 0),
                new Coordinate(0, 2, 0));

        List<SymbolAnswer> symbols = symbolsFor(new GetSymbols(REQUEST, WireAxis.ROW, ids, asked));

        assertIsProof(second, asked.get(0), Axis.ROW, symbols.get(0).proof());
        assertIsProof(first, asked.get(1), Axis.ROW, symbols.get(1).proof());
        assertEquals(FailureCode.NOT_FOUND, symbols.get(2).failure());
        assertEquals(FailureCode.EXPIRED, symbols.get(3).failure());
        assertEquals(FailureCode.NOT_FOUND, symbols.get(4).failure());
        assertIsProof(first, asked.get(5), Axis.ROW, symbols.get(5).proof());
    }

    @Test
    void symbolsThatGoPastTheLimitFailAndSmallerOnesFollow() throws Exception {
        EncodedBlob blob = stored(100, 0);
        int proofBytes = SymbolProof.encodedBytes(blob.header(), 0, 0, Axis.ROW);
        agent = context().maxProofBytes(2L * proofBytes).conclude();
        List<Coordinate> three = List.of(new Coordinate(0, 0), new Coordinate(0, 1), new Coordinate(0, 2));

        List<SymbolAnswer> symbols = symbolsFor(GetSymbols.ofBlob(REQUEST, WireAxis.ROW, blob.id().toBytes(), three));

        assertEquals(proofBytes, symbols.get(0).proof().length);
        assertEquals(proofBytes, symbols.get(1).proof().length);
        assertEquals(FailureCode.OVER_LIMIT, symbols.get(2).failure());
    }

    @Test
    void pairsAreReadAgainOnlyUpToTheLimit() throws Exception {
        EncodedBlob blob = stored(100, 0, 2);
        AtomicInteger lookups = new AtomicInteger();
        agent = countingLookups(lookups).conclude();
        int proved = 2 + ProvedSymbolsAnswer.MAX_PAIR_RELOADS;
        List<Coordinate> alternating = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            alternating.add(new Coordinate(i % 2 * 2, 3));
        }

        List<SymbolAnswer> symbols =
                symbolsFor(GetSymbols.ofBlob(REQUEST, WireAxis.ROW, blob.id().toBytes(), alternating));

        for (int i = 0; i < proved; i++) {
            assertIsProof(blob, alternating.get(i), Axis.ROW, symbols.get(i).proof());
        }
        assertEquals(FailureCode.OVER_LIMIT, symbols.get(proved).failure());
        assertIsProof(blob, alternating.get(proved + 1), Axis.ROW, symbols.get(proved + 1).proof());
        // The start of the answer asks for the epoch once more.
        assertEquals(1 + proved, lookups.get());
    }

    @Test
    void symbolsPastTheLimitAndMissingPairsCostNoReads() throws Exception {
        EncodedBlob blob = stored(100, 0, 2);
        AtomicInteger lookups = new AtomicInteger();
        int proofBytes = SymbolProof.encodedBytes(blob.header(), 0, 0, Axis.ROW);
        agent = countingLookups(lookups).maxProofBytes(2L * proofBytes).conclude();
        List<Coordinate> asked = List.of(
                new Coordinate(0, 0),
                new Coordinate(1, 0),
                new Coordinate(0, 1),
                new Coordinate(2, 0),
                new Coordinate(2, 1));

        List<SymbolAnswer> symbols = symbolsFor(GetSymbols.ofBlob(REQUEST, WireAxis.ROW, blob.id().toBytes(), asked));

        assertEquals(FailureCode.NOT_FOUND, symbols.get(1).failure());
        assertEquals(proofBytes, symbols.get(2).proof().length);
        assertEquals(FailureCode.OVER_LIMIT, symbols.get(3).failure());
        assertEquals(FailureCode.OVER_LIMIT, symbols.get(4).failure());
        // The start of the answer, and the pair that is missing: symbols that are stored need no lookup of their pairs.
        assertEquals(1 + 1, lookups.get());
    }

    /** Every lookup of a pair asks for the epoch. */
    private ReadAgent.Context countingLookups(AtomicInteger lookups) {
        return context().currentEpoch(() -> {
            lookups.incrementAndGet();
            return epoch;
        });
    }

    @Test
    void symbolsLongerThanAMessageComeInPieces() throws Exception {
        EncodedBlob blob = stored(8_000_000, 0);
        List<Coordinate> both = List.of(new Coordinate(0, 3), new Coordinate(0, 1));
        GetSymbols request = GetSymbols.ofBlob(REQUEST, WireAxis.ROW, blob.id().toBytes(), both);

        ByteArrayOutputStream proofs = new ByteArrayOutputStream();
        for (Message message : ask(request)) {
            assertInstanceOf(SymbolsAnswer.class, message).symbols().forEach(piece -> proofs.writeBytes(piece.proof()));
        }

        int firstBytes = SymbolProof.encodedBytes(blob.header(), 0, 3, Axis.ROW);
        byte[] all = proofs.toByteArray();
        assertTrue(firstBytes > MessageLimits.MAX_SLIVER_DATA_BYTES);
        assertIsProof(blob, both.get(0), Axis.ROW, Arrays.copyOf(all, firstBytes));
        assertIsProof(blob, both.get(1), Axis.ROW, Arrays.copyOfRange(all, firstBytes, all.length));
    }

    @Test
    void everyChunkOfAHeldRowIsProved() throws Exception {
        EncodedBlob blob = stored(20_000, 1);
        int chunks = (blob.header().symbolSizeBytes() + 1_023) / 1_024;
        for (int column = 0; column < 3; column++) {
            for (int first = 0; first < chunks; first++) {
                for (int count = 1; count <= chunks - first; count++) {
                    ChunkRun run = new ChunkRun(1, column, first, count);
                    List<ChunkProof> proofs = ChunkProof.decodeRun(chunksFor(blob, run), blob.header(), run);
                    assertNotNull(proofs);
                    for (int i = 0; i < count; i++) {
                        ProofVerdict verdict =
                                proofs.get(i).verify(blob.header(), blob.id(), 1, column, first + i);
                        assertEquals(ProofVerdict.ACCEPT, verdict);
                    }
                }
            }
        }
        GetChunks tooMany = new GetChunks(REQUEST, blob.id().toBytes(), 1, 0, 0, chunks + 1);
        assertEquals(FailureCode.OUT_OF_RANGE, failure(tooMany));
        GetChunks beyond = new GetChunks(REQUEST, blob.id().toBytes(), 1, 0, chunks, 1);
        assertEquals(FailureCode.OUT_OF_RANGE, failure(beyond));
    }

    private byte[] chunksFor(EncodedBlob blob, ChunkRun run) {
        ChunksAnswer answer = assertInstanceOf(ChunksAnswer.class, single(new GetChunks(
                REQUEST, blob.id().toBytes(), run.row(), run.column(), run.firstChunk(), run.chunkCount())));
        assertTrue(answer.isLast());
        return answer.proofs();
    }

    @Test
    void aRunOfChunksIsBounded() throws Exception {
        EncodedBlob blob = stored(6 * 1_024 * (ChunkRun.MAX_CHUNKS + 1), 0);
        byte[] id = blob.id().toBytes();

        ChunkRun longest = new ChunkRun(0, 2, 1, ChunkRun.MAX_CHUNKS);
        assertNotNull(ChunkProof.decodeRun(chunksFor(blob, longest), blob.header(), longest));
        assertEquals(FailureCode.OVER_LIMIT, failure(new GetChunks(REQUEST, id, 0, 2, 0, ChunkRun.MAX_CHUNKS + 1)));
    }

    @Test
    void onlySourceSymbolsHaveChunks() throws Exception {
        EncodedBlob blob = stored(100, 0, 1, 2, 3);
        byte[] id = blob.id().toBytes();

        assertInstanceOf(ChunksAnswer.class, single(new GetChunks(REQUEST, id, 1, 2, 0, 1)));
        assertEquals(FailureCode.OUT_OF_RANGE, failure(new GetChunks(REQUEST, id, 2, 0, 0, 1)));
        assertEquals(FailureCode.OUT_OF_RANGE, failure(new GetChunks(REQUEST, id, 0, 3, 0, 1)));
    }

    @ParameterizedTest
    @EnumSource(Part.class)
    void partsAreStreamedInPieces(Part part) throws Exception {
        EncodedBlob blob = stored(5_000_000, 3);
        byte[] expected = switch (part) {
            case METADATA -> blob.metadata();
            case PRIMARY -> blob.primary(3).toArray(ValueLayout.JAVA_BYTE);
            case SECONDARY -> blob.secondary(3).toArray(ValueLayout.JAVA_BYTE);
        };

        List<Message> pieces = ask(new GetSliver(REQUEST, blob.id().toBytes(), 3, part));

        assertEquals(Math.ceilDiv(expected.length, MessageLimits.MAX_SLIVER_DATA_BYTES), pieces.size());
        byte[] received = new byte[expected.length];
        long offset = 0;
        for (Message message : pieces) {
            SliverData piece = assertInstanceOf(SliverData.class, message);
            assertEquals(REQUEST, piece.requestId());
            assertEquals(3, piece.pairIndex());
            assertEquals(part, piece.part());
            assertEquals(offset, piece.offset());
            assertEquals(expected.length, piece.totalBytes());
            MemorySegment.copy(piece.data(), 0, MemorySegment.ofArray(received), offset, piece.data().byteSize());
            offset += piece.data().byteSize();
        }
        assertArrayEquals(expected, received);
    }

    @Test
    void metadataIsAnsweredWhole() throws Exception {
        EncodedBlob blob = stored(100, 2);

        Message answer = single(new GetMetadata(REQUEST, blob.id().toBytes()));

        assertArrayEquals(blob.metadata(), assertInstanceOf(MetadataAnswer.class, answer).metadata());
    }

    @Test
    void whatIsNotHeldIsSaidToBeMissing() throws Exception {
        byte[] held = stored(100, 2).id().toBytes();

        assertEquals(FailureCode.NOT_FOUND, failure(new GetMetadata(REQUEST, UNKNOWN_ID)));
        assertEquals(FailureCode.NOT_FOUND, failure(new GetCertificate(REQUEST, UNKNOWN_ID)));
        assertEquals(FailureCode.NOT_FOUND, failure(new GetCertificate(REQUEST, held)));
        assertEquals(FailureCode.NOT_FOUND, failure(new GetSliver(REQUEST, held, 1, Part.PRIMARY)));
        assertEquals(FailureCode.OUT_OF_RANGE, failure(new GetSliver(REQUEST, held, 4, Part.PRIMARY)));
        assertEquals(FailureCode.NOT_FOUND, failure(new GetChunks(REQUEST, held, 0, 0, 0, 1)));
        assertEquals(5, agent.counters().failures(FailureCode.NOT_FOUND));
        assertEquals(1, agent.counters().failures(FailureCode.OUT_OF_RANGE));
    }

    @Test
    void aBlobIsServedToTheEndOfItsExpiryEpochAndNotLonger() throws Exception {
        byte[] id = stored(100, 0).id().toBytes();
        epoch = EXPIRY_EPOCH;
        assertInstanceOf(MetadataAnswer.class, single(new GetMetadata(REQUEST, id)));

        epoch = EXPIRY_EPOCH + 1;
        List<Coordinate> one = List.of(new Coordinate(0, 0));
        assertEquals(FailureCode.EXPIRED, failure(new GetMetadata(REQUEST, id)));
        assertEquals(FailureCode.EXPIRED, failure(new GetCertificate(REQUEST, id)));
        assertEquals(FailureCode.EXPIRED, failure(new GetSliver(REQUEST, id, 0, Part.SECONDARY)));
        assertEquals(FailureCode.EXPIRED, failure(new GetChunks(REQUEST, id, 0, 0, 0, 1)));
        assertEquals(FailureCode.EXPIRED, failure(GetSymbols.ofBlob(REQUEST, WireAxis.ROW, id, one)));
    }

    @Test
    void damagedPairsAreNotServed() throws Exception {
        EncodedBlob blob = stored(100, 0);
        damage(blob.primary(0));
        byte[] id = blob.id().toBytes();

        assertEquals(FailureCode.QUARANTINED, failure(new GetSliver(REQUEST, id, 0, Part.SECONDARY)));
        List<Coordinate> one = List.of(new Coordinate(0, 1));
        assertEquals(
                FailureCode.QUARANTINED,
                symbolsFor(GetSymbols.ofBlob(REQUEST, WireAxis.ROW, id, one)).get(0).failure());
        HealthAnswer health = assertInstanceOf(HealthAnswer.class, single(new GetHealth(REQUEST)));
        assertEquals(0, health.pairs());
        assertEquals(1, health.quarantined());
    }

    @Test
    void whatDoesNotFitTheQueueIsPutOff() {
        agent = context().queueCapacity(2).retryDelayMs(33).conclude();
        for (int i = 0; i < 3; i++) {
            assertTrue(agent.onRequest(peer, new GetHealth(i + 1)));
        }

        assertEquals(List.of(new Busy(3, 33)), peer.sent());
        runToEnd();
        assertEquals(3, peer.sent().size());
        assertEquals(1, agent.counters().putOff());
        assertEquals(2, agent.counters().answered());
    }

    @Test
    void aPeerThatTakesNothingKeepsItsPlaceUntilItStalls() throws Exception {
        EncodedBlob blob = stored(10_000_000, 0);
        GetSliver request = new GetSliver(REQUEST, blob.id().toBytes(), 0, Part.PRIMARY);
        peer.setRoom(2);
        agent.onRequest(peer, request);
        runToEnd();
        nowNs += STALL_NS - 100;
        runToEnd();
        assertEquals(2, peer.sent().size());
        assertEquals(0, agent.counters().abandoned());

        peer.setRoom(1);
        runToEnd();
        assertEquals(3, peer.sent().size());

        nowNs += STALL_NS + 1;
        runToEnd();
        assertEquals(1, agent.counters().abandoned());
        peer.setRoom(9);
        runToEnd();
        assertEquals(3, peer.sent().size());
    }

    @Test
    void answersThatRunAreBounded() throws Exception {
        byte[] id = stored(10_000, 0).id().toBytes();
        agent = context().maxAnswers(1).conclude();
        peer.setRoom(0);
        RecordingChannel other = new RecordingChannel();
        agent.onRequest(peer, new GetMetadata(1, id));
        agent.onRequest(other, new GetMetadata(2, id));
        runToEnd();
        assertEquals(0, other.sent().size());

        peer.close();
        runToEnd();
        assertEquals(1, other.sent().size());
        assertEquals(1, agent.counters().abandoned());
    }

    @Test
    void memoryOfAnswersIsBounded() throws Exception {
        byte[] id = stored(10_000, 0).id().toBytes();
        agent = context().maxHeldBytes(1).conclude();
        peer.setRoom(0);
        RecordingChannel other = new RecordingChannel();
        agent.onRequest(peer, new GetSliver(1, id, 0, Part.PRIMARY));
        agent.onRequest(other, new GetSliver(2, id, 0, Part.PRIMARY));
        runToEnd();
        assertEquals(0, other.sent().size());

        peer.setRoom(1);
        runToEnd();
        assertEquals(1, other.sent().size());
    }

    @Test
    void memoryOfSymbolsIsCountedFromTheStart() throws Exception {
        byte[] id = stored(10_000, 0).id().toBytes();
        agent = context().maxHeldBytes(1).conclude();
        peer.setRoom(0);
        RecordingChannel other = new RecordingChannel();
        agent.onRequest(peer, GetSymbols.ofBlob(1, WireAxis.ROW, id, List.of(new Coordinate(0, 3))));
        agent.onRequest(other, new GetMetadata(2, id));
        runToEnd();
        assertEquals(0, other.sent().size());

        peer.setRoom(1);
        runToEnd();
        assertEquals(1, other.sent().size());
    }

    @Test
    void aSendThatRunsOutOfMemoryEndsItsAnswerAlone() throws Exception {
        byte[] id = stored(10_000_000, 0).id().toBytes();
        RecordingChannel hopeless = new RecordingChannel();
        RecordingChannel other = new RecordingChannel();
        peer.setFaults(1);
        hopeless.setFaults(2);
        agent.onRequest(peer, new GetSliver(1, id, 0, Part.PRIMARY));
        agent.onRequest(hopeless, new GetSliver(2, id, 0, Part.PRIMARY));
        agent.onRequest(other, new GetSliver(3, id, 0, Part.METADATA));

        runToEnd();

        assertEquals(1, peer.sent().size());
        assertEquals(
                FailureCode.INTERNAL,
                assertInstanceOf(Failure.class, peer.sent().get(0)).code());
        assertEquals(0, hopeless.sent().size());
        assertEquals(1, agent.counters().abandoned());
        assertInstanceOf(SliverData.class, other.sent().get(0));
    }

    @Test
    void aReadThatRunsOutOfMemoryIsPutOffOrFails() throws Exception {
        byte[] id = stored(100, 0).id().toBytes();
        AtomicInteger lookups = new AtomicInteger();
        agent = context()
                .retryDelayMs(33)
                .currentEpoch(() -> {
                    if (lookups.decrementAndGet() < 0) {
                        throw new OutOfMemoryError("this lookup was told to fail");
                    }
                    return epoch;
                })
                .conclude();

        assertEquals(new Busy(REQUEST, 33), single(new GetSliver(REQUEST, id, 0, Part.PRIMARY)));
        lookups.set(1);
        GetSymbols symbols = GetSymbols.ofBlob(REQUEST, WireAxis.ROW, id, List.of(new Coordinate(0, 3)));
        assertEquals(FailureCode.INTERNAL, failure(symbols));
        lookups.set(1);
        assertInstanceOf(SliverData.class, single(new GetSliver(REQUEST, id, 0, Part.PRIMARY)));
    }

    @Test
    void aPeerHasOnlyItsShareOfTheAnswersThatRun() throws Exception {
        byte[] id = stored(10_000, 0).id().toBytes();
        agent = context().maxAnswers(3).maxAnswersPerPeer(2).conclude();
        peer.setRoom(0);
        for (int i = 1; i <= 5; i++) {
            agent.onRequest(peer, new GetMetadata(i, id));
        }
        RecordingChannel other = new RecordingChannel();
        agent.onRequest(other, new GetMetadata(6, id));
        agent.onRequest(other, new GetMetadata(7, id));
        runToEnd();
        assertEquals(2, other.sent().size());

        peer.setRoom(5);
        runToEnd();
        assertEquals(
                List.of(1L, 2L, 3L, 4L, 5L),
                peer.sent().stream().map(Message::requestId).toList());
        assertEquals(7, agent.counters().answered());
    }

    @Test
    void aPeerHasOnlyItsShareOfTheQueue() {
        agent = context().maxWaitingPerPeer(2).maxAnswersPerPeer(1).retryDelayMs(33).conclude();
        RecordingChannel other = new RecordingChannel();
        for (int round = 1; round <= 2; round++) {
            peer.sent().clear();
            for (int i = 1; i <= 3; i++) {
                agent.onRequest(peer, new GetHealth(i));
            }
            agent.onRequest(other, new GetHealth(4));
            assertEquals(List.of(new Busy(3, 33)), peer.sent());
            runToEnd();
            assertEquals(3, peer.sent().size());
            assertEquals(round, other.sent().size());
        }
    }

    @Test
    void aPeerMustTakeItsAnswerAtALeastPace() throws Exception {
        byte[] id = stored(20_000_000, 0).id().toBytes();
        for (boolean isSlow : new boolean[] {false, true}) {
            // A piece buys 950 ns at the lower pace, and next to nothing at the higher one.
            long bytesPerSecond = MessageLimits.MAX_SLIVER_DATA_BYTES * (1_000_000_000L / 950) * (isSlow ? 1_000 : 1);
            agent = context().leastBytesPerSecond(bytesPerSecond).conclude();
            peer.sent().clear();
            peer.setRoom(0);
            agent.onRequest(peer, new GetSliver(REQUEST, id, 0, Part.PRIMARY));
            runToEnd();
            for (int i = 0; i < 4; i++) {
                nowNs += STALL_NS * 9 / 10;
                peer.setRoom(1);
                runToEnd();
            }
            nowNs += STALL_NS / 2;
            runToEnd();
            assertEquals(isSlow ? 1 : 0, agent.counters().abandoned());
            assertEquals(isSlow ? 2 : 4, peer.sent().size());
        }
    }

    @Test
    void onlyReadsAreTaken() {
        assertFalse(agent.onRequest(peer, new Hello(1, UNKNOWN_ID)));
        assertEquals(0, agent.doWork());
        assertTrue(peer.sent().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void contextsAreChecked(int bad) {
        assertThrows(IllegalArgumentException.class, () -> context().queueCapacity(bad).conclude());
        assertThrows(IllegalArgumentException.class, () -> context().maxAnswers(bad).conclude());
        assertThrows(IllegalArgumentException.class, () -> context().maxHeldBytes(bad).conclude());
        assertThrows(IllegalArgumentException.class, () -> context().maxProofBytes(bad).conclude());
        assertThrows(IllegalArgumentException.class, () -> context().stallNs(bad).conclude());
        assertThrows(IllegalArgumentException.class, () -> context().maxAnswersPerPeer(bad).conclude());
        assertThrows(IllegalArgumentException.class, () -> context().maxWaitingPerPeer(bad).conclude());
        assertThrows(IllegalArgumentException.class, () -> context().leastBytesPerSecond(bad).conclude());
        assertThrows(IllegalArgumentException.class, () -> context().retryDelayMs(bad).conclude());
        assertThrows(IllegalArgumentException.class, () -> new ReadAgent.Context().conclude());
    }

    private ReadAgent.Context context() {
        return new ReadAgent.Context()
                .store(store)
                .geometry(GEOMETRY)
                .currentEpoch(() -> epoch)
                .nanoClock(() -> nowNs)
                .stallNs(STALL_NS);
    }

    private EncodedBlob stored(int lengthBytes, int... pairs) throws Exception {
        EncodedBlob blob = new EncodedBlob(GEOMETRY, Seed.bytes(random, lengthBytes));
        for (int pair : pairs) {
            store.appendPair(blob.pair(pair));
        }
        store.appendRetention(blob.id(), EXPIRY_EPOCH);
        store.force();
        return blob;
    }

    /** Flips a bit where the bytes lie on the disk. */
    private void damage(MemorySegment bytes) throws IOException {
        byte[] wanted = bytes.toArray(ValueLayout.JAVA_BYTE);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                byte[] content = Files.readAllBytes(file);
                for (int at = 0; at + wanted.length <= content.length; at += 64) {
                    if (Arrays.equals(wanted, 0, wanted.length, content, at, at + wanted.length)) {
                        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                            channel.write(ByteBuffer.wrap(new byte[] {(byte) (wanted[0] ^ 1)}), at);
                        }
                        return;
                    }
                }
            }
        }
        throw new AssertionError("the bytes are not in the store's files");
    }

    private void runToEnd() {
        while (agent.doWork() > 0) {
            nowNs++;
        }
    }

    private List<Message> ask(ClientMessage request) {
        peer.sent().clear();
        assertTrue(agent.onRequest(peer, request));
        runToEnd();
        return List.copyOf(peer.sent());
    }

    private Message single(ClientMessage request) {
        List<Message> answer = ask(request);
        assertEquals(1, answer.size());
        assertEquals(REQUEST, answer.get(0).requestId());
        return answer.get(0);
    }

    private FailureCode failure(ClientMessage request) {
        return assertInstanceOf(Failure.class, single(request)).code();
    }

    private List<SymbolAnswer> symbolsFor(GetSymbols request) {
        List<SymbolAnswer> symbols = new ArrayList<>();
        List<Message> messages = ask(request);
        for (int i = 0; i < messages.size(); i++) {
            SymbolsAnswer part = assertInstanceOf(SymbolsAnswer.class, messages.get(i));
            assertEquals(symbols.size(), part.firstIndex());
            assertEquals(i == messages.size() - 1, part.isLast());
            symbols.addAll(part.symbols());
        }
        assertEquals(request.coordinates().size(), symbols.size());
        return symbols;
    }
}
