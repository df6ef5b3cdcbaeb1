package dev.moraine.proofs.merkle;

import dev.moraine.proofs.hash.Digest;
import org.jspecify.annotations.Nullable;

/**
 * The verifier's side of a proof of consecutive leaves. The proof lists the siblings that the verifier cannot compute,
 * level by level from the leaves, left to right; range and leaf count come from what the verifier asked for.
 */
public final class RangeProof {
    private RangeProof() {}

    /**
     * How many siblings the proof of a range has.
     *
     * @param first the first leaf, from 0
     * @param count how many leaves, at least 1
     * @param leafCount leaves of the tree
     * @return the number of siblings
     * @throws IllegalArgumentException if the range is empty or reaches out of the tree
     */
    public static int siblingCount(long first, long count, long leafCount) {
        if (!isRange(first, count, leafCount)) {
            throw new IllegalArgumentException("a range must have at least one leaf and lie in the tree, but first is "
                    + first + ", count " + count + ", leafCount " + leafCount);
        }
        int siblings = 0;
        long low = first;
        long high = first + count;
        for (long width = leafCount; width > 1; width = parentCount(width)) {
            siblings += (int) (low & 1);
            if ((high & 1) == 1 && high < width) {
                siblings++;
            }
            low >>= 1;
            high = parentCount(high);
        }
        return siblings;
    }

    /**
     * Computes the root that consecutive leaves and their siblings lead to. Never throws, whatever the bytes are.
     *
     * @param leafHashes the hashes of the leaves, 32 bytes each
     * @param first the first leaf's index as the verifier knows it
     * @param leafCount the leaf count as the verifier knows it
     * @param siblings the sibling hashes, 32 bytes each
     * @return the root, or null if the range is empty or out of the tree, or a length is not exactly what it must be
     */
    public static @Nullable Digest rootFrom(byte[] leafHashes, long first, long leafCount, byte[] siblings) {
        int count = leafHashes.length / Digest.BYTES;
        if (leafHashes.length % Digest.BYTES != 0
                || !isRange(first, count, leafCount)
                || siblings.length != siblingCount(first, count, leafCount) * Digest.BYTES) {
            return null;
        }
        Digest[] known = new Digest[count];
        for (int i = 0; i < count; i++) {
            known[i] = Digest.of(leafHashes, i * Digest.BYTES);
        }
        int read = 0;
        long low = first;
        for (long width = leafCount; width > 1; width = parentCount(width)) {
            long high = low + count;
            int parents = 0;
            int next = 0;
            if ((low & 1) == 1) {
                known[parents++] = MerkleTree.node(Digest.of(siblings, read), known[next++]);
                read += Digest.BYTES;
            }
            for (; next + 1 < count; next += 2) {
                known[parents++] = MerkleTree.node(known[next], known[next + 1]);
            }
            if (next < count && high < width) {
                known[parents++] = MerkleTree.node(known[next], Digest.of(siblings, read));
                read += Digest.BYTES;
            } else if (next < count) {
                known[parents++] = known[next];
            }
            low >>= 1;
            count = parents;
        }
        return known[0];
    }

    /** Nodes of the level above one of {@code width}; no overflow for any width. */
    static long parentCount(long width) {
        return width - (width >> 1);
    }

    private static boolean isRange(long first, long count, long leafCount) {
        return first >= 0 && count >= 1 && first < leafCount && count <= leafCount - first;
    }
}
