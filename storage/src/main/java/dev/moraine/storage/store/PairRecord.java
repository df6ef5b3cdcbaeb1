package dev.moraine.storage.store;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.merkle.MerkleTree;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.proofs.proof.SliverRoots;
import dev.moraine.storage.segment.RecordContent;
import dev.moraine.storage.segment.RecordType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;

/**
 * A sliver pair to be stored. The caller has verified it against the metadata; the store checks lengths only. The
 * slivers' memory is read before {@link SliverStore#appendPair} returns, and not kept.
 *
 * @param metadata the metadata of the blob
 * @param pairIndex which pair, from 0 to n − 1
 * @param primary the primary sliver, k₂·s bytes
 * @param secondary the secondary sliver, k₁·s bytes
 * @param roots the roots of the symbols of the pair's row and column
 */
public record PairRecord(
        BlobMetadata metadata, int pairIndex, MemorySegment primary, MemorySegment secondary, SliverRoots roots) {
    /**
     * Checks index and lengths.
     *
     * @throws IndexOutOfBoundsException if there is no such pair
     * @throws IllegalArgumentException if a length is not the one that the metadata implies
     */
    public PairRecord {
        Geometry geometry = metadata.geometry();
        int symbolSizeBytes = metadata.header().symbolSizeBytes();
        Objects.checkIndex(pairIndex, geometry.shards());
        checkLength("primary", primary.byteSize(), geometry.primarySliverBytes(symbolSizeBytes));
        checkLength("secondary", secondary.byteSize(), geometry.secondarySliverBytes(symbolSizeBytes));
        long rootsBytes = (long) geometry.shards() * Digest.BYTES;
        checkLength("rowSymbolRoots", roots.rowSymbolRoots().length, rootsBytes);
        checkLength("columnSymbolRoots", roots.columnSymbolRoots().length, rootsBytes);
    }

    static void checkLength(String field, long lengthBytes, long expectedBytes) {
        if (lengthBytes != expectedBytes) {
            throw new IllegalArgumentException(
                    field + " must have " + expectedBytes + " bytes, but has " + lengthBytes);
        }
    }

    RecordContent content() {
        byte[] rowTree = MerkleTree.ofLeafHashes(roots.rowSymbolRoots()).nodes();
        byte[] columnTree = MerkleTree.ofLeafHashes(roots.columnSymbolRoots()).nodes();
        byte[] trees = Arrays.copyOf(rowTree, rowTree.length + columnTree.length);
        System.arraycopy(columnTree, 0, trees, rowTree.length, columnTree.length);
        return RecordContent.slivers(
                RecordType.PAIR, metadata.id().digest(), pairIndex, MemorySegment.ofArray(trees), primary, secondary);
    }

    /** One sliver of the pair, as {@link SliverRecord}. */
    SliverRecord sliver(Axis axis) {
        return axis == Axis.ROW
                ? new SliverRecord(metadata, pairIndex, axis, primary, roots.rowSymbolRoots())
                : new SliverRecord(metadata, pairIndex, axis, secondary, roots.columnSymbolRoots());
    }
}
