package dev.moraine.node.storagenode;

import dev.moraine.proofs.hash.Digest;
import dev.moraine.storage.store.SliverStore;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** What every writer holds, kept in the node's data folder. Thread-safe. */
final class WriterQuotas implements AutoCloseable {
    private final Map<Digest, WriterQuota> quotaByKey = new HashMap<>();
    private final WriterLedger ledger;

    private WriterQuotas(WriterLedger ledger) {
        this.ledger = ledger;
    }

    /**
     * Charges what the ledger says and the store still has.
     *
     * @param folder the node's data folder
     * @param grants the writers that are known; what others have brought stays in the ledger, should they come back
     * @param shards the shards of this node
     * @param store what is stored
     * @param epoch the current epoch; what expired before it is forgotten
     * @return the quotas
     * @throws UncheckedIOException if the ledger cannot be read or written
     */
    static WriterQuotas open(
            Path folder, Collection<WriterGrant> grants, HeldShards shards, SliverStore store, long epoch) {
        WriterLedger ledger = WriterLedger.open(folder);
        WriterQuotas quotas = new WriterQuotas(ledger);
        for (WriterGrant grant : grants) {
            Digest key = Digest.of(grant.key().encode());
            quotas.quotaByKey.put(
                    key,
                    new WriterQuota(shards.geometry(), grant.quotaBytes(), entries -> ledger.append(key, entries)));
        }
        try {
            ledger.takeOver((key, entry) -> {
                boolean isLive = entry.expiryEpoch() >= epoch && shards.isHeldBy(store, entry.blobId());
                WriterQuota quota = quotas.quotaByKey.get(key);
                if (isLive && quota != null) {
                    quota.restore(entry);
                }
                return isLive;
            });
        } catch (UncheckedIOException e) {
            ledger.close();
            throw e;
        }
        return quotas;
    }

    /**
     * The quota of a writer.
     *
     * @param key its key, which must be known
     * @return its quota
     */
    WriterQuota of(Digest key) {
        WriterQuota quota = quotaByKey.get(key);
        if (quota == null) {
            throw new IllegalArgumentException("key must be that of a known writer, but is " + key);
        }
        return quota;
    }

    /** Charges nothing any more into the ledger, and closes it. */
    @Override
    public void close() {
        ledger.close();
    }
}
