package dev.moraine.node.demo;

import dev.moraine.proofs.blob.BlobId;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** Damages a sliver in the files of a node, as a failing disk would: behind the node's back. */
final class SliverOnDisk {
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

    private SliverOnDisk() {}

    /**
     * Inverts one byte in the middle of a sliver.
     *
     * @param folder the node's data folder
     * @param blobId the blob, whose id stands before the sliver
     * @param sliver the sliver's bytes
     * @throws IOException if a file cannot be read or written
     * @throws DemoException if no file holds the sliver
     */
    static void corrupt(Path folder, BlobId blobId, MemorySegment sliver) throws IOException, DemoException {
        MemorySegment id = MemorySegment.ofArray(blobId.toBytes());
        for (Path file : filesOf(folder)) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
                    Arena arena = Arena.ofConfined()) {
                MemorySegment content = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
                long idOffset = find(content, id, 0);
                long sliverOffset = idOffset < 0 ? -1 : find(content, sliver, idOffset);
                if (sliverOffset >= 0) {
                    long target = sliverOffset + sliver.byteSize() / 2;
                    ByteBuffer inverted = ByteBuffer.wrap(new byte[] {(byte) ~content.get(BYTE, target)});
                    channel.write(inverted, target);
                    return;
                }
            }
        }
        throw new DemoException("no file in " + folder + " holds the sliver of blob " + blobId);
    }

    private static List<Path> filesOf(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static long find(MemorySegment content, MemorySegment wanted, long from) {
        byte first = wanted.get(BYTE, 0);
        for (long offset = from; offset <= content.byteSize() - wanted.byteSize(); offset++) {
            if (content.get(BYTE, offset) == first
                    && MemorySegment.mismatch(
                                    content, offset, offset + wanted.byteSize(), wanted, 0, wanted.byteSize())
                            == -1) {
                return offset;
            }
        }
        return -1;
    }
}
