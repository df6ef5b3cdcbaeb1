package dev.moraine.proofs.merkle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.proofs.hash.Digest;
import dev.moraine.testing.Seed;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MerkleTreeTest {
    /** The reference leaves of the Certificate Transparency log code, in hexadecimal. */
    private static final String[] CT_LEAVES = {
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"
    };

    /** The root over the first 1, 2, … 8 of them. */
    private static final String[] CT_ROOTS = {
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    };

    /** Inclusion proofs of the same log code: index from 0, tree size, siblings. */
    private static final Object[][] CT_PATHS = {
        {0, 1, ""},
        {
            0,
            8,
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
                    + "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
                    + "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
        },
        {
            5,
            8,
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
                    + "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
                    + "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"
        },
        {2, 3, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
        {
            1,
            5,
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
                    + "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
                    + "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
        },
    };

    private final Random random = Seed.random("MerkleTreeTest");

    @Test
    void certificateTransparencyLeavesHaveTheirRoots() {
        List<byte[]> hashes = ctLeafHashes();
        for (int count = 1; count <= hashes.size(); count++) {
            assertEquals(CT_ROOTS[count - 1], treeOf(hashes.subList(0, count)).root().toString());
        }
    }

    @Test
    void manyTreesAtOnceHaveTheRootsOfEach() {
        for (int count = 1; count <= 40; count++) {
            for (int trees : new int[] {0, 1, 2, 7, 16, 33, 62}) {
                int stride = count * Digest.BYTES + random.nextInt(2) * 5;
                byte[] leaves = Seed.bytes(random, 3 + trees * stride);
                byte[] hashes = leaves.clone();
                MerkleTree.rootsInPlace(MemorySegment.ofArray(hashes), 3, stride, count, trees);
                for (int tree = 0; tree < trees; tree++) {
                    int start = 3 + tree * stride;
                    byte[] alone = Arrays.copyOfRange(leaves, start, start + count * Digest.BYTES);
                    assertEquals(MerkleTree.rootOfLeafHashes(alone), Digest.of(hashes, start));
                }
            }
        }
    }

    @Test
    void treesThatOverlapOrLeaveTheirMemoryAreRefused() {
        MemorySegment hashes = MemorySegment.ofArray(new byte[4 * Digest.BYTES]);
        assertThrows(IllegalArgumentException.class, () -> MerkleTree.rootsInPlace(hashes, 0, 63, 2, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> MerkleTree.rootsInPlace(hashes, 1, 64, 2, 2));
        assertThrows(IllegalArgumentException.class, () -> MerkleTree.rootsInPlace(hashes, 0, 64, 0, 2));
    }

    @Test
    void certificateTransparencyPathsComeOutAndVerify() {
        List<byte[]> hashes = ctLeafHashes();
        for (Object[] vector : CT_PATHS) {
            int index = (int) vector[0];
            int count = (int) vector[1];
            byte[] path = HexFormat.of().parseHex((String) vector[2]);
            assertArrayEquals(path, treeOf(hashes.subList(0, count)).path(index));
            Digest root = Digest.parse(CT_ROOTS[count - 1]);
            assertEquals(root, MerklePath.rootFrom(Digest.of(hashes.get(index)), index, count, path));
        }
    }

    @Test
    void rootsAndPathsAreThoseOfTheRecursiveDefinition() {
        for (int count = 1; count <= 130; count++) {
            List<byte[]> hashes = randomHashes(count);
            MerkleTree tree = treeOf(hashes);
            assertEquals(count, tree.leafCount());
            assertEquals(Digest.of(RecursiveDefinition.root(hashes)), tree.root());
            assertEquals(tree.root(), MerkleTree.rootOfLeafHashes(concat(hashes)));
            for (int index = 0; index < count; index++) {
                byte[] path = tree.path(index);
                assertArrayEquals(concat(RecursiveDefinition.path(index, hashes)), path);
                assertEquals(MerklePath.siblingCount(index, count), path.length / Digest.BYTES);
                assertEquals(
                        tree.root(), MerklePath.rootFrom(Digest.of(hashes.get(index)), index, count, path));
            }
        }
    }

    @Test
    void everyListHasItsOwnRoot() {
        Set<Digest> roots = new HashSet<>();
        List<byte[]> hashes = randomHashes(130);
        for (int count = 1; count <= 130; count++) {
            List<byte[]> list = hashes.subList(0, count);
            assertTrue(roots.add(treeOf(list).root()), "prefix of " + count);
            List<byte[]> lastTwice = new ArrayList<>(list);
            lastTwice.add(hashes.get(count - 1));
            assertTrue(roots.add(treeOf(lastTwice).root()), "the last leaf duplicated after " + count);
            List<byte[]> zeroPadded = new ArrayList<>(list);
            zeroPadded.add(new byte[Digest.BYTES]);
            assertTrue(roots.add(treeOf(zeroPadded).root()), "a zero leaf after " + count);
            if (count > 1) {
                List<byte[]> swapped = new ArrayList<>(list);
                swapped.set(count - 1, list.get(count - 2));
                swapped.set(count - 2, list.get(count - 1));
                assertTrue(roots.add(treeOf(swapped).root()), "the last two swapped of " + count);
            }
        }
    }

    @Test
    void anInnerNodeIsNoLeafOfAShorterList() {
        for (int count = 2; count <= 130; count++) {
            List<byte[]> hashes = randomHashes(count);
            byte[] pair = concat(hashes.subList(0, 2));
            List<byte[]> shorter = new ArrayList<>(hashes.subList(1, count));
            shorter.set(0, MerkleTree.leafHash(pair).toBytes());
            assertNotEquals(treeOf(hashes).root(), treeOf(shorter).root());
        }
    }

    @Test
    void theRootInPlaceTouchesNothingButItsRange() {
        for (int count : new int[] {1, 2, 3, 7, 8, 9, 130}) {
            byte[] hashes = concat(randomHashes(count));
            byte[] memory = new byte[hashes.length + 22];
            Arrays.fill(memory, (byte) 0x33);
            System.arraycopy(hashes, 0, memory, 11, hashes.length);
            Digest root = MerkleTree.rootInPlace(MemorySegment.ofArray(memory), 11, count);
            assertEquals(MerkleTree.rootOfLeafHashes(hashes), root);
            byte[] margin = new byte[11];
            Arrays.fill(margin, (byte) 0x33);
            assertArrayEquals(margin, Arrays.copyOf(memory, 11));
            assertArrayEquals(margin, Arrays.copyOfRange(memory, 11 + hashes.length, memory.length));
        }
    }

    @Test
    void aTreeOfTheMostLeavesIsBuilt() {
        byte[] leaves = new byte[MerkleTree.MAX_LEAVES * Digest.BYTES];
        Digest expected = Digest.of(leaves, 0);
        for (int level = 1; level < MerkleTree.MAX_LEAVES; level *= 2) {
            expected = MerkleTree.node(expected, expected);
        }
        assertEquals(expected, MerkleTree.ofLeafHashes(leaves).root());
        assertEquals(expected, MerkleTree.rootInPlace(MemorySegment.ofArray(leaves), 0, MerkleTree.MAX_LEAVES));
        byte[] tooMany = new byte[leaves.length + Digest.BYTES];
        assertThrows(IllegalArgumentException.class, () -> MerkleTree.ofLeafHashes(tooMany));
        assertThrows(IllegalArgumentException.class, () -> MerkleTree.rootOfLeafHashes(tooMany));
    }

    @Test
    void aTreeHasLeavesAndKnowsWhichOnes() {
        assertThrows(IllegalArgumentException.class, () -> MerkleTree.ofLeafHashes(new byte[0]));
        assertThrows(IllegalArgumentException.class, () -> MerkleTree.ofLeafHashes(new byte[33]));
        assertThrows(IllegalArgumentException.class, () -> MerkleTree.rootOfLeafHashes(new byte[31]));
        MemorySegment hashes = MemorySegment.ofArray(new byte[96]);
        assertThrows(IllegalArgumentException.class, () -> MerkleTree.ofLeafHashes(hashes, 0, 0));
        assertThrows(
                IllegalArgumentException.class, () -> MerkleTree.ofLeafHashes(hashes, 0, MerkleTree.MAX_LEAVES + 1));
        assertThrows(IndexOutOfBoundsException.class, () -> MerkleTree.ofLeafHashes(hashes, 1, 3));
        MerkleTree tree = MerkleTree.ofLeafHashes(hashes, 0, 3);
        assertThrows(IndexOutOfBoundsException.class, () -> tree.path(3));
        assertThrows(IndexOutOfBoundsException.class, () -> tree.path(-1));
        assertThrows(IndexOutOfBoundsException.class, () -> tree.rangeProof(0, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> tree.rangeProof(1, 3));
    }

    static List<byte[]> ctLeafHashes() {
        List<byte[]> hashes = new ArrayList<>();
        for (String leaf : CT_LEAVES) {
            hashes.add(MerkleTree.leafHash(HexFormat.of().parseHex(leaf)).toBytes());
        }
        return hashes;
    }

    private List<byte[]> randomHashes(int count) {
        List<byte[]> hashes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            hashes.add(Seed.bytes(random, Digest.BYTES));
        }
        return hashes;
    }

    static MerkleTree treeOf(List<byte[]> hashes) {
        return MerkleTree.ofLeafHashes(concat(hashes));
    }

    static byte[] concat(List<byte[]> parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        parts.forEach(all::writeBytes);
        return all.toByteArray();
    }
}
