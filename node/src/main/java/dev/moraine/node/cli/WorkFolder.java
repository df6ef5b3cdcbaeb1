package dev.moraine.node.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder that a command works in: a temporary one, which is removed, or one that the user named, which stays if the
 * command says so and is left as it was found otherwise.
 */
final class WorkFolder implements AutoCloseable {
    private final Path path;
    private final boolean isTemporary;
    private final boolean isNew;
    private boolean isKept;

    private WorkFolder(Path path, boolean isTemporary, boolean isNew) {
        this.path = path;
        this.isTemporary = isTemporary;
        this.isNew = isNew;
    }

    /**
     * Takes a folder.
     *
     * @param named a new or empty folder, or null for a temporary one
     * @return the folder, which exists
     * @throws CommandFailedException if it is in use or cannot be written
     */
    static WorkFolder of(@Nullable Path named) throws CommandFailedException {
        try {
            if (named == null) {
                return new WorkFolder(Files.createTempDirectory("moraine-demo-"), true, true);
            }
            boolean isNew = !Files.exists(named);
            Path parent = named.toAbsolutePath().normalize().getParent();
            if (isNew && parent != null && !Files.isDirectory(parent)) {
                throw new CommandFailedException("cannot make " + named + ": there is no folder " + parent);
            }
            if (isNew) {
                Files.createDirectory(named);
            }
            WorkFolder folder = new WorkFolder(named, false, isNew);
            try (DirectoryStream<Path> files = Files.newDirectoryStream(named)) {
                if (files.iterator().hasNext()) {
                    throw new CommandFailedException(named + " is not empty");
                }
            }
            // A folder that lists but cannot be written would fail only when the first key is made.
            Files.delete(Files.createTempFile(named, ".writable-", null));
            return folder;
        } catch (IOException e) {
            throw new CommandFailedException("cannot use " + named + " as a folder: " + BlobFile.reason(e));
        }
    }

    /**
     * Where to work.
     *
     * @return the folder
     */
    Path path() {
        return path;
    }

    /** Leaves the content in place, if the user named the folder. */
    void keep() {
        isKept = !isTemporary;
    }

    @Override
    public void close() throws CommandFailedException {
        if (isKept) {
            return;
        }
        try (Stream<Path> content = Files.walk(path)) {
            List<Path> deepestFirst = content.sorted(Comparator.reverseOrder())
                    .filter(each -> isNew || !each.equals(path))
                    .toList();
            for (Path each : deepestFirst) {
                Files.deleteIfExists(each);
            }
        } catch (IOException e) {
            throw new CommandFailedException("cannot remove " + path + ": " + BlobFile.reason(e));
        }
    }
}
