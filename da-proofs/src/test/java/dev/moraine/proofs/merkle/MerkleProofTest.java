package dev.moraine.proofs.merkle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.moraine.proofs.hash.Digest;
import dev.moraine.testing.Seed;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MerkleProofTest {
    private final Random random = Seed.random("MerkleProofTest");

    @Test
    void everyRangeOfEverySmallTreeVerifies() {
        for (int count = 1; count <= 40; count++) {
            byte[] leaves = Seed.bytes(random, count * Digest.BYTES);
            MerkleTree tree = MerkleTree.ofLeafHashes(leaves);
            for (int first = 0; first < count; first++) {
                for (int length = 1; length <= count - first; length++) {
                    byte[] proof = tree.rangeProof(first, length);
                    assertEquals(RangeProof.siblingCount(first, length, count), proof.length / Digest.BYTES);
                    assertEquals(tree.root(), RangeProof.rootFrom(leaves(leaves, first, length), first, count, proof));
                }
            }
        }
    }

    @Test
    void aRangeOfOneLeafIsAPathAndTheWholeTreeNeedsNoSiblings() {
        for (int count = 1; count <= 130; count++) {
            byte[] leaves = Seed.bytes(random, count * Digest.BYTES);
            MerkleTree tree = MerkleTree.ofLeafHashes(leaves);
            int index = random.nextInt(count);
            assertArrayEquals(tree.path(index), tree.rangeProof(index, 1));
            assertEquals(0, tree.rangeProof(0, count).length);
            assertEquals(tree.root(), RangeProof.rootFrom(leaves, 0, count, new byte[0]));
        }
    }

    @Test
    void aWrongIndexCountOrLengthNeverLeadsToTheRoot() {
        for (int count = 1; count <= 130; count++) {
            byte[] leaves = Seed.bytes(random, count * Digest.BYTES);
            MerkleTree tree = MerkleTree.ofLeafHashes(leaves);
            int index = random.nextInt(count);
            Digest leaf = Digest.of(leaves, index * Digest.BYTES);
            byte[] path = tree.path(index);
            for (int other = -1; other <= count; other++) {
                if (other != index) {
                    assertNotEquals(tree.root(), MerklePath.rootFrom(leaf, other, count, path));
                }
            }
            for (int change = -path.length; change <= 64; change++) {
                if (change != 0) {
                    byte[] wrong = Arrays.copyOf(path, path.length + change);
                    assertNull(MerklePath.rootFrom(leaf, index, count, wrong));
                }
            }
        }
    }

    @Test
    void aWrongLeafCountIsRejectedUnlessTheHashesThemselvesAreTheSame() {
        // The shape of a path fixes the leaf count only up to the trees in which the leaf has the same siblings: the
        // leaf count is the verifier's knowledge, and what it knows decides how many siblings there must be.
        byte[] leaves = Seed.bytes(random, 6 * Digest.BYTES);
        MerkleTree tree = MerkleTree.ofLeafHashes(leaves);
        Digest last = Digest.of(leaves, 5 * Digest.BYTES);
        byte[] path = tree.path(5);
        assertEquals(2, path.length / Digest.BYTES);
        assertEquals(tree.root(), MerklePath.rootFrom(last, 5, 6, path));
        assertNull(MerklePath.rootFrom(last, 5, 5, path));
        for (int count = 7; count < 200; count++) {
            assertNull(MerklePath.rootFrom(last, 5, count, path), "leaf count " + count);
        }
    }

    @Test
    void swappedSiblingsAndForeignLeavesDoNotLeadToTheRoot() {
        byte[] leaves = Seed.bytes(random, 100 * Digest.BYTES);
        MerkleTree tree = MerkleTree.ofLeafHashes(leaves);
        byte[] path = tree.path(37);
        Digest leaf = Digest.of(leaves, 37 * Digest.BYTES);
        for (int i = 0; i + 2 * Digest.BYTES <= path.length; i += Digest.BYTES) {
            byte[] swapped = path.clone();
            System.arraycopy(path, i, swapped, i + Digest.BYTES, Digest.BYTES);
            System.arraycopy(path, i + Digest.BYTES, swapped, i, Digest.BYTES);
            assertNotEquals(tree.root(), MerklePath.rootFrom(leaf, 37, 100, swapped));
        }
        assertNotEquals(tree.root(), MerklePath.rootFrom(Digest.of(leaves, 0), 37, 100, path));
        Digest parent = MerkleTree.node(Digest.of(path, 0), leaf);
        byte[] shorter = Arrays.copyOfRange(path, Digest.BYTES, path.length);
        assertNull(MerklePath.rootFrom(parent, 37, 100, shorter), "an inner node with the rest of the path");
        assertNotEquals(tree.root(), MerklePath.rootFrom(parent, 37, 100, path));
    }

    @Test
    void everyFlippedBitOfARangeProofChangesTheRoot() {
        byte[] leaves = Seed.bytes(random, 21 * Digest.BYTES);
        MerkleTree tree = MerkleTree.ofLeafHashes(leaves);
        byte[] proof = tree.rangeProof(5, 6);
        byte[] range = leaves(leaves, 5, 6);
        for (int bit = 0; bit < 8 * proof.length; bit++) {
            byte[] flipped = proof.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertNotEquals(tree.root(), RangeProof.rootFrom(range, 5, 21, flipped));
        }
        for (int bit = 0; bit < 8 * range.length; bit++) {
            byte[] flipped = range.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertNotEquals(tree.root(), RangeProof.rootFrom(flipped, 5, 21, proof));
        }
    }

    @Test
    void rangesThatAreEmptyOrOutOfTheTreeAreRejected() {
        byte[] leaves = Seed.bytes(random, 8 * Digest.BYTES);
        byte[] proof = MerkleTree.ofLeafHashes(leaves).rangeProof(2, 3);
        byte[] range = leaves(leaves, 2, 3);
        assertNull(RangeProof.rootFrom(new byte[0], 2, 8, proof));
        assertNull(RangeProof.rootFrom(new byte[95], 2, 8, proof));
        assertNull(RangeProof.rootFrom(range, -1, 8, proof));
        assertNull(RangeProof.rootFrom(range, 6, 8, proof));
        assertNull(RangeProof.rootFrom(range, Long.MAX_VALUE, 8, proof));
        assertNull(RangeProof.rootFrom(range, Long.MAX_VALUE - 1, Long.MAX_VALUE, proof));
        assertNull(RangeProof.rootFrom(range, 2, 0, proof));
        assertNull(RangeProof.rootFrom(range, 2, -8, proof));
        assertNull(RangeProof.rootFrom(range, 2, 8, Arrays.copyOf(proof, proof.length + 1)));
        assertNull(RangeProof.rootFrom(range, 2, 8, Arrays.copyOf(proof, proof.length - 32)));
        assertNull(MerklePath.rootFrom(new Digest(1, 2, 3, 4), 0, Long.MIN_VALUE, proof));
        assertThrows(IllegalArgumentException.class, () -> RangeProof.siblingCount(0, 0, 8));
        assertThrows(IllegalArgumentException.class, () -> RangeProof.siblingCount(8, 1, 8));
        assertThrows(IllegalArgumentException.class, () -> MerklePath.siblingCount(-1, 8));
        assertEquals(63, MerklePath.siblingCount(0, Long.MAX_VALUE));
    }

    private static byte[] leaves(byte[] all, int first, int count) {
        return Arrays.copyOfRange(all, first * Digest.BYTES, (first + count) * Digest.BYTES);
    }
}
