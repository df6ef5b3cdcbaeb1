package dev.moraine.node.storagenode;

import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.storage.store.SliverRecord;
import dev.moraine.wire.transport.PeerChannel;
import java.util.List;
import java.util.function.Consumer;

/** What waits for the store. */
sealed interface StoreWork {
    /**
     * A complete bundle, to be verified, stored and signed.
     *
     * @param bundle the bundle, which the store releases
     */
    record BundleWork(AdmittedBundle bundle) implements StoreWork {}

    /**
     * A verified certificate, to be kept.
     *
     * @param from who sent it
     * @param requestId the request
     * @param certificate its encoding
     * @param entries the entries of its bundle
     */
    @SuppressWarnings("ArrayRecordComponent") // Carried from one agent to the next, never compared.
    record CertificateWork(PeerChannel from, long requestId, byte[] certificate, List<BundleEntry> entries)
            implements StoreWork {}

    /**
     * A sliver that was rebuilt.
     *
     * @param sliver the sliver, verified
     * @param whenDone told whether it is durable
     */
    record SliverWork(SliverRecord sliver, Consumer<Boolean> whenDone) implements StoreWork {}

    /**
     * A certificate that another node had.
     *
     * @param certificate its encoding, verified
     * @param entries the entries of its bundle
     * @param whenDone told whether it is durable
     */
    @SuppressWarnings("ArrayRecordComponent") // Carried from one agent to the next, never compared.
    record LearnedWork(byte[] certificate, List<BundleEntry> entries, Consumer<Boolean> whenDone)
            implements StoreWork {}
}
