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
        hashChunksOfOne(symbol, 0, symbolSizeBytes, MemorySegment.ofArray(hashes), 0);
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
        int chunks = chunkCount(symbolSizeBytes);
        if (chunks == 1) {
            hashChunks(symbols, offset, symbolSizeBytes, count, 0, roots, rootOffset, Digest.BYTES);
            return;
        }
        long treeBytes = (long) chunks * Digest.BYTES;
        MemorySegment hashes = MemorySegment.ofArray(new byte[Math.toIntExact(Math.multiplyExact(treeBytes, count))]);
        if (chunks > count) {
            for (int i = 0; i < count; i++) {
                long symbol = offset + (long) i * symbolSizeBytes;
                hashChunksOfOne(symbols, symbol, symbolSizeBytes, hashes, i * treeBytes);
            }
        } else {
            for (int chunk = 0; chunk < chunks; chunk++) {
                long hashOffset = (long) chunk * Digest.BYTES;
                hashChunks(symbols, offset, symbolSizeBytes, count, chunk, hashes, hashOffset, treeBytes);
            }
        }
        MerkleTree.rootsInPlace(hashes, 0, treeBytes, chunks, count);
        for (int i = 0; i < count; i++) {
            MemorySegment.copy(hashes, i * treeBytes, roots, rootOffset + (long) i * Digest.BYTES, Digest.BYTES);
        }
    }

    /**
     * Hashes the same chunk of symbols that lie one after the other.
     *
     * @param symbols where the symbols are
     * @param offset start of the first
     * @param symbolSizeBytes the symbol size s
     * @param count how many symbols
     * @param chunk which chunk
     * @param hashes where the leaf hashes go, 32 bytes each
     * @param hashOffset start of the first
     * @param hashStrideBytes distance from one to the next
     */
    static void hashChunks(
            MemorySegment symbols,
            long offset,
            int symbolSizeBytes,
            int count,
            int chunk,
            MemorySegment hashes,
            long hashOffset,
            long hashStrideBytes) {
        MerkleTree.hashLeaves(
                symbols,
                offset + (long) chunk * CHUNK_BYTES,
                symbolSizeBytes,
                chunkBytes(symbolSizeBytes, chunk),
                count,
                hashes,
                hashOffset,
                hashStrideBytes);
    }

    private static void hashChunksOfOne(
            MemorySegment symbols, long offset, int symbolSizeBytes, MemorySegment hashes, long hashOffset) {
        int whole = symbolSizeBytes / CHUNK_BYTES;
        MerkleTree.hashLeaves(symbols, offset, CHUNK_BYTES, CHUNK_BYTES, whole, hashes, hashOffset, Digest.BYTES);
        if (whole < chunkCount(symbolSizeBytes)) {
            long lastHash = hashOffset + (long) whole * Digest.BYTES;
            hashChunks(symbols, offset, symbolSizeBytes, 1, whole, hashes, lastHash, Digest.BYTES);
        }
    }
}
