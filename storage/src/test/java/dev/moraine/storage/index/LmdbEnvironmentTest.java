package dev.moraine.storage.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.testing.Seed;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LmdbEnvironmentTest {
    private final Random random = Seed.random("LmdbEnvironmentTest");

    @TempDir
    private Path temporary;

    private LmdbEnvironment open() throws IOException {
        return LmdbEnvironment.open(new IndexFile(temporary).path());
    }

    private static byte @Nullable [] get(LmdbEnvironment environment, byte[] key) throws IOException {
        try (LmdbEnvironment.Reader reader = environment.reader()) {
            MemorySegment.copy(MemorySegment.ofArray(key), 0, reader.key(), 0, key.length);
            if (!reader.find(key.length)) {
                return null;
            }
            byte[] value = reader.value();
            reader.end();
            return value;
        }
    }

    private static byte[] key(int number) {
        return ByteBuffer.allocate(8).putLong(number).array();
    }

    @Test
    void whatWasCommittedIsFoundAndNothingElse() throws IOException {
        Map<Integer, byte[]> model = new HashMap<>();
        for (int opening = 0; opening < 4; opening++) {
            try (LmdbEnvironment environment = open()) {
                for (int commit = 0; commit < 5; commit++) {
                    Map<Integer, byte[]> changed = new HashMap<>(model);
                    try (LmdbEnvironment.Writer writer = environment.write()) {
                        for (int i = 0; i < 200; i++) {
                            int number = random.nextInt(500);
                            if (random.nextInt(4) == 0) {
                                writer.delete(key(number));
                                changed.remove(number);
                            } else {
                                byte[] value = Seed.bytes(random, 1 + random.nextInt(10_000));
                                writer.put(key(number), value);
                                changed.put(number, value);
                            }
                        }
                        if (commit != 3) {
                            writer.commit();
                            model = changed;
                        }
                    }
                    for (int number = 0; number < 500; number++) {
                        assertArrayEquals(model.get(number), get(environment, key(number)));
                    }
                }
            }
        }
    }

    @Test
    void aNumberOutsideTheValueIsRefused() throws IOException {
        try (LmdbEnvironment environment = open()) {
            try (LmdbEnvironment.Writer writer = environment.write()) {
                writer.put(key(1), new byte[15]);
                writer.commit();
            }
            try (LmdbEnvironment.Reader reader = environment.reader()) {
                MemorySegment.copy(MemorySegment.ofArray(key(1)), 0, reader.key(), 0, 8);
                assertTrue(reader.find(8));
                assertEquals(0, reader.longAt(7));
                assertThrows(IndexOutOfBoundsException.class, () -> reader.longAt(8));
                assertThrows(IndexOutOfBoundsException.class, () -> reader.longAt(-1));
                reader.end();
            }
        }
    }

    @Test
    void manyThreadsReadWhileOneCommits() throws Exception {
        try (LmdbEnvironment environment = open();
                ExecutorService threads = Executors.newFixedThreadPool(8)) {
            try (LmdbEnvironment.Writer writer = environment.write()) {
                writer.put(key(0), key(0));
                writer.commit();
            }
            List<Future<Long>> reads = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                reads.add(threads.submit(() -> {
                    long last = 0;
                    while (last < 200) {
                        byte[] value = get(environment, key(0));
                        long seen = ByteBuffer.wrap(value == null ? new byte[8] : value).getLong();
                        assertTrue(seen >= last, "commits are seen in their order");
                        last = seen;
                        // Where there are fewer processors than readers, the writer must come to its turn.
                        LockSupport.parkNanos(1);
                    }
                    return last;
                }));
            }
            for (int commit = 1; commit <= 200; commit++) {
                try (LmdbEnvironment.Writer writer = environment.write()) {
                    writer.put(key(0), key(commit));
                    writer.commit();
                }
            }
            for (Future<Long> read : reads) {
                assertEquals(200, read.get());
            }
        }
    }

    @Test
    void aFileThatIsNoneOfLmdbIsRefused() throws IOException {
        IndexFile file = new IndexFile(temporary);
        Files.write(file.path(), Seed.bytes(random, 20_000));
        assertFalse(file.breakSeal());
        LmdbException refused = assertThrows(LmdbException.class, this::open);
        assertTrue(String.valueOf(refused.getMessage()).contains("mdb_env_open"));
        file.delete();
        open().close();
    }

    private IndexFile filled(boolean sealed) throws IOException {
        IndexFile file = new IndexFile(temporary);
        file.delete();
        try (LmdbEnvironment environment = open();
                LmdbEnvironment.Writer writer = environment.write()) {
            for (int i = 0; i < 300; i++) {
                writer.put(key(i), Seed.bytes(random, 100));
            }
            writer.commit();
        }
        if (sealed) {
            file.seal();
        }
        return file;
    }

    @Test
    void aSealBreaksWithAnyChangedBitAndIsBrokenByTheOpening() throws IOException {
        for (int i = 0; i < 40; i++) {
            IndexFile file = filled(true);
            byte[] contents = Files.readAllBytes(file.path());
            if (i > 0) {
                int bit = random.nextInt(contents.length * Byte.SIZE);
                contents[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
                Files.write(file.path(), contents);
            }
            assertEquals(i == 0, file.breakSeal());
            assertFalse(Files.exists(temporary.resolve(IndexFile.SEAL_NAME)));
        }
    }

    @Test
    void aFileCutAnywhereIsNotGivenToLmdb() throws IOException {
        for (boolean sealed : new boolean[] {false, true}) {
            for (int i = 0; i < 30; i++) {
                IndexFile file = filled(sealed);
                assertTrue(sealed || file.breakSeal());
                try (FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.WRITE)) {
                    channel.truncate(i == 0 ? 0 : random.nextLong(channel.size()));
                }
                assertFalse(file.breakSeal());
            }
        }
    }

    @Test
    void theMetaPagesAreWhereLmdbHasThem() throws IOException {
        IndexFile file = filled(false);
        ByteBuffer contents = ByteBuffer.wrap(Files.readAllBytes(file.path())).order(ByteOrder.nativeOrder());
        int pageBytes = contents.getInt(40);
        long lastPage = Math.max(contents.getLong(136), contents.getLong(pageBytes + 136));
        assertEquals(contents.capacity(), (lastPage + 1) * pageBytes);
    }
}
