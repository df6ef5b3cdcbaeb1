package dev.moraine.proofs.merkle;

import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.hash.Sha256;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * A Merkle tree of the RFC 9162 shape over ready leaf hashes: {@code node(l, r) = H(01‖l‖r)}, split at the largest
 * power of two below the leaf count, nothing padded, nothing duplicated.
 *
 * <p>Kept level by level. Pairing neighbours from the left and moving an odd last node up unchanged gives the same tree
 * as the recursive definition of RFC 9162, section 2.1.1.
 *
 * <p>Immutable and thread-safe.
 */
public final class MerkleTree {
    /** Most leaves of a tree; the longest symbol of the protocol has fewer chunks. */
    public static final int MAX_LEAVES = 1 << 20;

    private static final byte LEAF_TAG = 0;
    private static final byte NODE_TAG = 1;
    private static final int PAIR_BYTES = 2 * Digest.BYTES;

    private final int leafCount;
    /** All levels, the leaves first, the root last. */
    private final byte[] nodes;

    private MerkleTree(int leafCount, byte[] nodes) {
        this.leafCount = leafCount;
        this.nodes = nodes;
    }

    /**
     * Builds the tree over leaf hashes that fill an array.
     *
     * @param leafHashes the leaf hashes in order, 32 bytes each; copied
     * @return the tree
     * @throws IllegalArgumentException if the array is empty, too long, or no multiple of 32 bytes
     */
    public static MerkleTree ofLeafHashes(byte[] leafHashes) {
        return ofLeafHashes(MemorySegment.ofArray(leafHashes), 0, countOf(leafHashes));
    }

    /**
     * Builds the tree over leaf hashes that lie one after the other in memory.
     *
     * @param hashes where the leaf hashes are
     * @param offset start of the first
     * @param count how many, from 1 to {@link #MAX_LEAVES}
     * @return the tree; it keeps no reference to the segment
     * @throws IllegalArgumentException if the count is out of range
     * @throws IndexOutOfBoundsException if the segment ends before the leaf hashes do
     */
    public static MerkleTree ofLeafHashes(MemorySegment hashes, long offset, int count) {
        byte[] nodes = new byte[nodeCount(count) * Digest.BYTES];
        MemorySegment.copy(hashes, ValueLayout.JAVA_BYTE, offset, nodes, 0, count * Digest.BYTES);
        MemorySegment segment = MemorySegment.ofArray(nodes);
        int start = 0;
        for (int width = count; width > 1; width = parentCount(width)) {
            int parents = start + width * Digest.BYTES;
            hashLevel(segment, start, width, parents);
            start = parents;
        }
        return new MerkleTree(count, nodes);
    }

    /**
     * The hash of a leaf, {@code H(00‖parts)}.
     *
     * @param parts the leaf's bytes, in order
     * @return the leaf hash
     */
    public static Digest leafHash(byte[]... parts) {
        return Sha256.digestTagged(LEAF_TAG, parts);
    }

    /**
     * Hashes equally long leaves that lie in memory.
     *
     * @param source where the leaves are
     * @param offset start of the first
     * @param strideBytes distance from one start to the next
     * @param lengthBytes bytes of a leaf
     * @param count how many leaves
     * @param hashes where the leaf hashes go, 32 bytes each
     * @param hashOffset start of the first leaf hash
     * @param hashStrideBytes distance from one leaf hash to the next, at least 32
     * @see Sha256#hashTagged
     */
    public static void hashLeaves(
            MemorySegment source,
            long offset,
            long strideBytes,
            int lengthBytes,
            int count,
            MemorySegment hashes,
            long hashOffset,
            long hashStrideBytes) {
        Sha256.hashTagged(
                LEAF_TAG, source, offset, strideBytes, lengthBytes, count, hashes, hashOffset, hashStrideBytes);
    }

