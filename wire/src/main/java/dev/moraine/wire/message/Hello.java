package dev.moraine.wire.message;

/**
 * The first message of every connection.
 *
 * @param protocolVersion the version that the client speaks, 16 bits
 * @param deploymentId the deployment that it expects, 32 bytes
 */
@SuppressWarnings("ArrayRecordComponent") // Messages are carried, never compared.
public record Hello(int protocolVersion, byte[] deploymentId) implements ClientMessage {
    /**
     * Checks what is carried.
     *
     * @throws IllegalArgumentException if a length, count or value is out of its range
     */
    public Hello {
        MessageLimits.range("protocolVersion", protocolVersion, 0, 0xFFFF);
        MessageLimits.exact("deploymentId", deploymentId, MessageLimits.HASH_BYTES);
    }

    @Override
    public long requestId() {
        return NO_REQUEST;
    }
}
