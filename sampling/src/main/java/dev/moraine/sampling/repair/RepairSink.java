package dev.moraine.sampling.repair;

import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.storage.store.SliverRecord;
import java.util.List;
import java.util.function.Consumer;

/** Where repair brings what it has verified: the one writer of the node's store. */
public interface RepairSink {
    /**
     * Takes a rebuilt sliver.
     *
     * @param sliver the sliver, whose root is the one in its metadata; its memory stays as it is until the end
     * @param whenDone told once, on any thread, whether the sliver survives a power cut
     * @return false if there is no room for it now, and nothing was taken
     */
    boolean keep(SliverRecord sliver, Consumer<Boolean> whenDone);

    /**
     * Takes a certificate that another node had.
     *
     * @param certificate its encoding, verified
     * @param entries the entries of its bundle
     * @param whenDone told once, on any thread, whether the certificate survives a power cut
     * @return false if there is no room for it now, and nothing was taken
     */
    boolean keep(byte[] certificate, List<BundleEntry> entries, Consumer<Boolean> whenDone);
}
