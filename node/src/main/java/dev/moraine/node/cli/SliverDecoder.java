package dev.moraine.node.cli;

import dev.moraine.codec.BlobMatrix;
import dev.moraine.codec.Geometry;
import dev.moraine.codec.TooFewShardsException;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.proof.SliverVerifier;
import dev.moraine.sampling.read.WholeBlob;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Rebuilds a blob from the slivers of a folder as the protocol's section 6 says: every sliver is checked against its
 * root, and the result is checked against the blob id.
 *
 * <p>Not thread-safe; the result lives in the arena that was handed in.
 */
final class SliverDecoder {
    private final EncodedFolder folder;
    private final BlobMetadata metadata;
    private final BlobMatrix matrix;
    private final Arena arena;
    private final List<String> rejected = new ArrayList<>();
    private String decodedFrom = "";

    /**
     * Prepares to decode.
     *
     * @param folder where the slivers lie
     * @param metadata their metadata
     * @param arena owns all memory
     */
    SliverDecoder(EncodedFolder folder, BlobMetadata metadata, Arena arena) {
        this.folder = folder;
        this.metadata = metadata;
        this.arena = arena;
        matrix = new BlobMatrix(metadata.geometry(), metadata.header().symbolSizeBytes());
    }

    /**
     * Decodes from primary slivers where there are enough, else from secondary ones.
     *
     * @return the blob
     * @throws CommandFailedException if too few slivers are left, or the blob was encoded wrongly
     */
    MemorySegment decode() throws CommandFailedException {
        Geometry geometry = metadata.geometry();
        int symbolSizeBytes = metadata.header().symbolSizeBytes();
        Lines primaries = read(
                EncodedFolder::primaryName,
                geometry.primarySliverBytes(symbolSizeBytes),
                (row, sliver) -> SliverVerifier.verifyPrimary(metadata, row, sliver));
        try {
            if (primaries.count() >= geometry.sourceRows()) {
                decodedFrom = primaries.count() + " primary slivers";
                MemorySegment padded = allocatePadded();
                matrix.decodeFromPrimaries(primaries.indexes(), primaries.slivers(), padded);
                return checkedAgainstId(padded);
            }
            Lines secondaries = read(
                    EncodedFolder::secondaryName,
                    geometry.secondarySliverBytes(symbolSizeBytes),
                    (column, sliver) -> SliverVerifier.verifySecondary(metadata, column, sliver));
            if (secondaries.count() < geometry.sourceColumns()) {
                throw new CommandFailedException(tooFew(primaries, secondaries));
            }
            decodedFrom = secondaries.count() + " secondary slivers";
            MemorySegment padded = allocatePadded();
            matrix.decodeFromSecondaries(secondaries.indexes(), secondaries.slivers(), padded);
            return checkedAgainstId(padded);
        } catch (TooFewShardsException e) {
            throw new CommandFailedException(folder.folder() + ": " + e.getMessage());
        }
    }

    /**
     * The slivers that were there and were not used.
     *
     * @return a line for each
     */
    List<String> rejected() {
        return List.copyOf(rejected);
    }

    /**
     * What the blob was decoded from.
     *
     * @return a few words; empty before {@link #decode()}
     */
    String decodedFrom() {
        return decodedFrom;
    }

    /** Only when there are slivers for it: what the metadata says of the length may be a lie. */
    private MemorySegment allocatePadded() {
        long lengthBytes = metadata.geometry().paddedBlobBytes(metadata.header().symbolSizeBytes());
        return arena.allocate(lengthBytes, Geometry.SYMBOL_ALIGNMENT_BYTES);
    }

    private MemorySegment checkedAgainstId(MemorySegment padded) throws CommandFailedException {
        if (!WholeBlob.leadsToId(metadata, padded)) {
            throw new CommandFailedException(folder.folder() + ": blob " + metadata.id()
                    + " is inconsistent: its slivers match their roots, but were not encoded from one blob");
        }
        return padded.asSlice(0, metadata.header().lengthBytes());
    }

    private Lines read(IntFunction<String> nameOf, long lengthBytes, RootCheck check) {
        Lines lines = new Lines();
        for (int index = 0; index < metadata.geometry().shards(); index++) {
            String name = nameOf.apply(index);
            try {
                MemorySegment sliver = folder.readSliver(name, lengthBytes, arena);
                if (sliver.byteSize() == 0) {
                    continue;
                }
                if (check.hasItsRoot(index, sliver)) {
                    lines.add(index, sliver);
                } else {
                    rejected.add(name + " does not have the root of its place");
                }
            } catch (CommandFailedException e) {
                rejected.add(String.valueOf(e.getMessage()));
            }
        }
        return lines;
    }

    /** Compares a sliver with the root that the metadata has for it. */
    private interface RootCheck {
        boolean hasItsRoot(int index, MemorySegment sliver);
    }

    private String tooFew(Lines primaries, Lines secondaries) {
        Geometry geometry = metadata.geometry();
        String unusable = rejected.isEmpty() ? "" : "; unusable: " + String.join(", ", rejected);
        return folder.folder() + " has " + primaries.count() + " good primary slivers of the "
                + geometry.sourceRows() + " needed and " + secondaries.count() + " good secondary slivers of the "
                + geometry.sourceColumns() + " needed" + unusable;
    }

    /** Slivers with their indexes, in order. */
    private static final class Lines {
        private final List<Integer> indexes = new ArrayList<>();
        private final List<MemorySegment> slivers = new ArrayList<>();

        void add(int index, MemorySegment sliver) {
            indexes.add(index);
            slivers.add(sliver);
        }

        int count() {
            return indexes.size();
        }

        int[] indexes() {
            return indexes.stream().mapToInt(Integer::intValue).toArray();
        }

        MemorySegment[] slivers() {
            return slivers.toArray(MemorySegment[]::new);
        }
    }
}
