package dev.moraine.storage.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.merkle.MerkleTree;
import dev.moraine.testing.Seed;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StoredTreeTest {
    private final Random random = Seed.random("StoredTreeTest");

    @Test
    void everyPathOfEveryCommitteeSizeIsThatOfTheTree() {
        for (int leaves = 1; leaves <= 192; leaves++) {
            MerkleTree tree = MerkleTree.ofLeafHashes(Seed.bytes(random, leaves * Digest.BYTES));
            byte[] nodes = tree.nodes();
            assertEquals(nodes.length, StoredTree.lengthBytes(leaves));
            assertEquals(tree.root(), Digest.of(nodes, nodes.length - Digest.BYTES));
            for (int index = 0; index < leaves; index++) {
                byte[] expected = tree.path(index);
                byte[] target = new byte[expected.length + 7];
                int written = StoredTree.copyPath(
                        MemorySegment.ofArray(nodes), 0, leaves, index, MemorySegment.ofArray(target), 7);
                assertEquals(expected.length, written);
                assertEquals(expected.length, StoredTree.pathBytes(leaves, index));
                assertArrayEquals(expected, Arrays.copyOfRange(target, 7, target.length));
            }
        }
    }

    @Test
    void aLeafThatTheTreeDoesNotHaveIsRefused() {
        MemorySegment nodes = MemorySegment.ofArray(MerkleTree.ofLeafHashes(new byte[4 * Digest.BYTES]).nodes());
        MemorySegment target = MemorySegment.ofArray(new byte[64]);
        assertThrows(IndexOutOfBoundsException.class, () -> StoredTree.copyPath(nodes, 0, 4, 4, target, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> StoredTree.copyPath(nodes, 0, 4, -1, target, 0));
    }
}
