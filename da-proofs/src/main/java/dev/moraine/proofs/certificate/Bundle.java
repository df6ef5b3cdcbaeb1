package dev.moraine.proofs.certificate;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.merkle.MerkleTree;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What one gateway sends in one go: 1 to {@link #MAX_ENTRIES} blobs, no blob twice. The unit of dispersal, of fsync and
 * of signature.
 *
 * <p>Immutable and thread-safe.
 */
public final class Bundle {
    /** Most blobs of a bundle. */
    public static final int MAX_ENTRIES = 4_096;

    private final List<BundleEntry> entries;
    private final MerkleTree tree;

    /**
     * Makes a bundle. What came over a network goes through {@link StatementRules} first, which answers with values.
     *
     * @param entries the blobs, in order
     * @throws IllegalArgumentException if there are none or too many, or a blob occurs twice
     */
    public Bundle(List<BundleEntry> entries) {
        if (!isCountInRange(entries.size())) {
            throw new IllegalArgumentException(
                    "a bundle has 1 to " + MAX_ENTRIES + " entries, but is given " + entries.size());
        }
        Set<BlobId> seen = HashSet.newHashSet(entries.size());
        for (BundleEntry entry : entries) {
            if (!seen.add(entry.blobId())) {
                throw new IllegalArgumentException("a bundle has no blob twice, but is given " + entry.blobId()
                        + " again");
            }
        }
        this.entries = List.copyOf(entries);
        this.tree = MerkleTree.ofLeafHashes(leafHashes(this.entries));
    }

    /**
     * Whether a bundle can have so many entries.
     *
     * @param count the count
     * @return whether it is from 1 to {@link #MAX_ENTRIES}
     */
    public static boolean isCountInRange(long count) {
        return count >= 1 && count <= MAX_ENTRIES;
    }

    /**
     * The root over entries, without a bundle.
     *
     * @param entries 1 to {@link #MAX_ENTRIES} entries
     * @return their bundle root
     */
    static Digest rootOf(List<BundleEntry> entries) {
        return MerkleTree.rootOfLeafHashes(leafHashes(entries));
    }

    /**
     * The blobs.
     *
     * @return an unmodifiable list
     */
    public List<BundleEntry> entries() {
        return entries;
    }

    /**
     * The Merkle root over the entries.
     *
     * @return the bundle root
     */
    public Digest root() {
        return tree.root();
    }

    /**
     * The path from an entry to the root.
     *
     * @param index the entry, from 0
     * @return the sibling hashes, bottom up, 32 bytes each
     * @throws IndexOutOfBoundsException if there is no such entry
     */
    public byte[] path(int index) {
        return tree.path(index);
    }

    /**
     * What nodes sign for this bundle.
     *
     * @param deploymentId the deployment
     * @param epoch the epoch of the signatures, at least 0
     * @return the statement
     */
    public Statement statement(Digest deploymentId, long epoch) {
        return new Statement(deploymentId, epoch, entries.size(), root());
    }

    /**
     * The proof that an entry is certified.
     *
     * @param certificate a certificate over this bundle
     * @param index the entry, from 0
     * @return the certificate of the blob
     * @throws IllegalArgumentException if the certificate is over another bundle
     * @throws IndexOutOfBoundsException if there is no such entry
     */
    public BlobCertificate blobCertificate(Certificate certificate, int index) {
        if (!certificate.statement().bundleRoot().equals(root())) {
            throw new IllegalArgumentException("the certificate is over the bundle "
                    + certificate.statement().bundleRoot() + ", not over " + root());
        }
        return new BlobCertificate(certificate, entries.get(index), index, path(index));
    }

    private static byte[] leafHashes(List<BundleEntry> entries) {
        byte[] leafHashes = new byte[entries.size() * Digest.BYTES];
        for (int i = 0; i < entries.size(); i++) {
            MerkleTree.leafHash(entries.get(i).encode()).copyTo(leafHashes, i * Digest.BYTES);
        }
        return leafHashes;
    }
}