    /**
     * The root alone, over leaf hashes that fill an array.
     *
     * @param leafHashes the leaf hashes in order, 32 bytes each
     * @return the root
     * @throws IllegalArgumentException if the array is empty, too long, or no multiple of 32 bytes
     */
    public static Digest rootOfLeafHashes(byte[] leafHashes) {
        return rootInPlace(MemorySegment.ofArray(leafHashes.clone()), 0, countOf(leafHashes));
    }

    /**
     * The root alone, computed in the memory of the leaf hashes, which is overwritten.
     *
     * @param hashes where the leaf hashes are; nothing outside their range is written
     * @param offset start of the first
     * @param count how many, from 1 to {@link #MAX_LEAVES}
     * @return the root, which is also left at {@code offset}
     * @throws IllegalArgumentException if the count is out of range
     * @throws IndexOutOfBoundsException if the segment ends before the leaf hashes do
     */
    public static Digest rootInPlace(MemorySegment hashes, long offset, int count) {
        checkCount(count);
        for (int width = count; width > 1; width = parentCount(width)) {
            hashLevel(hashes, offset, width, offset);
        }
        return Digest.of(hashes, offset);
    }

    /**
     * The roots of many trees of equally many leaves, computed in the memory of the leaf hashes, which is overwritten.
     * Nodes at the same place of different trees are hashed together.
     *
     * @param hashes where the leaf hashes are, those of a tree one after the other
     * @param offset start of the first leaf hash of the first tree
     * @param strideBytes distance from one tree to the next, at least {@code 32·count}
     * @param count leaves of a tree, from 1 to {@link #MAX_LEAVES}
     * @param trees how many trees; the root of each is left where its first leaf hash was
     * @throws IllegalArgumentException if the count is out of range, or trees overlap
     * @throws IndexOutOfBoundsException if the segment ends before the leaf hashes do
     */
    public static void rootsInPlace(MemorySegment hashes, long offset, long strideBytes, int count, int trees) {
        checkCount(count);
        if (strideBytes < (long) count * Digest.BYTES) {
            throw new IllegalArgumentException("strideBytes must be at least " + (long) count * Digest.BYTES
                    + " for trees of " + count + " leaves, but is " + strideBytes);
        }
        for (int width = count; width > 1; width = parentCount(width)) {
            if (width / 2 > trees) {
                for (int tree = 0; tree < trees; tree++) {
                    long start = offset + tree * strideBytes;
                    hashLevel(hashes, start, width, start);
                }
            } else {
                hashLevelOfTrees(hashes, offset, strideBytes, width, trees);
            }
        }
    }

    /**
     * The root of the tree; of a single leaf it is the leaf hash.
     *
     * @return the root
     */
    public Digest root() {
        return Digest.of(nodes, nodes.length - Digest.BYTES);
    }

    /**
     * How many leaves the tree has.
     *
     * @return the leaf count, at least 1
     */
    public int leafCount() {
        return leafCount;
    }

    /**
     * How many nodes all levels of a tree have together, a node that moves up unchanged counted in each of them.
     *
     * @param leafCount the leaf count, from 1 to {@link #MAX_LEAVES}
     * @return leaves, inner nodes and root
     * @throws IllegalArgumentException if the count is out of range
     */
    public static int nodeCount(int leafCount) {
        int total = 1;
        for (int width = checkCount(leafCount); width > 1; width = parentCount(width)) {
            total += width;
        }
        return total;
    }

    /**
     * The whole tree, for who keeps it to answer paths later.
     *
     * @return all levels, the leaves first, the root last, 32 bytes a node; a copy
     */
    public byte[] nodes() {
        return nodes.clone();
    }

    /**
     * The path from a leaf to the root.
     *
     * @param index the leaf, from 0
     * @return the sibling hashes bottom up, 32 bytes each; a node that moved up unchanged has none
     * @throws IndexOutOfBoundsException if there is no such leaf
     */
    public byte[] path(int index) {
        return rangeProof(index, 1);
    }

