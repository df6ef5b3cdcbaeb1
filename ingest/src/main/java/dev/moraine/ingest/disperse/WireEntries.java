package dev.moraine.ingest.disperse;

import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.wire.message.WireEntry;
import java.util.List;

/** Bundle entries as the wire carries them. */
final class WireEntries {
    private WireEntries() {}

    /**
     * Translates entries.
     *
     * @param entries a bundle's entries
     * @return the same in the same order
     */
    static List<WireEntry> of(List<BundleEntry> entries) {
        return entries.stream()
                .map(entry -> new WireEntry(
                        entry.blobId().toBytes(),
                        entry.namespace().value().toBytes(),
                        entry.lengthBytes(),
                        entry.expiryEpoch()))
                .toList();
    }
}
