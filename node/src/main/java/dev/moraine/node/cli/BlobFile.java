package dev.moraine.node.cli;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Reads a batch from a file, within a limit. */
final class BlobFile {

    private BlobFile() {}

    /**
     * Reads a whole file.
     *
     * @param file a regular file
     * @param maxBytes longest file that is accepted
     * @param arena owns the memory that is returned
     * @return the file's bytes, at least one
     * @throws CommandFailedException if the file is missing, empty, too long or unreadable
     */
    static MemorySegment read(Path file, long maxBytes, Arena arena) throws CommandFailedException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new CommandFailedException(file + " is not a regular file");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long lengthBytes = channel.size();
            if (lengthBytes == 0) {
                throw new CommandFailedException(file + " is empty: a blob has at least 1 byte");
            }
            if (lengthBytes > maxBytes) {
                throw new CommandFailedException(
                        file + " has " + lengthBytes + " bytes: the limit is " + maxBytes + " (--max-bytes)");
            }
            MemorySegment content = arena.allocate(lengthBytes, Long.BYTES);
            readFully(file, channel, content);
            return content;
        } catch (IOException e) {
            throw new CommandFailedException("cannot read " + file + ": " + reason(e));
        }
    }

    /**
     * Fills a segment from a channel's position on.
     *
     * @param file what a failure names
     * @param channel is read
     * @param target is filled
     * @throws IOException if reading fails
     * @throws CommandFailedException if the file ends early
     */
    static void readFully(Path file, FileChannel channel, MemorySegment target)
            throws IOException, CommandFailedException {
        long position = 0;
        while (position < target.byteSize()) {
            // A ByteBuffer cannot span more than 2 GiB.
            long sliceBytes = Math.min(target.byteSize() - position, 1L << 30);
            ByteBuffer slice = target.asSlice(position, sliceBytes).asByteBuffer();
            int count = channel.read(slice, position);
            if (count < 0) {
                throw new CommandFailedException(file + " became shorter while it was read");
            }
            position += count;
        }
    }

    /**
     * Writes a segment to a new file.
     *
     * @param file must not exist
     * @param content what to write
     * @throws IOException if the file exists or writing fails
     */
    static void write(Path file, MemorySegment content) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            long position = 0;
            while (position < content.byteSize()) {
                long sliceBytes = Math.min(content.byteSize() - position, 1L << 30);
                position += channel.write(content.asSlice(position, sliceBytes).asByteBuffer(), position);
            }
        }
    }

    /**
     * What a user can make of an I/O error.
     *
     * @param e the error
     * @return a few words
     */
    static String reason(IOException e) {
        return switch (e) {
            case java.nio.file.AccessDeniedException ignored -> "permission denied";
            case java.nio.file.NoSuchFileException missing -> missing.getFile() + " does not exist";
            case java.nio.file.FileAlreadyExistsException there -> there.getFile() + " exists already";
            case java.nio.file.NotDirectoryException notFolder -> notFolder.getFile() + " is not a folder";
            case java.nio.file.FileSystemException failed when failed.getReason() != null ->
                String.valueOf(failed.getReason());
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }
}
