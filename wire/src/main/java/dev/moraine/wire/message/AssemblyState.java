package dev.moraine.wire.message;

/** What is known of an answer that comes in several messages. */
public enum AssemblyState {
    /** More messages have to come. */
    INCOMPLETE,
    /** The answer is complete. */
    COMPLETE,
    /** The peer broke the protocol, and the answer is worthless. */
    INVALID
}
