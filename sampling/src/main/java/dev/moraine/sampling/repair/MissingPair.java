package dev.moraine.sampling.repair;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.blob.BlobMetadata;
import org.jspecify.annotations.Nullable;

/** A pair that lacks a sliver, and what was tried. For the thread of the agent. */
final class MissingPair {
    private final Key key;
    private final long sinceMs;
    private final long sequence;
    private int failures;
    private long dueNs;
    private boolean fromPrimaries;
    private @Nullable BlobMetadata metadata;

    /**
     * Which pair.
     *
     * @param blobId the blob
     * @param pair the pair's index
     */
    record Key(BlobId blobId, int pair) {}

    /**
     * A pair of which nothing was tried.
     *
     * @param key which
     * @param sinceMs since when the blob is at risk for it, in milliseconds since 1970, as far as is known
     * @param sequence tells apart what is at risk equally long
     * @param dueNs when it is to be tried
     */
    MissingPair(Key key, long sinceMs, long sequence, long dueNs) {
        this.key = key;
        this.sinceMs = sinceMs;
        this.sequence = sequence;
        this.dueNs = dueNs;
    }

    Key key() {
        return key;
    }

    BlobId blobId() {
        return key.blobId();
    }

    int pair() {
        return key.pair();
    }

    long sinceMs() {
        return sinceMs;
    }

    long sequence() {
        return sequence;
    }

    long dueNs() {
        return dueNs;
    }

    void setDueNs(long value) {
        dueNs = value;
    }

    /** How often in succession it failed, the one that is noted now included. */
    int noteFailure() {
        failures++;
        return failures;
    }

    void noteProgress() {
        failures = 0;
    }

    /** Whether the primary is to be rebuilt from whole primaries, since too few columns could be had. */
    boolean isFromPrimaries() {
        return fromPrimaries;
    }

    void setFromPrimaries(boolean value) {
        fromPrimaries = value;
    }

    @Nullable BlobMetadata metadata() {
        return metadata;
    }

    void setMetadata(BlobMetadata value) {
        metadata = value;
    }
}
