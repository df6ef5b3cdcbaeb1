package dev.moraine.ingest.journal;

/** Where a blob stands, as far as one gateway knows. */
public enum BlobStatus {
    /** It has a certificate that has not expired. */
    CERTIFIED,
    /** It was accepted and encoded, and has no answer yet. */
    PENDING,
    /**
     * Neither. A batch that was in flight when the gateway was killed is among these, and one that waits to be encoded,
     * whose id nobody has computed: to post it again is safe, and gives the same certificate where there is one.
     */
    UNKNOWN
}
