package dev.moraine.storage.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The files of a store's index. */
final class PersistedIndexFiles {
    private PersistedIndexFiles() {}

    /** Deletes the index of a closed store. */
    static void delete(Path folder) {
        for (String name : List.of("index.mdb", "index.mdb-lock", "index.seal")) {
            try {
                Files.deleteIfExists(folder.resolve(name));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
