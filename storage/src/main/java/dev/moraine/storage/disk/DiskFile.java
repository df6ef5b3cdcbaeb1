package dev.moraine.storage.disk;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * An open file, addressed by position.
 *
 * <p>Threading: one owner writes, forces and closes; any number of threads read beside it, and no reader waits for it.
 */
public interface DiskFile extends Closeable {
    /**
     * The present length.
     *
     * @return the length in bytes
     * @throws IOException if it cannot be had
     */
    long sizeBytes() throws IOException;

    /**
     * Fills the target from the file. An interrupt does not disturb it, and is kept for the caller.
     *
     * @param position where in the file to begin, in bytes
     * @param target what to fill, all of it
     * @throws IOException if the file ends before the target is full, or the read fails
     */
    void read(long position, MemorySegment target) throws IOException;

    /**
     * Maps the beginning of the file into memory, read-only. Whatever is written into the file shows in it. A page that
     * cannot be read, or lies behind the end of a file that was made shorter, comes as an {@link InternalError} out of
     * whatever Java code touches it; native code must not touch the mapping, since there such a page ends the process.
     *
     * @param lengthBytes how much, at most the length of the file
     * @param arena ends the mapping when it is closed
     * @return the mapping
     * @throws IOException if the file is shorter, or cannot be mapped
     */
    MemorySegment map(long lengthBytes, Arena arena) throws IOException;

    /**
     * Writes the whole source. Only {@link #force} makes it survive a power cut.
     *
     * @param position where in the file to begin, in bytes
     * @param source what to write, all of it
     * @throws NoSpaceException if the disk is full
     * @throws IOException if the write fails; how much of it was done is unknown then
     */
    void write(long position, MemorySegment source) throws IOException;

    /**
     * Makes everything written before survive a power cut.
     *
     * @param withMetadata whether the length of the file counts too
     * @throws IOException if that is not certain. It must not be tried again: after a failed attempt the system may
     *     drop the written bytes and call the next attempt a success
     */
    void force(boolean withMetadata) throws IOException;
}
