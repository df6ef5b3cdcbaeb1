package dev.moraine.sampling.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.proof.Axis;
import org.junit.jupiter.api.Test;

class LineCacheTest {
    private static final BlobId ONE = new BlobId(new Digest(1, 2, 3, 4));
    private static final BlobId OTHER = new BlobId(new Digest(4, 3, 2, 1));

    private final LineCache cache = new LineCache(100);

    @Test
    void linesAreFoundByBlobPairAndAxis() {
        byte[] line = new byte[25];
        cache.keep(ONE, 2, Axis.ROW, line);
        assertSame(line, cache.find(ONE, 2, Axis.ROW));
        assertNull(cache.find(ONE, 2, Axis.COLUMN));
        assertNull(cache.find(ONE, 3, Axis.ROW));
        assertNull(cache.find(OTHER, 2, Axis.ROW));
    }

    @Test
    void theLongestUnusedLinesMakeRoom() {
        for (int pair = 0; pair < 4; pair++) {
            cache.keep(ONE, pair, Axis.ROW, new byte[25]);
        }
        cache.find(ONE, 0, Axis.ROW);
        cache.keep(ONE, 9, Axis.ROW, new byte[25]);
        assertNull(cache.find(ONE, 1, Axis.ROW));
        for (int pair : new int[] {0, 2, 3, 9}) {
            assertNotNull(cache.find(ONE, pair, Axis.ROW));
        }
        cache.keep(ONE, 9, Axis.ROW, new byte[20]);
        assertEquals(95, cache.keptBytes());
    }

    @Test
    void aLineMayTakeAQuarter() {
        assertTrue(cache.hasRoomFor(25));
        assertFalse(cache.hasRoomFor(26));
    }
}
