package dev.moraine.storage.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One folder of files. What a call did to names (create, rename, delete) survives a power cut once {@link #force} has
 * returned; what was written into a file, once {@link DiskFile#force} has.
 *
 * <p>Threading: all methods are called by one owner, but {@link #usableBytes} by any thread. The files have rules of their
 * own.
 */
public interface Disk extends Closeable {
    /**
     * The regular files of the folder.
     *
     * @return their names, sorted
     * @throws IOException if the folder cannot be read
     */
    List<String> list() throws IOException;

    /**
     * Makes a new empty file.
     *
     * @param name a plain file name
     * @return the file, open for reading and writing
     * @throws IOException if the file exists, or cannot be made
     */
    DiskFile create(String name) throws IOException;

    /**
     * Opens a file for reading and writing.
     *
     * @param name a plain file name
     * @return the file
     * @throws IOException if the file does not exist, or cannot be opened
     */
    DiskFile open(String name) throws IOException;

    /**
     * Renames a file in one step. Refuses to replace another file.
     *
     * @param from the present name
     * @param to the new name
     * @throws IOException if there is a file of the new name, or the rename fails
     */
    void rename(String from, String to) throws IOException;

    /**
     * Deletes a file.
     *
     * @param name a plain file name
     * @throws IOException if it does not exist, or cannot be deleted
     */
    void delete(String name) throws IOException;

    /**
     * Makes all names as they are now survive a power cut.
     *
     * @throws IOException if that is not certain
     */
    void force() throws IOException;

    /**
     * How much more the folder can take.
     *
     * @return bytes that this process may still allocate; an estimate, since others may use the same disk
     * @throws IOException if it cannot be had
     */
    long usableBytes() throws IOException;

    /**
     * Where the folder is, for files that are not written through this disk.
     *
     * @return the folder, or null if it is none of the file system
     */
    @Nullable Path folder();

    /**
     * What messages call the file.
     *
     * @param name a plain file name
     * @return the full path of the file
     */
    String describe(String name);
}
