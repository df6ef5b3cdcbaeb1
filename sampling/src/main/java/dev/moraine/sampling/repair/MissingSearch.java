package dev.moraine.sampling.repair;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.committee.EpochSchedule;
import dev.moraine.storage.store.CertificateLog;
import dev.moraine.storage.store.DamagedSliver;
import dev.moraine.storage.store.SliverStore;
import java.util.Arrays;
import java.util.Set;
import org.agrona.concurrent.EpochClock;

/**
 * Finds what is missing: pairs of blobs whose certificate the node holds, and pairs that were found damaged. All
 * certificates are looked through after every start, so nothing needs to be remembered over one. For the thread of the
 * agent.
 */
final class MissingSearch {
    private static final int BATCH = 64;

    private final OwnShards shards;
    private final EpochSchedule epochs;
    private final EpochClock clock;
    private final RepairQueue queue;
    private final RepairCounters counters;
    private final long graceNs;
    private final long startMs;
    private long feedId;
    private long cursor;

    /**
     * Begins with the oldest certificate.
     *
     * @param shards what the node is to hold
     * @param clock what time it is
     * @param queue takes what is missing
     * @param counters counts it
     * @param graceNs how long a pair may still come by itself
     */
    MissingSearch(OwnShards shards, EpochClock clock, RepairQueue queue, RepairCounters counters, long graceNs) {
        this.shards = shards;
        this.epochs = shards.committee().epochs();
        this.clock = clock;
        this.queue = queue;
        this.counters = counters;
        this.graceNs = graceNs;
        startMs = clock.time();
    }

    /**
     * Looks a little further.
     *
     * @param nowNs now
     * @return how much was looked at
     */
    int search(long nowNs) {
        int work = 0;
        while (work < BATCH && queue.hasRoom()) {
            DamagedSliver damaged = shards.store().pollDamaged();
            if (damaged == null) {
                break;
            }
            work++;
            noteDamaged(damaged, nowNs);
        }
        CertificateLog log = shards.store().certificates();
        if (feedId != log.feedId()) {
            feedId = log.feedId();
            cursor = 0;
        }
        if (queue.hasRoom() && cursor < log.end()) {
            CertificateLog.Batch batch = log.read(cursor, Set.of(), BATCH);
            cursor = batch.nextCursor();
            batch.certificates().forEach(one -> check(one, nowNs));
            work += 1 + batch.certificates().size();
        }
        return work;
    }

    private void noteDamaged(DamagedSliver damaged, long nowNs) {
        boolean isOwn = Arrays.stream(shards.pairsOf(damaged.blobId())).anyMatch(pair -> pair == damaged.pairIndex());
        if (isOwn && !isExpired(damaged.blobId())) {
            add(new MissingPair.Key(damaged.blobId(), damaged.pairIndex()), clock.time(), nowNs);
        }
    }

    private void check(BlobCertificate certificate, long nowNs) {
        BlobId blobId = certificate.entry().blobId();
        if (isExpired(blobId)) {
            return;
        }
        long certifiedMs = epochs.startMs(certificate.certificate().statement().epoch());
        // What was certified before the start will not come by itself any more.
        boolean mayCome = epochs.endMs(certificate.certificate().statement().epoch()) > startMs;
        for (int pair : shards.pairsOf(blobId)) {
            if (!shards.store().hasPair(blobId, pair)) {
                add(new MissingPair.Key(blobId, pair), certifiedMs, mayCome ? nowNs + graceNs : nowNs);
            }
        }
    }

    private void add(MissingPair.Key key, long sinceMs, long dueNs) {
        if (queue.add(key, sinceMs, dueNs)) {
            counters.add(RepairCount.PAIRS_FOUND);
        }
    }

    /**
     * Whether the node no longer owes a blob to anyone, or never did.
     *
     * @param blobId the blob
     */
    boolean isExpired(BlobId blobId) {
        return shards.store().expiryEpoch(blobId) < epochs.epochAt(clock.time());
    }
}
