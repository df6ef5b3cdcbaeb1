package dev.moraine.ingest.journal;

import java.util.concurrent.atomic.LongAdder;

/** What a journal counts since it was opened. Any thread may read. */
public final class JournalCounters {
    private final LongAdder certificates = new LongAdder();
    private final LongAdder syncs = new LongAdder();
    private final LongAdder syncNs = new LongAdder();
    private final LongAdder damagedRegions = new LongAdder();
    private final LongAdder truncatedBytes = new LongAdder();
    private final LongAdder segmentsDropped = new LongAdder();
    private final LongAdder recordsCopied = new LongAdder();
    private final LongAdder refused = new LongAdder();

    JournalCounters() {}

    /** {@return certificates of bundles that were made durable} */
    public long certificates() {
        return certificates.sum();
    }

    /** {@return syncs of the file; one serves every bundle that waits for it} */
    public long syncs() {
        return syncs.sum();
    }

    /** {@return the time that syncs took, in nanoseconds} */
    public long syncNs() {
        return syncNs.sum();
    }

    /** {@return places where bytes between good records were none; what stood there is lost} */
    public long damagedRegions() {
        return damagedRegions.sum();
    }

    /** {@return bytes behind the last good record that were cut off when the journal was opened} */
    public long truncatedBytes() {
        return truncatedBytes.sum();
    }

    /** {@return files that were dropped, because all in them had expired or the nodes keep it} */
    public long segmentsDropped() {
        return segmentsDropped.sum();
    }

    /** {@return living records that were copied out of files with mostly expired ones} */
    public long recordsCopied() {
        return recordsCopied.sum();
    }

    /** {@return certificates that were not kept, because the journal was full or had failed} */
    public long refused() {
        return refused.sum();
    }

    void countCertificates(int count) {
        certificates.add(count);
    }

    void countSync(long durationNs) {
        syncs.increment();
        syncNs.add(durationNs);
    }

    void countDamagedRegion() {
        damagedRegions.increment();
    }

    void countTruncated(long bytes) {
        truncatedBytes.add(bytes);
    }

    void countSegmentDropped() {
        segmentsDropped.increment();
    }

    void countRecordCopied() {
        recordsCopied.increment();
    }

    void countRefused() {
        refused.increment();
    }
}
