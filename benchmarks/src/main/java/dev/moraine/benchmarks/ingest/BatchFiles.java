package dev.moraine.benchmarks.ingest;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Real batches, from files. */
final class BatchFiles {
    private BatchFiles() {}

    /**
     * Reads every file of a folder that is not empty, in the order of their names.
     *
     * @param folder the folder
     * @return the contents, at least one
     * @throws IOException if it cannot be read, or there is none
     */
    static MemorySegment[] read(String folder) throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.list(Path.of(folder))) {
            files = found.filter(Files::isRegularFile).sorted().toList();
        }
        List<MemorySegment> batches = new ArrayList<>();
        for (Path file : files) {
            byte[] content = Files.readAllBytes(file);
            if (content.length > 0) {
                batches.add(MemorySegment.ofArray(content));
            }
        }
        if (batches.isEmpty()) {
            throw new IOException("no batch was found in " + folder);
        }
        return batches.toArray(MemorySegment[]::new);
    }
}
