package dev.moraine.proofs.committee;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.testing.Seed;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ShardAssignmentTest {
    private final Random random = Seed.random("ShardAssignmentTest");

    @Test
    void everyShardHoldsExactlyOnePairAndTheTwoDirectionsAgree() {
        for (int shards = Geometry.MIN_SHARDS; shards <= Geometry.MAX_SHARDS; shards++) {
            byte[] id = Seed.bytes(random, BlobId.BYTES);
            BlobId blobId = BlobId.of(id);
            BitSet used = new BitSet();
            BigInteger rotation = new BigInteger(1, Arrays.copyOf(id, 8));
            for (int pair = 0; pair < shards; pair++) {
                int shard = ShardAssignment.shardOfPair(blobId, pair, shards);
                assertEquals(
                        rotation.add(BigInteger.valueOf(pair)).mod(BigInteger.valueOf(shards)).intValue(), shard);
                assertEquals(pair, ShardAssignment.pairOfShard(blobId, shard, shards));
                used.set(shard);
            }
            assertEquals(shards, used.cardinality());
        }
    }

    @Test
    void pairsAndShardsOutOfRangeAreRefused() {
        BlobId blobId = BlobId.of(Seed.bytes(random, BlobId.BYTES));
        for (int bad : new int[] {-1, 7, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            assertThrows(IndexOutOfBoundsException.class, () -> ShardAssignment.shardOfPair(blobId, bad, 7));
            assertThrows(IndexOutOfBoundsException.class, () -> ShardAssignment.pairOfShard(blobId, bad, 7));
        }
    }
}
