package dev.moraine.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class GeometryTest {
    @Test
    void anyQuorumHoldsEnoughHonestShardsToRebuildTheBlob() {
        for (int shards = Geometry.MIN_SHARDS; shards <= Geometry.MAX_SHARDS; shards++) {
            Geometry geometry = new Geometry(shards);
            int f = geometry.faultTolerance();
            assertTrue(3 * f < shards);
            assertEquals(geometry.sourceRows(), geometry.quorum() - f);
            assertEquals(shards, geometry.sourceColumns() + f);
        }
    }

    @Test
    void everyCodeOfEveryGeometryFitsTheField() {
        for (int shards = Geometry.MIN_SHARDS; shards <= Geometry.MAX_SHARDS; shards++) {
            Geometry geometry = new Geometry(shards);
            for (int k : new int[] {geometry.sourceRows(), geometry.sourceColumns()}) {
                int m = Integer.highestOneBit(2 * (shards - k) - 1);
                assertTrue(m + k <= 256, "n = " + shards + ", k = " + k);
            }
        }
    }

    @Test
    void symbolSizeIsTheSmallestAlignedOneThatHoldsTheBlob() {
        Geometry geometry = new Geometry(7);
        long step = 64L * 3 * 5;
        assertEquals(64, geometry.symbolSizeBytes(1));
        assertEquals(64, geometry.symbolSizeBytes(step));
        assertEquals(128, geometry.symbolSizeBytes(step + 1));
        assertEquals(64 * 4_473_925, geometry.symbolSizeBytes(Geometry.MAX_BLOB_BYTES));
    }

    @Test
    void shardCountsAndLengthsOutsideTheirRangeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Geometry(Geometry.MIN_SHARDS - 1));
        assertThrows(IllegalArgumentException.class, () -> new Geometry(Geometry.MAX_SHARDS + 1));
        Geometry geometry = new Geometry(Geometry.MAX_SHARDS);
        assertThrows(IllegalArgumentException.class, () -> geometry.symbolSizeBytes(0));
        assertThrows(IllegalArgumentException.class, () -> geometry.symbolSizeBytes(Geometry.MAX_BLOB_BYTES + 1));
        assertThrows(IllegalArgumentException.class, () -> new Geometry(4).symbolSizeBytes(-1));
    }
}
