package dev.moraine.node.storagenode;

/** What a piece of a body did to the upload it belongs to. Everything but the first two ends the upload. */
public enum UploadVerdict {
    /** It was taken. */
    ACCEPT,
    /** It was taken, and nothing is missing any more. */
    COMPLETE,
    /** No bundle with that request id is being received. */
    UNKNOWN_REQUEST,
    /** The node did not ask for that entry. */
    ENTRY_NOT_GRANTED,
    /** The pair lives on a shard of another node. */
    PAIR_NOT_HELD,
    /** Its part has another length by the committee's geometry. */
    WRONG_TOTAL,
    /** It does not begin where the last piece of its part ended. */
    NOT_CONTIGUOUS,
    /** Too little came for too long. */
    STALLED
}
