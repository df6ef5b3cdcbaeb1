package dev.moraine.node.storagenode;

import dev.moraine.proofs.certificate.Bundle;
import dev.moraine.proofs.certificate.Statement;
import dev.moraine.wire.transport.PeerChannel;
import java.util.List;

/**
 * A bundle that passed every check of its offer, with the quota that it was charged and the memory that it holds.
 *
 * @param from who offered it
 * @param requestId the request
 * @param bundle its entries
 * @param statement what is signed when all is stored
 * @param wanted the indices of the entries whose bodies are to come
 * @param upload the memory for the bodies
 * @param charge what the writer was charged
 */
record AdmittedBundle(
        PeerChannel from,
        long requestId,
        Bundle bundle,
        Statement statement,
        List<Integer> wanted,
        BundleUpload upload,
        WriterQuota.Charge charge) {
    /** Gives back everything that the bundle holds, the charge too unless it was kept. */
    void release() {
        charge.drop();
        upload.release();
    }
}
