package dev.moraine.proofs.merkle;

import dev.moraine.proofs.hash.Digest;
import org.jspecify.annotations.Nullable;

/**
 * The verifier's side of a path: index and leaf count come from what the verifier asked for, never from the proof, and
 * exactly the siblings that they imply are accepted.
 */
public final class MerklePath {
    private MerklePath() {}

    /**
     * How many siblings the path of a leaf has.
     *
     * @param index the leaf, from 0
     * @param leafCount leaves of the tree, at least 1
     * @return the number of siblings
     * @throws IllegalArgumentException if there is no such leaf
     */
    public static int siblingCount(long index, long leafCount) {
        return RangeProof.siblingCount(index, 1, leafCount);
    }

    /**
     * Computes the root that a leaf and its siblings lead to. Never throws, whatever the bytes are.
     *
     * @param leafHash the hash of the leaf
     * @param index the leaf's index as the verifier knows it
     * @param leafCount the leaf count as the verifier knows it
     * @param siblings the sibling hashes bottom up, 32 bytes each
     * @return the root, or null if the index is out of range or the siblings are not exactly as many as they must be
     */
    public static @Nullable Digest rootFrom(Digest leafHash, long index, long leafCount, byte[] siblings) {
        if (index < 0 || index >= leafCount
                || siblings.length != siblingCount(index, leafCount) * Digest.BYTES) {
            return null;
        }
        Digest node = leafHash;
        int read = 0;
        long place = index;
        for (long width = leafCount; width > 1; width = RangeProof.parentCount(width)) {
            boolean isRight = (place & 1) == 1;
            if (isRight || place + 1 < width) {
                Digest sibling = Digest.of(siblings, read);
                node = isRight ? MerkleTree.node(sibling, node) : MerkleTree.node(node, sibling);
                read += Digest.BYTES;
            }
            place >>= 1;
        }
        return node;
    }
}
