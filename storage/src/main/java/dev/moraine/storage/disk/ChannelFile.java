package dev.moraine.storage.disk;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * A file behind two channels: one of the owner, who writes, and one of the readers. An interrupt of a thread inside a
 * channel closes the channel for everybody, so readers get a new one when that happens, and never touch the owner's.
 *
 * <p>Checked reads go through the channel and not through a mapping: a bad sector under a mapping ends the process or
 * comes as an error out of any instruction, and bytes that were checked in a mapping may differ when they are used.
 */
final class ChannelFile implements DiskFile {
    /** Longest single transfer: keeps the JDK's hidden per-thread copy of heap memory small. */
    private static final long TRANSFER_BYTES = 1 << 20;

    private final Path path;
    private final FileChannel writer;
    private volatile FileChannel reader;
    private volatile boolean closed;

    private ChannelFile(Path path, FileChannel writer, FileChannel reader) {
        this.path = path;
        this.writer = writer;
        this.reader = reader;
    }

    /**
     * Adds the readers' channel.
     *
     * @param path the file
     * @param writer the owner's channel, which is closed when this fails
     * @return the file
     * @throws IOException if the file cannot be opened for reading
     */
    static ChannelFile over(Path path, FileChannel writer) throws IOException {
        try {
            return new ChannelFile(path, writer, openReader(path));
        } catch (IOException | RuntimeException e) {
            writer.close();
            throw e;
        }
    }

    private static FileChannel openReader(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public long sizeBytes() throws IOException {
        // Not the channel's own method, which an interrupt ends.
        return Files.size(path);
    }

    @Override
    public void read(long position, MemorySegment target) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                FileChannel channel = reader;
                try {
                    readFully(channel, position, target);
                    return;
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                    replaceReader();
                } catch (ClosedChannelException e) {
                    replaceReader();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized void replaceReader() throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        if (!reader.isOpen()) {
            reader = openReader(path);
        }
    }

    private void readFully(FileChannel channel, long position, MemorySegment target) throws IOException {
        long done = 0;
        while (done < target.byteSize()) {
            ByteBuffer slice = slice(target, done);
            while (slice.hasRemaining()) {
                int count = channel.read(slice, position + done);
                if (count < 0) {
                    throw new EOFException(path + " ends before position " + (position + target.byteSize()));
                }
                done += count;
            }
        }
    }

    @Override
    public MemorySegment map(long lengthBytes, Arena arena) throws IOException {
        if (sizeBytes() < lengthBytes) {
            throw new EOFException(path + " has fewer than the " + lengthBytes + " bytes that are to be mapped");
        }
        boolean interrupted = Thread.interrupted();
        // A channel of its own: an interrupt that comes meanwhile closes no other.
        try (FileChannel channel = openReader(path)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, lengthBytes, arena);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void write(long position, MemorySegment source) throws IOException {
        try {
            Uninterrupted.run(() -> writeFully(position, source));
        } catch (IOException e) {
            throw isOutOfSpace(e) ? new NoSpaceException("no space left for " + path, e) : e;
        }
    }

    private void writeFully(long position, MemorySegment source) throws IOException {
        long done = 0;
        while (done < source.byteSize()) {
            ByteBuffer slice = slice(source, done);
            while (slice.hasRemaining()) {
                done += writer.write(slice, position + done);
            }
        }
    }

    /** The JDK gives the system's text and no error number: ENOSPC and EDQUOT in the C locale, which the JDK uses. */
    private static boolean isOutOfSpace(IOException e) {
        String message = e.getMessage();
        if (message == null) {
            return false;
        }
        String text = message.toLowerCase(Locale.ROOT);
        return text.contains("no space left on device") || text.contains("quota exceeded");
    }

    @Override
    public void force(boolean withMetadata) throws IOException {
        Uninterrupted.run(() -> writer.force(withMetadata));
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            closed = true;
        }
        try {
            writer.close();
        } finally {
            reader.close();
        }
    }

    private static ByteBuffer slice(MemorySegment segment, long offset) {
        return segment.asSlice(offset, Math.min(TRANSFER_BYTES, segment.byteSize() - offset)).asByteBuffer();
    }
}
