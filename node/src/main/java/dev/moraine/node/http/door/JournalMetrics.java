package dev.moraine.node.http.door;

import dev.moraine.ingest.journal.JournalCounters;
import dev.moraine.node.http.MetricsText;

/**
 * The measurements of a gateway's journal of certificates, to be added to those of its doors. Thread-safe.
 *
 * @param counters what the journal counts
 */
public record JournalMetrics(JournalCounters counters) implements MetricsText.Source {
    @Override
    public void write(MetricsText metrics) {
        metrics.counter("moraine_journal_certificates_total", "Certificates that were made durable.")
                .sample(counters.certificates());
        metrics.counter("moraine_journal_syncs_total", "Syncs of the journal.").sample(counters.syncs());
        metrics.counter("moraine_journal_sync_nanoseconds_total", "Time that syncs of the journal took.")
                .sample(counters.syncNs());
        metrics.counter("moraine_journal_damaged_regions_total", "Places where records of the journal were lost.")
                .sample(counters.damagedRegions());
        metrics.counter("moraine_journal_truncated_bytes_total", "Bytes cut off when the journal was opened.")
                .sample(counters.truncatedBytes());
        metrics.counter("moraine_journal_segments_dropped_total", "Files of the journal that were dropped.")
                .sample(counters.segmentsDropped());
        metrics.counter("moraine_journal_records_copied_total", "Living records copied out of files of expired ones.")
                .sample(counters.recordsCopied());
        metrics.counter("moraine_journal_refused_total", "Certificates that the journal could not keep.")
                .sample(counters.refused());
    }
}
