package dev.moraine.storage.store;

import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.merkle.MerkleTree;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** Reads Merkle paths out of trees as {@link MerkleTree#nodes} gives them and records hold them: nothing is hashed. */
final class StoredTree {
    private StoredTree() {}

    /**
     * How long a stored tree is.
     *
     * @param leafCount leaves, from 1
     * @return bytes
     */
    static int lengthBytes(int leafCount) {
        return MerkleTree.nodeCount(leafCount) * Digest.BYTES;
    }

    /**
     * How long a path is.
     *
     * @param leafCount leaves, from 1
     * @param index the leaf
     * @return bytes, 32 for every sibling
     */
    static int pathBytes(int leafCount, int index) {
        int siblings = 0;
        int place = index;
        for (int width = leafCount; width > 1; width = (width + 1) >> 1) {
            siblings += (place ^ 1) < width ? 1 : 0;
            place >>= 1;
        }
        return siblings * Digest.BYTES;
    }

    /**
     * Copies the path from a leaf to the root.
     *
     * @param memory where the tree is
     * @param offset where the tree begins in it
     * @param leafCount leaves, from 1
     * @param index the leaf
     * @param target where the siblings go, bottom up
     * @param targetOffset where to begin
     * @return how many bytes were written: {@link #pathBytes}
     * @throws IndexOutOfBoundsException if there is no such leaf, or the target is too short
     */
    static int copyPath(
            MemorySegment memory, long offset, int leafCount, int index, MemorySegment target, long targetOffset) {
        Objects.checkIndex(index, leafCount);
        int written = 0;
        int place = index;
        long level = offset;
        for (int width = leafCount; width > 1; width = (width + 1) >> 1) {
            int sibling = place ^ 1;
            if (sibling < width) {
                MemorySegment.copy(
                        memory, level + (long) sibling * Digest.BYTES, target, targetOffset + written, Digest.BYTES);
                written += Digest.BYTES;
            }
            level += (long) width * Digest.BYTES;
            place >>= 1;
        }
        return written;
    }
}
