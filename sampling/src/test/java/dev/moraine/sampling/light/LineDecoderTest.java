package dev.moraine.sampling.light;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.sampling.scripted.ScriptedBlob;
import dev.moraine.testing.Seed;
import dev.moraine.wire.message.Coordinate;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineDecoderTest {
    private static final int SHARDS = 7;
    private static final int SOURCE_ROWS = 3;
    private static final int SOURCE_COLUMNS = 5;
    private static final long NO_LIMIT = Long.MAX_VALUE / 2;

    private final Random random = Seed.random("LineDecoderTest");

    @Test
    void enoughSymbolsOfALineGiveAllOfItAndOneFewerGivesNothing() {
        ScriptedBlob blob = ScriptedBlob.random(random, SHARDS, 3_000);
        LineDecoder decoder = new LineDecoder(blob.metadata(), NO_LIMIT);
        for (int column = 0; column < SOURCE_COLUMNS - 1; column++) {
            give(decoder, blob, 6, column);
        }
        decoder.resolve();
        assertFalse(decoder.isKnown(new Coordinate(6, 6)));
        give(decoder, blob, 6, 5);
        decoder.resolve();
        for (int column = 0; column < SHARDS; column++) {
            assertTrue(decoder.isKnown(new Coordinate(6, column)));
        }
        assertFalse(decoder.isKnown(new Coordinate(5, 0)));
        assertEquals(0, decoder.wrongLines());
    }

    @Test
    void oneLineCompletesAnotherUntilAllIsKnown() {
        ScriptedBlob blob = ScriptedBlob.random(random, SHARDS, 3_000);
        LineDecoder decoder = new LineDecoder(blob.metadata(), NO_LIMIT);
        // Two columns decode, and with three more symbols a row each of three rows; with these, every column.
        for (int row = 0; row < SOURCE_ROWS; row++) {
            for (int column = row; column < row + 2; column++) {
                give(decoder, blob, row, column);
            }
        }
        decoder.resolve();
        assertFalse(decoder.isKnown(new Coordinate(6, 6)));
        for (int row = 0; row < SOURCE_ROWS; row++) {
            for (int column = 0; column < SOURCE_COLUMNS; column++) {
                give(decoder, blob, row, column);
            }
        }
        decoder.resolve();
        for (int row = 0; row < SHARDS; row++) {
            for (int column = 0; column < SHARDS; column++) {
                assertTrue(decoder.isKnown(new Coordinate(row, column)));
            }
        }
    }

    @Test
    void aLineOfWrongSymbolsIsCountedAndNotBelieved() {
        ScriptedBlob blob = ScriptedBlob.withWrongSymbol(random, SHARDS, 3_000, 2, 6);
        LineDecoder decoder = new LineDecoder(blob.metadata(), NO_LIMIT);
        for (int column = 0; column < SOURCE_COLUMNS; column++) {
            give(decoder, blob, 2, column);
        }
        decoder.resolve();
        decoder.resolve();
        assertEquals(1, decoder.wrongLines());
        assertFalse(decoder.isKnown(new Coordinate(2, 5)));
    }

    @Test
    void noMoreIsHeldThanTheLimit() {
        ScriptedBlob blob = ScriptedBlob.random(random, SHARDS, 3_000);
        int symbolBytes = blob.metadata().header().symbolSizeBytes();
        LineDecoder full = new LineDecoder(blob.metadata(), (long) SHARDS * symbolBytes - 1);
        LineDecoder enough = new LineDecoder(blob.metadata(), (long) SHARDS * symbolBytes);
        for (int row = 0; row < SOURCE_ROWS; row++) {
            give(full, blob, row, 0);
            give(enough, blob, row, 0);
        }
        full.resolve();
        enough.resolve();
        assertFalse(full.isKnown(new Coordinate(6, 0)));
        assertTrue(enough.isKnown(new Coordinate(6, 0)));
        give(enough, blob, 0, 1);
        assertFalse(enough.isKnown(new Coordinate(0, 1)));
    }

    private static void give(LineDecoder decoder, ScriptedBlob blob, int row, int column) {
        int symbolBytes = blob.metadata().header().symbolSizeBytes();
        byte[] symbol = blob.matrixBytes()
                .asSlice(((long) row * SHARDS + column) * symbolBytes, symbolBytes)
                .toArray(ValueLayout.JAVA_BYTE);
        decoder.add(new Coordinate(row, column), symbol);
    }
}
