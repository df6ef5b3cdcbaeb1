package dev.moraine.wire.transport;

import dev.moraine.wire.message.MessageLimits;

/**
 * Who a server is: what it demands in a greeting, and says in return.
 *
 * @param deploymentId 32 bytes, not copied
 * @param nodeIndex the index of the node in the genesis file
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared as a whole.
public record NodeIdentity(byte[] deploymentId, int nodeIndex) {
    /**
     * Checks the lengths and ranges.
     *
     * @throws IllegalArgumentException if one is wrong
     */
    public NodeIdentity {
        if (deploymentId.length != MessageLimits.HASH_BYTES) {
            throw new IllegalArgumentException(
                    "deploymentId must have " + MessageLimits.HASH_BYTES + " bytes, but has " + deploymentId.length);
        }
        LimitCheck.range("nodeIndex", nodeIndex, 0, MessageLimits.MAX_SHARDS - 1);
    }
}
