package dev.moraine.node.cli;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file of foreign bytes, whose length is known before any of them is read. */
final class ProofFile implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;
    private final long lengthBytes;

    private ProofFile(Path file, FileChannel channel, long lengthBytes) {
        this.file = file;
        this.channel = channel;
        this.lengthBytes = lengthBytes;
    }

    /**
     * Opens a file.
     *
     * @param file a regular file
     * @return the open file
     * @throws CommandFailedException if it is missing, unreadable or something else than a file
     */
    static ProofFile open(Path file) throws CommandFailedException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new CommandFailedException(file + " is not a regular file");
        }
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
            return new ProofFile(file, channel, channel.size());
        } catch (IOException e) {
            throw new CommandFailedException("cannot read " + file + ": " + BlobFile.reason(e));
        }
    }

    /**
     * How long the file is.
     *
     * @return bytes
     */
    long lengthBytes() {
        return lengthBytes;
    }

    /**
     * Reads the start of the file.
     *
     * @param countBytes how much, at most {@link #lengthBytes}
     * @return the bytes
     * @throws CommandFailedException if reading fails or the file became shorter
     */
    byte[] read(int countBytes) throws CommandFailedException {
        byte[] bytes = new byte[countBytes];
        try {
            BlobFile.readFully(file, channel, MemorySegment.ofArray(bytes));
            return bytes;
        } catch (IOException e) {
            throw new CommandFailedException("cannot read " + file + ": " + BlobFile.reason(e));
        }
    }

    @Override
    public void close() throws CommandFailedException {
        try {
            channel.close();
        } catch (IOException e) {
            throw new CommandFailedException("cannot close " + file + ": " + BlobFile.reason(e));
        }
    }
}
