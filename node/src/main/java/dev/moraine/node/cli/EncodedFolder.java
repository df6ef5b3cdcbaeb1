package dev.moraine.node.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.moraine.codec.BlobMatrix;
import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.blob.InvalidMetadataException;
import dev.moraine.proofs.hash.Digest;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The files of one encoded blob: {@code metadata.json}, {@code primary-<i>.bin}, {@code secondary-<j>.bin}.
 *
 * <p>Not thread-safe.
 *
 * @param folder where they lie
 */
record EncodedFolder(Path folder) {
    private static final String METADATA_FILE = "metadata.json";

    /** More than the metadata of the largest committee needs. */
    private static final int MAX_METADATA_FILE_BYTES = 64 << 10;

    private static final JsonMapper STRICT_JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

    /** The content of the metadata file. */
    record MetadataFile(
            String blobId,
            int shards,
            int symbolSizeBytes,
            long lengthBytes,
            String blobRoot,
            List<String> rowRoots,
            List<String> columnRoots) {

        /**
         * The file's form of a blob's metadata.
         *
         * @param metadata the metadata
         * @return its readable form
         */
        static MetadataFile of(BlobMetadata metadata) {
            BlobHeader header = metadata.header();
            IntStream lines = IntStream.range(0, header.shards());
            IntStream linesAgain = IntStream.range(0, header.shards());
            return new MetadataFile(
                    metadata.id().toString(),
                    header.shards(),
                    header.symbolSizeBytes(),
                    header.lengthBytes(),
                    header.blobRoot().toString(),
                    lines.mapToObj(i -> metadata.rowRoot(i).toString()).toList(),
                    linesAgain.mapToObj(j -> metadata.columnRoot(j).toString()).toList());
        }
    }

    /**
     * Writes all slivers and the metadata of a blob into a new or empty folder. They appear together or not at all.
     *
     * @param encoded the blob
     * @throws CommandFailedException if the folder is in use or cannot be written
     */
    void write(EncodedBlob encoded) throws CommandFailedException {
        BlobMatrix matrix = encoded.matrix();
        MemorySegment symbols = encoded.symbols();
        NewFolder target = NewFolder.beside(folder);
        try (target;
                Arena arena = Arena.ofConfined()) {
            Geometry geometry = matrix.geometry();
            int symbolSizeBytes = matrix.symbolSizeBytes();
            MemorySegment secondary = arena.allocate(geometry.secondarySliverBytes(symbolSizeBytes), 64);
            for (int i = 0; i < geometry.shards(); i++) {
                long rowOffset = i * geometry.lineBytes(symbolSizeBytes);
                MemorySegment primary = symbols.asSlice(rowOffset, geometry.primarySliverBytes(symbolSizeBytes));
                BlobFile.write(target.path().resolve(primaryName(i)), primary);
                matrix.copySecondarySliver(symbols, i, secondary);
                BlobFile.write(target.path().resolve(secondaryName(i)), secondary);
            }
            String json = JsonText.of(MetadataFile.of(encoded.commitment().metadata())) + "\n";
            Files.writeString(target.path().resolve(METADATA_FILE), json, StandardOpenOption.CREATE_NEW);
            target.moveIntoPlace();
        } catch (IOException e) {
            throw new CommandFailedException("cannot write " + folder + ": " + BlobFile.reason(e));
        }
    }

    /**
     * Reads and checks the metadata: its id must follow from its roots.
     *
     * @return the metadata
     * @throws CommandFailedException if it is missing, malformed or contradicts itself
     */
    BlobMetadata readMetadata() throws CommandFailedException {
        Path file = folder.resolve(METADATA_FILE);
        if (!Files.isDirectory(folder)) {
            throw new CommandFailedException("there is no folder " + folder);
        }
        try {
            long lengthBytes = Files.size(file);
            if (lengthBytes > MAX_METADATA_FILE_BYTES) {
                throw new CommandFailedException(
                        file + " has " + lengthBytes + " bytes: the limit is " + MAX_METADATA_FILE_BYTES);
            }
            MetadataFile content = STRICT_JSON.readValue(Files.readAllBytes(file), MetadataFile.class);
            if (content == null) {
                throw new CommandFailedException(file + " is not metadata of an encoded blob: it holds null");
            }
            return toMetadata(file, content);
        } catch (JsonProcessingException e) {
            throw new CommandFailedException(file + " is not metadata of an encoded blob: " + firstLine(e));
        } catch (IOException e) {
            throw new CommandFailedException("cannot read " + file + ": " + BlobFile.reason(e));
        }
    }

