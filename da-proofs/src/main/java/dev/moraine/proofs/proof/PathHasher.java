package dev.moraine.proofs.proof;

import dev.moraine.proofs.blob.SymbolTree;
import dev.moraine.proofs.hash.Digest;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Follows a Merkle path through bytes without making an object: the current node is held in here. For one thread.
 */
final class PathHasher {
    private static final byte LEAF_TAG = 0;
    private static final byte NODE_TAG = 1;
    private static final int LEFT = 1;
    private static final int RIGHT = LEFT + Digest.BYTES;

    private final MessageDigest sha256;
    private final byte[] node = new byte[Digest.BYTES];
    /** What is hashed, put together here: a call with all of it costs less than one for each part. */
    private final byte[] message = new byte[1 + SymbolTree.CHUNK_BYTES];
    /** Roots of the chunks of a symbol, or of the subtrees over them; grows to the longest symbol seen. */
    private byte[] level = new byte[0];

    PathHasher() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Starts at the root of a symbol. */
    void startAtSymbol(byte[] bytes, int offset, int symbolSizeBytes) {
        int chunks = SymbolTree.chunkCount(symbolSizeBytes);
        if (level.length < chunks * Digest.BYTES) {
            level = new byte[chunks * Digest.BYTES];
        }
        for (int chunk = 0; chunk < chunks; chunk++) {
            int chunkBytes = SymbolTree.chunkBytes(symbolSizeBytes, chunk);
            System.arraycopy(bytes, offset + chunk * SymbolTree.CHUNK_BYTES, message, 1, chunkBytes);
            hash(LEAF_TAG, chunkBytes, level, chunk * Digest.BYTES);
        }
        for (int width = chunks; width > 1; width = (width + 1) >> 1) {
            for (int pair = 0; pair < width / 2; pair++) {
                System.arraycopy(level, 2 * pair * Digest.BYTES, message, LEFT, 2 * Digest.BYTES);
                hash(NODE_TAG, 2 * Digest.BYTES, level, pair * Digest.BYTES);
            }
            if ((width & 1) == 1) {
                System.arraycopy(
                        level, (width - 1) * Digest.BYTES, level, width / 2 * Digest.BYTES, Digest.BYTES);
            }
        }
        System.arraycopy(level, 0, node, 0, Digest.BYTES);
    }

    /** Goes on to the root of a tree; the siblings are exactly as many as index and count imply. */
    void climb(byte[] bytes, int siblingsOffset, int index, int leafCount) {
        int read = siblingsOffset;
        int place = index;
        for (int width = leafCount; width > 1; width = (width + 1) >> 1) {
            boolean isRight = (place & 1) == 1;
            if (isRight || place + 1 < width) {
                hashWith(NODE_TAG, bytes, read, isRight);
                read += Digest.BYTES;
            }
            place >>= 1;
        }
    }

    /** Goes on to the leaf that pairs the node, as the root of a row or a column, with the other root. */
    void pairUp(byte[] bytes, int siblingOffset, Axis axis) {
        hashWith(LEAF_TAG, bytes, siblingOffset, axis == Axis.COLUMN);
    }

    /** Whether the node is the one that was expected. */
    boolean isAt(byte[] expected) {
        return Arrays.equals(node, expected);
    }

    private void hashWith(byte tag, byte[] bytes, int offset, boolean isLeft) {
        System.arraycopy(bytes, offset, message, isLeft ? LEFT : RIGHT, Digest.BYTES);
        System.arraycopy(node, 0, message, isLeft ? RIGHT : LEFT, Digest.BYTES);
        hash(tag, 2 * Digest.BYTES, node, 0);
    }

    private void hash(byte tag, int lengthBytes, byte[] target, int offset) {
        message[0] = tag;
        sha256.update(message, 0, 1 + lengthBytes);
        try {
            sha256.digest(target, offset, Digest.BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException("there is room for a digest", e);
        }
    }
}
