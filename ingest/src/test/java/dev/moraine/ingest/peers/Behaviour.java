package dev.moraine.ingest.peers;

/** How a scripted node answers the offer of a bundle. */
public enum Behaviour {
    /** Takes the slivers, verifies them and signs. */
    HONEST,
    /** Never answers. */
    SILENT,
    /** Grants everything, takes the slivers, and never answers again. */
    SWALLOWS,
    /** Grants everything and reads nothing any more. */
    STALLS,
    /** Refuses the entries that the node's filter names; honest if there are none. */
    REFUSES,
    /** Signs with bytes that are no signature. */
    SIGNS_GARBAGE,
    /** Signs another bundle root. */
    SIGNS_ANOTHER_ROOT,
    /** Closes the connection when it gets the offer. */
    DISCONNECTS,
    /** Closes the connection when it gets the first sliver. */
    DISCONNECTS_IN_BODIES,
    /** Is busy for the first offer of every bundle, then honest. */
    BUSY_ONCE,
    /** Is always busy. */
    BUSY,
    /** Wants an entry that is none. */
    WANTS_TOO_MUCH,
    /** Refuses an entry that is none. */
    REFUSES_TOO_MUCH,
    /** Answers with a failure. */
    FAILS,
    /** Answers with a message that has nothing to do with it. */
    ANSWERS_NONSENSE
}
