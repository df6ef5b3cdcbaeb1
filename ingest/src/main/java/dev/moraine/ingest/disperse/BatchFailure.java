package dev.moraine.ingest.disperse;

import dev.moraine.wire.message.RefusalReason;
import org.jspecify.annotations.Nullable;

/**
 * What an accepted batch failed of.
 *
 * @param reason the kind of failure
 * @param refusal what most of the refusing shards said, if the reason is {@link FailureReason#REFUSED}
 * @param detail what happened, for people
 */
public record BatchFailure(FailureReason reason, @Nullable RefusalReason refusal, String detail) {
    /**
     * A failure that is no refusal.
     *
     * @param reason the kind of failure
     * @param detail what happened, for people
     * @return the failure
     */
    public static BatchFailure of(FailureReason reason, String detail) {
        return new BatchFailure(reason, null, detail);
    }
}
