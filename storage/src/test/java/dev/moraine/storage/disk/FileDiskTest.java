package dev.moraine.storage.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.testing.Seed;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDiskTest {
    private final Random random = Seed.random("FileDiskTest");

    @TempDir
    private Path temporary;

    @Test
    void whatIsWrittenAtAPositionIsReadThere() throws IOException {
        try (FileDisk disk = FileDisk.open(temporary);
                DiskFile file = disk.create("file");
                Arena arena = Arena.ofShared()) {
            for (int lengthBytes : new int[] {0, 1, 4_095, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3 << 20}) {
                MemorySegment heap = MemorySegment.ofArray(Seed.bytes(random, lengthBytes));
                MemorySegment target = arena.allocate(Math.max(1, lengthBytes)).asSlice(0, lengthBytes);
                long position = random.nextInt(100_000);
                file.write(position, heap);
                file.read(position, target);
                assertEquals(-1, heap.mismatch(target));
                file.write(position + 7, target);
                MemorySegment again = MemorySegment.ofArray(new byte[lengthBytes]);
                file.read(position + 7, again);
                assertEquals(-1, heap.mismatch(again));
            }
            file.force(true);
            assertEquals(Files.size(temporary.resolve("file")), file.sizeBytes());
        }
    }

    @Test
    void aReadBehindTheEndFails() throws IOException {
        try (FileDisk disk = FileDisk.open(temporary);
                DiskFile file = disk.create("file")) {
            file.write(0, MemorySegment.ofArray(new byte[10]));
            file.read(0, MemorySegment.ofArray(new byte[10]));
            MemorySegment tooLong = MemorySegment.ofArray(new byte[11]);
            assertThrows(EOFException.class, () -> file.read(0, tooLong));
        }
    }

    @Test
    void noFileIsReplaced() throws IOException {
        try (FileDisk disk = FileDisk.open(temporary)) {
            disk.create("a").close();
            disk.create("b").close();
            assertThrows(FileAlreadyExistsException.class, () -> disk.create("a"));
            assertThrows(FileAlreadyExistsException.class, () -> disk.rename("a", "b"));
            disk.rename("a", "c");
            disk.force();
            assertEquals(List.of("b", "c"), disk.list());
            disk.delete("b");
            assertThrows(NoSuchFileException.class, () -> disk.delete("b"));
            assertThrows(NoSuchFileException.class, () -> disk.open("b"));
            assertEquals(List.of("c"), disk.list());
        }
    }

    @Test
    void namesLeadNowhereElse() throws IOException {
        try (FileDisk disk = FileDisk.open(temporary.resolve("folder"))) {
            for (String name : List.of("../a", "a/b", "/a", ".", "")) {
                assertThrows(IllegalArgumentException.class, () -> disk.create(name), name);
            }
            Files.createSymbolicLink(temporary.resolve("folder/link"), temporary.resolve("elsewhere"));
            Files.write(temporary.resolve("elsewhere"), new byte[1]);
            assertThrows(IOException.class, () -> disk.open("link"));
            assertEquals(List.of(), disk.list());
        }
    }

    @Test
    void aFolderIsMadeWithItsParentsAndTakenOnce() throws IOException {
        Path folder = temporary.resolve("a/b/c");
        try (FileDisk disk = FileDisk.open(folder)) {
            assertTrue(Files.isDirectory(folder));
            assertThrows(FolderInUseException.class, () -> FileDisk.open(folder));
            assertThrows(FolderInUseException.class, () -> FileDisk.open(folder.resolve("../c")));
            assertEquals(List.of(), disk.list());
        }
        FileDisk.open(folder).close();
    }

    @Test
    void aClosedFileIsNotReadAndNotOpenedAgain() throws IOException {
        try (FileDisk disk = FileDisk.open(temporary)) {
            DiskFile file = disk.create("file");
            file.write(0, MemorySegment.ofArray(new byte[10]));
            file.close();
            MemorySegment target = MemorySegment.ofArray(new byte[10]);
            assertThrows(ClosedChannelException.class, () -> file.read(0, target));
            assertThrows(ClosedChannelException.class, () -> file.write(0, target));
            assertThrows(ClosedChannelException.class, () -> file.force(false));
        }
    }
}
