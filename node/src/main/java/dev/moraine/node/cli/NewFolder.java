package dev.moraine.node.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;

/**
 * A folder that appears under its name only when it is complete: it is filled beside its place and then renamed. Closing
 * one that was not moved into place removes it.
 */
final class NewFolder implements AutoCloseable {
    private final Path target;
    private final Path partial;
    private boolean isInPlace;

    private NewFolder(Path target, Path partial) {
        this.target = target;
        this.partial = partial;
    }

    /**
     * Starts a folder.
     *
     * @param target its name: must be free, or an empty folder
     * @return the folder to fill
     * @throws CommandFailedException if the name is taken or its parent cannot be written
     */
    static NewFolder beside(Path target) throws CommandFailedException {
        Path absolute = target.toAbsolutePath().normalize();
        try {
            if (Files.exists(absolute) && (!Files.isDirectory(absolute) || !isEmpty(absolute))) {
                throw new CommandFailedException(target + " exists already and is not an empty folder");
            }
            Path parent = absolute.getParent();
            if (parent == null || !Files.isDirectory(parent)) {
                throw new CommandFailedException("cannot write " + target + ": there is no folder " + parent);
            }
            return new NewFolder(absolute, Files.createDirectory(partialName(parent)));
        } catch (IOException e) {
            throw new CommandFailedException("cannot write " + target + ": " + BlobFile.reason(e));
        }
    }

    /**
     * A name for something that is not complete yet. Unlike a temporary file's, its permissions are the user's own.
     *
     * @param parent where the complete thing will stand
     * @return a hidden name beside it that nobody uses
     */
    static Path partialName(Path parent) {
        return parent.resolve(".moraine-" + Long.toHexString(new SecureRandom().nextLong()));
    }

    /**
     * Where to put the files.
     *
     * @return the folder under its temporary name
     */
    Path path() {
        return partial;
    }

    /**
     * Gives the folder its name.
     *
     * @throws IOException if the name was taken meanwhile
     */
    void moveIntoPlace() throws IOException {
        Files.deleteIfExists(target);
        Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        isInPlace = true;
    }

    @Override
    public void close() throws IOException {
        if (isInPlace) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(partial)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(partial);
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            return !files.iterator().hasNext();
        }
    }
}
