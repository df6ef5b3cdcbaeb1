package dev.moraine.wire.message;

/** What came out of a frame. */
public sealed interface Decoded {
    /**
     * The frame is the encoding of a message.
     *
     * @param message the message; views in it are valid as long as the frame's memory
     */
    record Accepted(Message message) implements Decoded {}

    /**
     * The frame is not the encoding of any message.
     *
     * @param reason why
     */
    record Malformed(MalformedReason reason) implements Decoded {}
}
