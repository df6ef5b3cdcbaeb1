package dev.moraine.storage.store;

import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.proofs.hash.Digest;
import java.util.Collection;
import java.util.List;

/**
 * A certificate in the order in which the store kept it.
 *
 * @param place where its record is
 * @param count how many entries its bundle has
 * @param namespaces one bit for each namespace of the bundle, several of which may have the same one
 */
record FeedSlot(RecordPlace place, int count, long namespaces) {
    /** Stands for a certificate that is not held any more. */
    static final FeedSlot GONE = new FeedSlot(new RecordPlace(0, 0, 0), 0, 0);

    /** Every namespace. */
    static final long ANY_NAMESPACE = -1;

    /** Bits of a number below {@link Long#SIZE}. */
    private static final int BIT_NUMBER_BITS = 6;

    /** Odd, and without a pattern: spreads words whose content is much alike. */
    private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

    /** The slot of a certificate that was just written or read. */
    static FeedSlot of(RecordPlace place, List<BundleEntry> entries) {
        return new FeedSlot(
                place,
                entries.size(),
                bitsOf(entries.stream().map(BundleEntry::namespace).toList()));
    }

    /** The bits of namespaces. */
    static long bitsOf(Collection<Namespace> namespaces) {
        long bits = 0;
        for (Namespace namespace : namespaces) {
            Digest digest = namespace.value();
            long mixed = digest.w0() * SPREAD + digest.w1();
            mixed = mixed * SPREAD + digest.w2();
            mixed = mixed * SPREAD + digest.w3();
            bits |= 1L << ((mixed * SPREAD) >>> (Long.SIZE - BIT_NUMBER_BITS));
        }
        return bits;
    }
}
