package dev.moraine.proofs.committee;

import dev.moraine.proofs.blob.BlobId;
import java.util.Objects;

/**
 * Which shard holds which sliver pair (protocol, section 3): pair {@code i} of a blob lives on shard
 * {@code (i + r) mod n}, where r is the blob's rotation. Every shard holds exactly one pair of every blob, and nobody
 * can choose which before the blob is known.
 */
public final class ShardAssignment {
    private ShardAssignment() {}

    /**
     * The shard of a pair.
     *
     * @param blobId the blob
     * @param pair the pair, from 0 to n − 1
     * @param shards the shard count n
     * @return the shard, from 0 to n − 1
     * @throws IndexOutOfBoundsException if there is no such pair
     */
    public static int shardOfPair(BlobId blobId, int pair, int shards) {
        Objects.checkIndex(pair, shards);
        return (pair + blobId.rotation(shards)) % shards;
    }

    /**
     * The pair of a shard, the inverse of {@link #shardOfPair}.
     *
     * @param blobId the blob
     * @param shard the shard, from 0 to n − 1
     * @param shards the shard count n
     * @return the pair, from 0 to n − 1
     * @throws IndexOutOfBoundsException if there is no such shard
     */
    public static int pairOfShard(BlobId blobId, int shard, int shards) {
        Objects.checkIndex(shard, shards);
        return (shard - blobId.rotation(shards) + shards) % shards;
    }
}
