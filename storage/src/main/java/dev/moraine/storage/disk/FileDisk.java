package dev.moraine.storage.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A folder of the file system, which nobody but the owner of the process may enter, and which one disk at a time may
 * have open: it is locked from {@link #open} to {@link #close}, or to the end of the process however it ends.
 */
public final class FileDisk implements Disk {
    /** The file whose lock stands for the folder. */
    static final String LOCK_FILE = "lock";

    private static final Set<PosixFilePermission> FOLDER_PERMISSIONS = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> FILE_PERMISSIONS = PosixFilePermissions.fromString("rw-------");

    /**
     * The folders that this process has open. The system's locks belong to processes and are lost when the process
     * closes any handle of the file, so a second attempt of the same process must not even open the lock file.
     */
    private static final Set<Path> OPEN_FOLDERS = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final boolean posix;
    private @Nullable FileChannel lockChannel;

    private FileDisk(Path folder, boolean posix) {
        this.folder = folder;
        this.posix = posix;
    }

    /**
     * Makes the folder where it is missing, takes other users' rights away, and locks it.
     *
     * @param folder where the files are or will be
     * @return the locked folder
     * @throws FolderInUseException if another store has it open
     * @throws IOException if the folder cannot be made or locked
     */
    public static FileDisk open(Path folder) throws IOException {
        boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
        Path absolute = folder.toAbsolutePath().normalize();
        if (Files.notExists(absolute)) {
            makeFolder(absolute, attributes(posix, FOLDER_PERMISSIONS));
        } else if (posix) {
            Files.setPosixFilePermissions(absolute, FOLDER_PERMISSIONS);
        }
        Path real = absolute.toRealPath();
        if (!OPEN_FOLDERS.add(real)) {
            throw inUse(real);
        }
        FileDisk disk = new FileDisk(real, posix);
        try {
            disk.lock();
        } catch (IOException | RuntimeException e) {
            OPEN_FOLDERS.remove(real);
            throw e;
        }
        return disk;
    }

    /** Makes a folder with its parents, and lets the name of each survive a power cut. */
    private static void makeFolder(Path folder, FileAttribute<?>[] attributes) throws IOException {
        Path parent = folder.getParent();
        if (parent == null) {
            throw new NoSuchFileException(folder.toString());
        }
        if (Files.notExists(parent)) {
            makeFolder(parent, attributes);
        }
        Files.createDirectory(folder, attributes);
        forceFolder(parent);
    }

    private void lock() throws IOException {
        FileChannel channel = FileChannel.open(
                folder.resolve(LOCK_FILE),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                attributes(posix, FILE_PERMISSIONS));
        @Nullable FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            throw inUse(folder);
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        if (lock == null) {
            throw inUse(folder);
        }
        lockChannel = channel;
    }

    private static FolderInUseException inUse(Path folder) {
        return new FolderInUseException("the folder " + folder
                + " is in use by another store: end the other process, or name another folder");
    }

    private static FileAttribute<?>[] attributes(boolean posix, Set<PosixFilePermission> permissions) {
        return posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }

    private static void forceFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            Uninterrupted.run(() -> channel.force(true));
        }
    }

    @Override
    public List<String> list() throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Path name = file.getFileName();
                if (name != null && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    names.add(name.toString());
                }
            }
        }
        names.remove(LOCK_FILE);
        Collections.sort(names);
        return names;
    }

    @Override
    public DiskFile create(String name) throws IOException {
        Path path = path(name);
        FileChannel writer = FileChannel.open(
                path,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                attributes(posix, FILE_PERMISSIONS));
        return ChannelFile.over(path, writer);
    }

    @Override
    public DiskFile open(String name) throws IOException {
        Path path = path(name);
        return ChannelFile.over(path, FileChannel.open(path, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Path target = path(to);
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(target.toString());
        }
        Files.move(path(from), target, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.delete(path(name));
    }

    @Override
    public void force() throws IOException {
        forceFolder(folder);
    }

    @Override
    public long usableBytes() throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public String describe(String name) {
        return folder.resolve(name).toString();
    }

    @Override
    public void close() throws IOException {
        FileChannel channel = lockChannel;
        if (channel == null) {
            return;
        }
        lockChannel = null;
        try {
            channel.close();
        } finally {
            OPEN_FOLDERS.remove(folder);
        }
    }

    private Path path(String name) {
        Path path = folder.resolve(name);
        if (!folder.equals(path.normalize().getParent()) || !path.endsWith(name)) {
            throw new IllegalArgumentException("name must be a plain file name, but is " + name);
        }
        return path;
    }
}
