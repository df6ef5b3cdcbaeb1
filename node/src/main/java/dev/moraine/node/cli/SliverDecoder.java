package dev.moraine.node.cli;

import dev.moraine.codec.BlobMatrix;
import dev.moraine.codec.Geometry;
import dev.moraine.codec.TooFewShardsException;
import dev.moraine.proofs.blob.BlobCommitment;
import dev.moraine.proofs.blob.BlobCommitter;
import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.proof.SliverVerifier;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

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
        BlobHeader header = metadata.header();
        MemorySegment padded = arena.allocate(geometry.paddedBlobBytes(header.symbolSizeBytes()), 64);
        Lines primaries = readPrimaries();
        try {
            if (primaries.count() >= geometry.sourceRows()) {
                decodedFrom = primaries.count() + " primary slivers";
                matrix.decodeFromPrimaries(primaries.indexes(), primaries.slivers(), padded);
            } else {
                Lines secondaries = readSecondaries();
                if (secondaries.count() < geometry.sourceColumns()) {
                    throw new CommandFailedException(tooFew(primaries, secondaries));
                }
                decodedFrom = secondaries.count() + " secondary slivers";
                matrix.decodeFromSecondaries(secondaries.indexes(), secondaries.slivers(), padded);
            }
        } catch (TooFewShardsException e) {
            throw new CommandFailedException(folder.folder() + ": " + e.getMessage());
        }
        return checkedAgainstId(padded);
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

    private MemorySegment checkedAgainstId(MemorySegment padded) throws CommandFailedException {
        long lengthBytes = metadata.header().lengthBytes();
        MemorySegment symbols = arena.allocate(
                metadata.geometry().matrixBytes(metadata.header().symbolSizeBytes()), 64);
        matrix.encode(padded, symbols);
        BlobCommitment again = BlobCommitter.commit(matrix, symbols, lengthBytes);
        MemorySegment padding = padded.asSlice(lengthBytes);
        MemorySegment zeros = arena.allocate(Math.max(1, padding.byteSize())).asSlice(0, padding.byteSize());
        if (padding.mismatch(zeros) != -1 || !again.id().equals(metadata.id())) {
            throw new CommandFailedException(folder.folder() + ": blob " + metadata.id()
                    + " is inconsistent: its slivers match their roots, but were not encoded from one blob");
        }
        return padded.asSlice(0, lengthBytes);
    }

    private Lines readPrimaries() {
        long lengthBytes = metadata.geometry().primarySliverBytes(metadata.header().symbolSizeBytes());
        Lines lines = new Lines();
        for (int row = 0; row < metadata.geometry().shards(); row++) {
            MemorySegment sliver = read(EncodedFolder.primaryName(row), lengthBytes);
            if (sliver.byteSize() == 0) {
                continue;
            }
            if (SliverVerifier.verifyPrimary(metadata, row, sliver)) {
                lines.add(row, sliver);
            } else {
                rejected.add(EncodedFolder.primaryName(row) + " does not have the root of row " + row);
            }
        }
        return lines;
    }

    private Lines readSecondaries() {
        long lengthBytes = metadata.geometry().secondarySliverBytes(metadata.header().symbolSizeBytes());
        Lines lines = new Lines();
        for (int column = 0; column < metadata.geometry().shards(); column++) {
            MemorySegment sliver = read(EncodedFolder.secondaryName(column), lengthBytes);
            if (sliver.byteSize() == 0) {
                continue;
            }
            if (SliverVerifier.verifySecondary(metadata, column, sliver)) {
                lines.add(column, sliver);
            } else {
                rejected.add(EncodedFolder.secondaryName(column) + " does not have the root of column " + column);
            }
        }
        return lines;
    }

    private MemorySegment read(String name, long lengthBytes) {
        try {
            return folder.readSliver(name, lengthBytes, arena);
        } catch (CommandFailedException e) {
            rejected.add(e.getMessage());
            return MemorySegment.NULL;
        }
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