    /**
     * The proof of consecutive leaves: the siblings that a verifier who has those leaves cannot compute.
     *
     * @param first the first leaf, from 0
     * @param count how many leaves, at least 1
     * @return the sibling hashes, level by level from the leaves, left to right, 32 bytes each
     * @throws IndexOutOfBoundsException if the range is empty or reaches out of the tree
     */
    public byte[] rangeProof(int first, int count) {
        Objects.checkFromIndexSize(first, count, leafCount);
        Objects.checkIndex(0, count);
        byte[] siblings = new byte[RangeProof.siblingCount(first, count, leafCount) * Digest.BYTES];
        int written = 0;
        int start = 0;
        int low = first;
        int high = first + count;
        for (int width = leafCount; width > 1; width = parentCount(width)) {
            if ((low & 1) == 1) {
                System.arraycopy(nodes, start + (low - 1) * Digest.BYTES, siblings, written, Digest.BYTES);
                written += Digest.BYTES;
            }
            if ((high & 1) == 1 && high < width) {
                System.arraycopy(nodes, start + high * Digest.BYTES, siblings, written, Digest.BYTES);
                written += Digest.BYTES;
            }
            start += width * Digest.BYTES;
            low >>= 1;
            high = parentCount(high);
        }
        return siblings;
    }

    /**
     * The hash of an inner node, {@code H(01‖left‖right)}.
     *
     * @param left the left child
     * @param right the right child
     * @return the node
     */
    static Digest node(Digest left, Digest right) {
        byte[] pair = new byte[PAIR_BYTES];
        left.copyTo(pair, 0);
        right.copyTo(pair, Digest.BYTES);
        return Sha256.digestTagged(NODE_TAG, pair);
    }

    /** Writes the level above {@code width} nodes; {@code to} may be {@code from}. */
    private static void hashLevel(MemorySegment nodes, long from, int width, long to) {
        int pairs = width / 2;
        Sha256.hashTagged(NODE_TAG, nodes, from, PAIR_BYTES, PAIR_BYTES, pairs, nodes, to);
        if ((width & 1) == 1) {
            long odd = from + (width - 1L) * Digest.BYTES;
            MemorySegment.copy(nodes, odd, nodes, to + (long) pairs * Digest.BYTES, Digest.BYTES);
        }
    }

    /** Parents go where their level begins: there, only nodes are overwritten that have become parents already. */
    private static void hashLevelOfTrees(MemorySegment nodes, long offset, long strideBytes, int width, int trees) {
        int pairs = width / 2;
        for (int pair = 0; pair < pairs; pair++) {
            long from = offset + (long) pair * PAIR_BYTES;
            long to = offset + (long) pair * Digest.BYTES;
            Sha256.hashTagged(NODE_TAG, nodes, from, strideBytes, PAIR_BYTES, trees, nodes, to, strideBytes);
        }
        if ((width & 1) == 1) {
            long odd = (width - 1L) * Digest.BYTES;
            for (int tree = 0; tree < trees; tree++) {
                long start = offset + tree * strideBytes;
                MemorySegment.copy(nodes, start + odd, nodes, start + (long) pairs * Digest.BYTES, Digest.BYTES);
            }
        }
    }

    private static int parentCount(int width) {
        return (width + 1) >> 1;
    }

    private static int countOf(byte[] leafHashes) {
        if (leafHashes.length % Digest.BYTES != 0) {
            throw new IllegalArgumentException(
                    "leafHashes must be a multiple of " + Digest.BYTES + " bytes, but has " + leafHashes.length);
        }
        return checkCount(leafHashes.length / Digest.BYTES);
    }

    private static int checkCount(int count) {
        if (count < 1 || count > MAX_LEAVES) {
            throw new IllegalArgumentException("a tree has 1 to " + MAX_LEAVES + " leaves, not " + count);
        }
        return count;
    }
}
