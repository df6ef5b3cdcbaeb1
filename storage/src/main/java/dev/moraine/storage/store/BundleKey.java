package dev.moraine.storage.store;

import dev.moraine.proofs.certificate.Statement;
import dev.moraine.proofs.hash.Digest;

/**
 * What two certificates of one bundle have in common, whoever signed them.
 *
 * @param epoch the epoch of the statement
 * @param bundleRoot the root over the entries
 */
record BundleKey(long epoch, Digest bundleRoot) {
    /** The key of a signed statement. */
    static BundleKey of(Statement statement) {
        return new BundleKey(statement.epoch(), statement.bundleRoot());
    }
}