    private static BlobMetadata toMetadata(Path file, MetadataFile content) throws CommandFailedException {
        int shards = content.shards();
        if (shards < Geometry.MIN_SHARDS || shards > Geometry.MAX_SHARDS) {
            throw new CommandFailedException(file + ": shards must be from " + Geometry.MIN_SHARDS + " to "
                    + Geometry.MAX_SHARDS + ", but is " + shards);
        }
        if (content.rowRoots().size() != shards || content.columnRoots().size() != shards) {
            throw new CommandFailedException(file + ": there must be " + shards + " rowRoots and columnRoots");
        }
        if (Stream.concat(content.rowRoots().stream(), content.columnRoots().stream()).anyMatch(Objects::isNull)) {
            throw new CommandFailedException(file + ": a root is null");
        }
        try {
            BlobHeader header = new BlobHeader(
                    shards, content.symbolSizeBytes(), content.lengthBytes(), Digest.parse(content.blobRoot()));
            ByteBuffer encoded = ByteBuffer.allocate(BlobHeader.ENCODED_BYTES + 2 * Digest.BYTES * shards);
            encoded.put(header.encode());
            for (int i = 0; i < shards; i++) {
                encoded.put(Digest.parse(content.rowRoots().get(i)).toBytes());
                encoded.put(Digest.parse(content.columnRoots().get(i)).toBytes());
            }
            BlobMetadata metadata = BlobMetadata.decode(encoded.array(), new Geometry(shards));
            if (!metadata.id().toString().equals(content.blobId())) {
                throw new CommandFailedException(
                        file + ": blobId is " + content.blobId() + ", but its header hashes to " + metadata.id());
            }
            return metadata;
        } catch (IllegalArgumentException | InvalidMetadataException e) {
            throw new CommandFailedException(file + ": " + e.getMessage());
        }
    }

    /**
     * Reads a sliver, if it is there.
     *
     * @param name its file name
     * @param lengthBytes the length that it must have
     * @param arena owns the memory
     * @return its bytes, or a slice of length zero where there is no such file
     * @throws CommandFailedException if it has another length or cannot be read
     */
    MemorySegment readSliver(String name, long lengthBytes, Arena arena) throws CommandFailedException {
        Path file = folder.resolve(name);
        if (!Files.exists(file)) {
            return MemorySegment.NULL;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() != lengthBytes) {
                throw new CommandFailedException(
                        name + " has " + channel.size() + " bytes instead of " + lengthBytes);
            }
            MemorySegment sliver = arena.allocate(lengthBytes, 64);
            BlobFile.readFully(file, channel, sliver);
            return sliver;
        } catch (IOException e) {
            throw new CommandFailedException("cannot read " + file + ": " + BlobFile.reason(e));
        }
    }

    /**
     * The file name of a primary sliver.
     *
     * @param row its row
     * @return the name
     */
    static String primaryName(int row) {
        return "primary-" + row + ".bin";
    }

    /**
     * The file name of a secondary sliver.
     *
     * @param column its column
     * @return the name
     */
    static String secondaryName(int column) {
        return "secondary-" + column + ".bin";
    }

    private static String firstLine(JsonProcessingException e) {
        String message = e.getOriginalMessage() == null ? "malformed JSON" : e.getOriginalMessage();
        String line = message.lines().findFirst().orElse("malformed JSON");
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= 200 ? line : new String(bytes, 0, 200, StandardCharsets.UTF_8) + "…";
    }
}
