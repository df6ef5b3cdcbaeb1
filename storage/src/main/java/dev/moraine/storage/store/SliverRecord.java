package dev.moraine.storage.store;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.merkle.MerkleTree;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.storage.segment.RecordContent;
import dev.moraine.storage.segment.RecordType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;

/**
 * One sliver to be stored without the other of its pair, as repair has them. The caller has verified it against the
 * metadata; the store checks lengths only. The sliver's memory is read before {@link SliverStore#appendSliver} returns,
 * and not kept.
 *
 * @param metadata the metadata of the blob
 * @param pairIndex which pair, from 0 to n − 1
 * @param axis the line: {@link Axis#ROW} for the primary sliver, {@link Axis#COLUMN} for the secondary
 * @param sliver the sliver, k₂·s or k₁·s bytes
 * @param symbolRoots the roots of all n symbols of the line; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // handed on to the disk as it is; equality is by content
public record SliverRecord(
        BlobMetadata metadata, int pairIndex, Axis axis, MemorySegment sliver, byte[] symbolRoots) {
    /**
     * Checks index and lengths.
     *
     * @throws IndexOutOfBoundsException if there is no such pair
     * @throws IllegalArgumentException if a length is not the one that the metadata implies
     */
    public SliverRecord {
        Geometry geometry = metadata.geometry();
        int symbolSizeBytes = metadata.header().symbolSizeBytes();
        Objects.checkIndex(pairIndex, geometry.shards());
        PairRecord.checkLength(
                "sliver",
                sliver.byteSize(),
                axis == Axis.ROW
                        ? geometry.primarySliverBytes(symbolSizeBytes)
                        : geometry.secondarySliverBytes(symbolSizeBytes));
        PairRecord.checkLength("symbolRoots", symbolRoots.length, (long) geometry.shards() * Digest.BYTES);
    }

    RecordContent content() {
        MemorySegment tree = MemorySegment.ofArray(MerkleTree.ofLeafHashes(symbolRoots).nodes());
        Digest id = metadata.id().digest();
        return axis == Axis.ROW
                ? RecordContent.slivers(RecordType.PRIMARY, id, pairIndex, tree, sliver, null)
                : RecordContent.slivers(RecordType.SECONDARY, id, pairIndex, tree, null, sliver);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SliverRecord that
                && metadata.equals(that.metadata)
                && pairIndex == that.pairIndex
                && axis == that.axis
                && sliver.mismatch(that.sliver) < 0
                && Arrays.equals(symbolRoots, that.symbolRoots);
    }

    @Override
    public int hashCode() {
        return Objects.hash(metadata, pairIndex, axis);
    }

    @Override
    public String toString() {
        return "SliverRecord[" + axis + " of pair " + pairIndex + " of blob " + metadata.id() + "]";
    }
}
