package dev.moraine.wire.message;

/**
 * The answer to a {@link Hello} that the node accepts.
 *
 * @param protocolVersion the version that both speak, 16 bits
 * @param deploymentId the deployment of the node, 32 bytes
 * @param nodeIndex the index of the node in the genesis file, below {@link MessageLimits#MAX_SHARDS}
 */
@SuppressWarnings("ArrayRecordComponent") // Messages are carried, never compared.
public record Welcome(int protocolVersion, byte[] deploymentId, int nodeIndex) implements NodeMessage {
    /**
     * Checks what is carried.
     *
     * @throws IllegalArgumentException if a length, count or value is out of its range
     */
    public Welcome {
        MessageLimits.range("protocolVersion", protocolVersion, 0, 0xFFFF);
        MessageLimits.exact("deploymentId", deploymentId, MessageLimits.HASH_BYTES);
        MessageLimits.range("nodeIndex", nodeIndex, 0, MessageLimits.MAX_SHARDS - 1);
    }

    @Override
    public long requestId() {
        return NO_REQUEST;
    }
}
