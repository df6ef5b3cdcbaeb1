package dev.moraine.proofs.blob;

import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.merkle.MerkleTree;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * The tree of a symbol: the symbol cut into chunks of {@value #CHUNK_BYTES} bytes, the last of which may be shorter,
 * each a leaf.
 */
public final class SymbolTree {
    /** Bytes of every chunk but the last one of a symbol. */
    public static final int CHUNK_BYTES = 1024;

    private SymbolTree() {}

    /**
     * How many chunks a symbol has.
     *
     * @param symbolSizeBytes the symbol size s, at least 1
     * @return {@code ⌈s / 1024⌉}
     */
    public static int chunkCount(int symbolSizeBytes) {
        return Math.ceilDiv(symbolSizeBytes, CHUNK_BYTES);
    }

    /**
     * How long a chunk is.
     *
     * @param symbolSizeBytes the symbol size s, at least 1
     * @param chunk the chunk, from 0
     * @return {@value #CHUNK_BYTES}, or what remains for the last chunk
     * @throws IndexOutOfBoundsException if the symbol has no such chunk
     */
    public static int chunkBytes(int symbolSizeBytes, int chunk) {
        Objects.checkIndex(chunk, chunkCount(symbolSizeBytes));
        return Math.min(CHUNK_BYTES, symbolSizeBytes - chunk * CHUNK_BYTES);
    }

    /**
     * Builds the tree of one symbol.
     *
     * @param symbol all bytes of the symbol, at least 1 and at most {@link Integer#MAX_VALUE}
     * @return the tree; it keeps no reference to the segment
     * @throws IllegalArgumentException if the symbol is empty or has more chunks than a tree has leaves
     */
    public static MerkleTree of(MemorySegment symbol) {
        int symbolSizeBytes = Math.toIntExact(symbol.byteSize());
        byte[] hashes = new byte[Math.multiplyExact(chunkCount(symbolSizeBytes), Digest.BYTES)];
        hashChunks(symbol, 0, symbolSizeBytes, MemorySegment.ofArray(hashes));
        return MerkleTree.ofLeafHashes(hashes);
    }

    /**
     * The root of one symbol.
     *
     * @param symbol all bytes of the symbol, at least 1 and at most {@link Integer#MAX_VALUE}
     * @return the symbol root
     */
    public static Digest root(MemorySegment symbol) {
        byte[] root = new byte[Digest.BYTES];
        roots(symbol, 0, Math.toIntExact(symbol.byteSize()), 1, MemorySegment.ofArray(root), 0);
        return Digest.of(root);
    }

    /**
     * Computes the roots of symbols that lie one after the other, each byte hashed once.
     *
     * @param symbols where the symbols are
     * @param offset start of the first
     * @param symbolSizeBytes the symbol size s, at least 1
     * @param count how many symbols
     * @param roots where the roots go, 32 bytes each
     * @param rootOffset start of the first root
     * @throws IndexOutOfBoundsException if symbols or roots reach out of their segments
     */
    public static void roots(
            MemorySegment symbols,
            long offset,
            int symbolSizeBytes,
            int count,
            MemorySegment roots,
            long rootOffset) {
        if (symbolSizeBytes <= CHUNK_BYTES) {
            MerkleTree.hashLeaves(symbols, offset, symbolSizeBytes, symbolSizeBytes, count, roots, rootOffset);
            return;
        }
        int chunks = chunkCount(symbolSizeBytes);
        MemorySegment hashes = MemorySegment.ofArray(new byte[Math.multiplyExact(chunks, Digest.BYTES)]);
        for (int i = 0; i < count; i++) {
            hashChunks(symbols, offset + (long) i * symbolSizeBytes, symbolSizeBytes, hashes);
            MerkleTree.rootInPlace(hashes, 0, chunks).copyTo(roots, rootOffset + (long) i * Digest.BYTES);
        }
    }

    private static void hashChunks(MemorySegment symbols, long offset, int symbolSizeBytes, MemorySegment hashes) {
        int whole = symbolSizeBytes / CHUNK_BYTES;
        int tailBytes = symbolSizeBytes % CHUNK_BYTES;
        MerkleTree.hashLeaves(symbols, offset, CHUNK_BYTES, CHUNK_BYTES, whole, hashes, 0);
        if (tailBytes > 0) {
            long tail = offset + (long) whole * CHUNK_BYTES;
            MerkleTree.hashLeaves(symbols, tail, tailBytes, tailBytes, 1, hashes, (long) whole * Digest.BYTES);
        }
    }
}
