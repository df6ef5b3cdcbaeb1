package dev.moraine.proofs.committee;

import dev.moraine.proofs.certificate.BlsPublicKey;
import dev.moraine.proofs.certificate.BlsSignature;

/**
 * A storage node as the genesis file names it. Unchecked as such: {@link Committee} checks its members.
 *
 * @param name what people call the node, unique in its committee
 * @param host host name or address that it listens on
 * @param port TCP port that it listens on
 * @param publicKey the key that verifies its signatures
 * @param proofOfPossession proof that it knows the secret key
 * @param firstShard its first shard
 * @param shardCount how many consecutive shards it holds, which is its weight
 */
public record CommitteeMember(
        String name,
        String host,
        int port,
        BlsPublicKey publicKey,
        BlsSignature proofOfPossession,
        int firstShard,
        int shardCount) {}
