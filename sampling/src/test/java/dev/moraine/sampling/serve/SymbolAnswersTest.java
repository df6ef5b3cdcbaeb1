package dev.moraine.sampling.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.proofs.proof.Axis;
import dev.moraine.proofs.proof.ProofVerdict;
import dev.moraine.proofs.proof.SymbolProof;
import dev.moraine.testing.Seed;
import dev.moraine.wire.message.Coordinate;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.message.GetSymbols;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.MessageLimits;
import dev.moraine.wire.message.SymbolAnswer;
import dev.moraine.wire.message.SymbolsAnswer;
import dev.moraine.wire.message.WireAxis;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SymbolAnswersTest extends ReadAgentFixture {
    SymbolAnswersTest() {
        super(Seed.random("SymbolAnswersTest"));
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
    void aLineIsExtendedOnceHoweverOftenItIsAskedFor() throws Exception {
        EncodedBlob blob = stored(100, 0, 2);
        AtomicInteger lookups = new AtomicInteger();
        agent = countingLookups(lookups).conclude();
        List<Coordinate> alternating = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            alternating.add(new Coordinate(i % 2 * 2, 3));
        }
        GetSymbols request = GetSymbols.ofBlob(REQUEST, WireAxis.ROW, blob.id().toBytes(), alternating);

        for (int answers = 1; answers <= 2; answers++) {
            List<SymbolAnswer> symbols = symbolsFor(request);
            for (int i = 0; i < alternating.size(); i++) {
                assertIsProof(blob, alternating.get(i), Axis.ROW, symbols.get(i).proof());
            }
            // The start of an answer asks for the epoch once more.
            assertEquals(2 + answers, lookups.get());
        }
    }

    @Test
    void keptLinesAreServedNoLongerThanTheBlob() throws Exception {
        EncodedBlob blob = stored(100, 0);
        GetSymbols request = GetSymbols.ofBlob(
                REQUEST, WireAxis.COLUMN, blob.id().toBytes(), List.of(new Coordinate(3, 0)));
        assertIsProof(blob, new Coordinate(3, 0), Axis.COLUMN, symbolsFor(request).getFirst().proof());
        epoch = EXPIRY_EPOCH + 1;
        assertEquals(FailureCode.EXPIRED, failure(request));
    }

    @Test
    void sliversOfLongLinesAreReadUpToTheLimit() throws Exception {
        EncodedBlob blob = stored(100, 0, 2);
        agent = context().lineCacheBytes(0).maxLoadBytes(1).conclude();
        List<Coordinate> asked = List.of(
                new Coordinate(0, 3), new Coordinate(0, 3), new Coordinate(2, 3), new Coordinate(0, 3), new Coordinate(2, 1));

        List<SymbolAnswer> symbols = symbolsFor(GetSymbols.ofBlob(REQUEST, WireAxis.ROW, blob.id().toBytes(), asked));

        for (int i = 0; i < asked.size(); i++) {
            if (i == 2) {
                assertEquals(FailureCode.OVER_LIMIT, symbols.get(i).failure());
            } else {
                assertIsProof(blob, asked.get(i), Axis.ROW, symbols.get(i).proof());
            }
        }
    }

    @Test
    void symbolsPastTheLimitAndMissingPairsCostNoReads() throws Exception {
        EncodedBlob blob = stored(100, 0, 2);
        AtomicInteger lookups = new AtomicInteger();
        int proofBytes = SymbolProof.encodedBytes(blob.header(), 0, 0, Axis.ROW);
        agent = countingLookups(lookups).maxProofBytes(2L * proofBytes).conclude();
        List<Coordinate> asked = List.of(
                new Coordinate(0, 0),
                new Coordinate(1, 3),
                new Coordinate(0, 1),
                new Coordinate(2, 0),
                new Coordinate(2, 1));

        List<SymbolAnswer> symbols = symbolsFor(GetSymbols.ofBlob(REQUEST, WireAxis.ROW, blob.id().toBytes(), asked));

        assertEquals(FailureCode.NOT_FOUND, symbols.get(1).failure());
        assertEquals(proofBytes, symbols.get(2).proof().length);
        assertEquals(FailureCode.OVER_LIMIT, symbols.get(3).failure());
        assertEquals(FailureCode.OVER_LIMIT, symbols.get(4).failure());
        assertEquals(1, lookups.get());
    }

    @Test
    void aLoneSecondaryIsServed() throws Exception {
        EncodedBlob blob = stored(10_000);
        store.appendSliver(blob.secondarySliver(1));
        store.force();
        List<Coordinate> column = List.of(new Coordinate(0, 1), new Coordinate(3, 1));

        List<SymbolAnswer> byColumn =
                symbolsFor(GetSymbols.ofBlob(REQUEST, WireAxis.COLUMN, blob.id().toBytes(), column));
        List<SymbolAnswer> byRow = symbolsFor(GetSymbols.ofBlob(
                REQUEST, WireAxis.ROW, blob.id().toBytes(), List.of(new Coordinate(1, 1), new Coordinate(1, 3))));

        for (int i = 0; i < column.size(); i++) {
            assertIsProof(blob, column.get(i), Axis.COLUMN, byColumn.get(i).proof());
            assertEquals(FailureCode.NOT_FOUND, byRow.get(i).failure());
        }
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

    private static void assertIsProof(EncodedBlob blob, Coordinate at, Axis axis, byte[] encoded) {
        SymbolProof proof = SymbolProof.decode(encoded, blob.header(), at.row(), at.column(), axis);
        assertNotNull(proof);
        assertEquals(ProofVerdict.ACCEPT, proof.verify(blob.header(), blob.id(), at.row(), at.column(), axis));
        assertArrayEquals(blob.symbol(at.row(), at.column()), proof.symbol());
    }
}
