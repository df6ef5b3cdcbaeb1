package dev.moraine.benchmarks.store;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.proofs.proof.SliverRoots;
import dev.moraine.storage.store.BundleRecord;
import dev.moraine.storage.store.PairRecord;
import dev.moraine.storage.store.SliverRecord;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;

/**
 * Slivers of random bytes with random roots: the store trusts whoever appends, so that nothing but the store is measured.
 * The slivers of all blobs are the same memory. Thread-safe.
 */
final class SampleSlivers {
    private final Geometry geometry;
    private final long lengthBytes;
    private final MemorySegment primary;
    private final MemorySegment secondary;

    /**
     * Slivers of one size.
     *
     * @param shards how many shards
     * @param symbolSizeBytes length of a symbol
     */
    SampleSlivers(int shards, int symbolSizeBytes) {
        geometry = new Geometry(shards);
        lengthBytes = geometry.paddedBlobBytes(symbolSizeBytes);
        primary = random(geometry.primarySliverBytes(symbolSizeBytes));
        secondary = random(geometry.secondarySliverBytes(symbolSizeBytes));
    }

    private static MemorySegment random(long lengthBytes) {
        MemorySegment memory = Arena.ofAuto().allocate(lengthBytes, Geometry.SYMBOL_ALIGNMENT_BYTES);
        byte[] content = new byte[Math.toIntExact(lengthBytes)];
        new Random(lengthBytes).nextBytes(content);
        return memory.copyFrom(MemorySegment.ofArray(content));
    }

    private byte[] roots(long seed) {
        byte[] roots = new byte[geometry.shards() * Digest.BYTES];
        new Random(seed).nextBytes(roots);
        return roots;
    }

    private BlobMetadata metadata(long number) {
        return BlobMetadata.of(geometry, lengthBytes, roots(2 * number), roots(2 * number + 1));
    }

    /** The pair of a blob. */
    PairRecord pair(long number) {
        return new PairRecord(metadata(number), 0, primary, secondary, new SliverRoots(roots(-1), roots(-2)));
    }

    /** A bundle of nothing but the pair of a blob. */
    BundleRecord bundle(long number) {
        return new BundleRecord(List.of(pair(number)), List.of());
    }

    /** The primary sliver of a blob. */
    SliverRecord sliver(long number) {
        return new SliverRecord(metadata(number), 0, Axis.ROW, primary, roots(-1));
    }

    /** The bytes of every primary sliver. */
    MemorySegment primary() {
        return primary;
    }

    /** Length of the slivers of a pair together. */
    long pairBytes() {
        return primary.byteSize() + secondary.byteSize();
    }

    /** How many symbols of a primary sliver are stored. */
    int storedSymbols() {
        return geometry.sourceColumns();
    }
}
