package dev.moraine.node.storagenode;

/** What a storage node counts besides failures and refusals. */
public enum NodeEvent {
    /** An offer was granted. */
    BUNDLE_GRANTED,
    /** A bundle was stored and signed. */
    BUNDLE_SIGNED,
    /** A bundle was refused because of some entries. */
    BUNDLE_REFUSED,
    /** A bundle was given up because its connection was closed. */
    BUNDLE_DROPPED,
    /** A certificate was made durable. */
    CERTIFICATE_KEPT,
    /** Something was put off because a queue, the memory or the quota was full. */
    BUSY,
    /** The store was forced, once for everything that waited. */
    STORE_FORCED
}
