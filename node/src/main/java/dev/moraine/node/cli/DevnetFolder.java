package dev.moraine.node.cli;

import dev.moraine.node.devnet.ControlPlace;
import dev.moraine.node.devnet.DevnetException;
import dev.moraine.node.genesis.NetworkFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a devnet: the one that was named, which stays, or one in the temporary folder that every devnet of this
 * user uses which names none, so that its second terminal finds it.
 *
 * @param path the folder of the network, which need not exist
 * @param isTemporary whether it is removed in the end
 */
record DevnetFolder(Path path, boolean isTemporary) {
    /**
     * Chooses the folder.
     *
     * @param named the one that was named, or null
     * @return the folder
     */
    static DevnetFolder of(@Nullable Path named) {
        return named == null ? new DevnetFolder(home().resolve("net"), true) : new DevnetFolder(named, false);
    }

    /**
     * Makes the parent of a temporary folder, sees that nobody else can have put anything there, and removes what a
     * devnet that was killed has left.
     *
     * @throws CommandFailedException if it belongs to somebody else
     * @throws DevnetException if another devnet runs there
     */
    void prepare() throws CommandFailedException, DevnetException {
        if (!isTemporary) {
            return;
        }
        Path home = home();
        try {
            if (!Files.exists(home, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(
                        home, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            boolean isOwn = Files.isDirectory(home, LinkOption.NOFOLLOW_LINKS)
                    && Files.getOwner(home, LinkOption.NOFOLLOW_LINKS)
                            .getName()
                            .equals(System.getProperty("user.name"));
            if (!isOwn) {
                throw new CommandFailedException(home + " belongs to somebody else; name a folder with --dir");
            }
            if (Files.isDirectory(path)) {
                ControlPlace.take(path).close();
                NetworkFolder.removeTree(path);
            }
        } catch (IOException e) {
            throw new CommandFailedException("cannot make " + home + ": " + BlobFile.reason(e));
        }
    }

    /**
     * Removes a temporary folder.
     *
     * @throws CommandFailedException if it cannot be removed
     */
    void removeIfTemporary() throws CommandFailedException {
        try {
            if (isTemporary) {
                NetworkFolder.removeTree(path);
            }
        } catch (IOException e) {
            throw new CommandFailedException("cannot remove " + path + ": " + BlobFile.reason(e));
        }
    }

    private static Path home() {
        return Path.of(System.getProperty("java.io.tmpdir"), "moraine-devnet-" + System.getProperty("user.name"));
    }
}
