package dev.moraine.sampling.serve;

import dev.moraine.wire.message.NodeMessage;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one request, made message by message as its peer takes them, so that a slow peer holds little memory.
 * For the one thread of the agent that runs it.
 */
interface Answer {
    /**
     * Makes the next message. Its payload stays valid until the next call or the release.
     *
     * @return the message, or null if the answer is complete
     */
    @Nullable NodeMessage next();

    /**
     * The memory that the answer holds.
     *
     * @return bytes of slivers
     */
    long heldBytes();

    /** Gives back what the answer holds. Called once: after the last message, or when the peer takes none. */
    void release();
}
