package dev.moraine.proofs.merkle;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/** MTH and PATH of RFC 9162, section 2.1, word for word over ready leaf hashes; uses the JDK only. */
final class RecursiveDefinition {
    private RecursiveDefinition() {}

    static byte[] root(List<byte[]> leafHashes) {
        if (leafHashes.size() == 1) {
            return leafHashes.get(0);
        }
        int split = split(leafHashes.size());
        return node(root(leafHashes.subList(0, split)), root(leafHashes.subList(split, leafHashes.size())));
    }

    static List<byte[]> path(int index, List<byte[]> leafHashes) {
        if (leafHashes.size() == 1) {
            return new ArrayList<>();
        }
        int split = split(leafHashes.size());
        List<byte[]> left = leafHashes.subList(0, split);
        List<byte[]> right = leafHashes.subList(split, leafHashes.size());
        List<byte[]> path = index < split ? path(index, left) : path(index - split, right);
        path.add(root(index < split ? right : left));
        return path;
    }

    static byte[] leaf(byte[] bytes) {
        return hash((byte) 0, bytes, new byte[0]);
    }

    private static byte[] node(byte[] left, byte[] right) {
        return hash((byte) 1, left, right);
    }

    private static int split(int count) {
        return Integer.highestOneBit(count - 1);
    }

    private static byte[] hash(byte prefix, byte[] first, byte[] second) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(prefix);
            sha256.update(first);
            return sha256.digest(second);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
