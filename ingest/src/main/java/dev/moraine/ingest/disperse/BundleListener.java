package dev.moraine.ingest.disperse;

import dev.moraine.proofs.certificate.Bundle;
import dev.moraine.proofs.certificate.Certificate;
import java.util.List;

/** Learns how a bundle goes; called by the dispersal's thread. */
interface BundleListener {
    /**
     * The bundle has its quorum. Its tail goes on.
     *
     * @param batches the bundle's batches
     * @param bundle the bundle
     * @param certificate its verified certificate
     */
    void onCertified(List<EncodedBatch> batches, Bundle bundle, Certificate certificate);

    /**
     * The bundle gets no quorum, and this batch would get none in any other. Its memory is not needed any more.
     *
     * @param batch a batch of the bundle
     * @param failure why
     */
    void onFailed(EncodedBatch batch, BatchFailure failure);

    /**
     * A node failed, and is kept out of new bundles.
     *
     * @param member the node's index
     */
    void onExcluded(int member);

    /**
     * The bundle gets no quorum, but these batches may, in a bundle of their own.
     *
     * @param batches some of the bundle's batches
     */
    void onBundleAgain(List<EncodedBatch> batches);
}
