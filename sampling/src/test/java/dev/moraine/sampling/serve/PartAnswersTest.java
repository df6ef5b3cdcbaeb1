package dev.moraine.sampling.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.proofs.proof.ChunkProof;
import dev.moraine.proofs.proof.ChunkRun;
import dev.moraine.proofs.proof.ProofVerdict;
import dev.moraine.testing.Seed;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.sampling.scripted.ScriptedCommittee;
import dev.moraine.wire.message.BlobState;
import dev.moraine.wire.message.ChunksAnswer;
import dev.moraine.wire.message.Coordinate;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.message.GetCertificate;
import dev.moraine.wire.message.GetChunks;
import dev.moraine.wire.message.GetHealth;
import dev.moraine.wire.message.GetMetadata;
import dev.moraine.wire.message.GetSliver;
import dev.moraine.wire.message.GetStatus;
import dev.moraine.wire.message.GetSymbols;
import dev.moraine.wire.message.HealthAnswer;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.MessageLimits;
import dev.moraine.wire.message.MetadataAnswer;
import dev.moraine.wire.message.Part;
import dev.moraine.wire.message.SliverData;
import dev.moraine.wire.message.StatusAnswer;
import java.util.Random;
import dev.moraine.wire.message.WireAxis;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PartAnswersTest extends ReadAgentFixture {
    PartAnswersTest() {
        super(Seed.random("PartAnswersTest"));
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
    void partsOfALoneSecondaryAreServed() throws Exception {
        EncodedBlob blob = stored(10_000);
        store.appendSliver(blob.secondarySliver(1));
        store.force();
        byte[] id = blob.id().toBytes();

        assertInstanceOf(SliverData.class, single(new GetSliver(REQUEST, id, 1, Part.SECONDARY)));
        SliverData metadata =
                assertInstanceOf(SliverData.class, single(new GetSliver(REQUEST, id, 1, Part.METADATA)));
        assertEquals(blob.metadata().length, metadata.totalBytes());
        assertEquals(FailureCode.NOT_FOUND, failure(new GetSliver(REQUEST, id, 1, Part.PRIMARY)));
        assertEquals(FailureCode.NOT_FOUND, failure(new GetChunks(REQUEST, id, 1, 0, 0, 1)));
    }

    @Test
    void theStatusSaysWhatIsKnown() throws Exception {
        assertEquals(new StatusAnswer(REQUEST, BlobState.UNKNOWN, 0), single(new GetStatus(REQUEST, UNKNOWN_ID)));
        EncodedBlob blob = stored(100, 3);
        GetStatus ask = new GetStatus(REQUEST, blob.id().toBytes());
        assertEquals(new StatusAnswer(REQUEST, BlobState.HELD, EXPIRY_EPOCH), single(ask));

        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(new Random(), 4)) {
            BlobCertificate certificate = committee.certify(blob.id(), 100);
            store.appendCertificate(certificate.certificate().encode(), List.of(certificate.entry()));
            store.force();
        }
        long expiryEpoch = store.expiryEpoch(blob.id());
        assertEquals(new StatusAnswer(REQUEST, BlobState.CERTIFIED, expiryEpoch), single(ask));
        epoch = expiryEpoch + 1;
        assertEquals(new StatusAnswer(REQUEST, BlobState.EXPIRED, expiryEpoch), single(ask));
        epoch = 0;

        EncodedBlob damaged = stored(100, 0, 1);
        damage(damaged.primary(0));
        assertEquals(
                new StatusAnswer(REQUEST, BlobState.QUARANTINED, EXPIRY_EPOCH),
                single(new GetStatus(REQUEST, damaged.id().toBytes())));
    }
}
