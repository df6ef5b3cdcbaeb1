package dev.moraine.node.http.door;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.hash.Digest;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeccakIndexTest {
    private static final int HEADER_BYTES = 16;
    private static final int RECORD_BYTES = 76;

    @TempDir
    private Path folder;

    private static Digest key(int i) {
        return new Digest(i, 2, 3, 4);
    }

    private static KeccakIndex.Entry entry(int i, long expiryEpoch) {
        return new KeccakIndex.Entry(new BlobId(new Digest(i, i, i, i)), expiryEpoch);
    }

    private KeccakIndex open() throws IOException {
        return KeccakIndex.open(folder, 1000);
    }

    private Path file() {
        return folder.resolve("keccak.index");
    }

    private void putFive() throws IOException {
        try (KeccakIndex index = open()) {
            for (int i = 0; i < 5; i++) {
                index.put(key(i), entry(i, 10 + i));
            }
        }
    }

    @Test
    void keccakIsTheOneOfEthereum() {
        byte[] text = "abc".getBytes(StandardCharsets.US_ASCII);
        assertEquals(
                "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45",
                Keccak256.of(MemorySegment.ofArray(text)).toString());
        assertEquals(
                "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
                Keccak256.of(MemorySegment.NULL).toString());
    }

    @Test
    void entriesSurviveARestart() throws Exception {
        putFive();
        try (KeccakIndex index = open()) {
            assertEquals(5, index.size());
            assertTrue(index.isComplete());
            for (int i = 0; i < 5; i++) {
                assertEquals(entry(i, 10 + i), index.find(key(i)));
            }
            assertNull(index.find(key(5)));
        }
    }

    @Test
    void theLaterExpiryStays() throws Exception {
        putFive();
        try (KeccakIndex index = open()) {
            index.put(key(1), entry(1, 3));
            index.put(key(2), entry(2, 30));
        }
        try (KeccakIndex index = open()) {
            assertEquals(entry(1, 11), index.find(key(1)));
            assertEquals(entry(2, 30), index.find(key(2)));
        }
    }

    @Test
    void anEndThatWasTornOffIsNotMissed() throws Exception {
        putFive();
        byte[] whole = Files.readAllBytes(file());
        assertEquals(HEADER_BYTES + 5 * RECORD_BYTES, whole.length);
        for (int cut : new int[] {1, RECORD_BYTES - 1, RECORD_BYTES, RECORD_BYTES + 1, 3 * RECORD_BYTES}) {
            Files.write(file(), Arrays.copyOf(whole, whole.length - cut));
            int left = 5 - Math.ceilDiv(cut, RECORD_BYTES);
            try (KeccakIndex index = open()) {
                assertTrue(index.isComplete());
                assertEquals(left, index.size());
                index.put(key(9), entry(9, 9));
            }
            try (KeccakIndex index = open()) {
                assertEquals(left + 1, index.size());
                assertNotNull(index.find(key(9)));
            }
        }
        byte[] zeros = whole.clone();
        Arrays.fill(zeros, whole.length - 2 * RECORD_BYTES, whole.length, (byte) 0);
        Files.write(file(), zeros);
        try (KeccakIndex index = open()) {
            assertTrue(index.isComplete());
            assertEquals(3, index.size());
        }
    }

    @Test
    void aDamagedRecordMakesTheIndexIncomplete() throws Exception {
        putFive();
        byte[] bytes = Files.readAllBytes(file());
        bytes[HEADER_BYTES + RECORD_BYTES + 5] ^= 1;
        Files.write(file(), bytes);
        try (KeccakIndex index = open()) {
            assertFalse(index.isComplete());
            assertNull(index.find(key(1)));
            assertEquals(entry(4, 14), index.find(key(4)));
        }
    }

    @Test
    void onlyOneProcessMayHaveItAndNoOtherFile() throws Exception {
        try (KeccakIndex index = open()) {
            assertTrue(index.isComplete());
            IOException failure = assertThrows(IOException.class, this::open);
            assertEquals(file() + " is open in another process", failure.getMessage());
        }
        Files.writeString(file(), "something else entirely");
        assertThrows(IOException.class, this::open);
    }

    @Test
    void expiredEntriesMakeRoom() throws Exception {
        try (KeccakIndex index = KeccakIndex.open(folder, 5)) {
            for (int i = 0; i < 5; i++) {
                assertTrue(index.hasRoom(10));
                index.put(key(i), entry(i, 10 + i));
            }
            assertFalse(index.hasRoom(10));
            assertTrue(index.hasRoom(12));
            assertEquals(3, index.size());
            index.put(key(7), entry(7, 99));
        }
        assertEquals(HEADER_BYTES + 4 * RECORD_BYTES, Files.size(file()));
        try (KeccakIndex index = KeccakIndex.open(folder, 5)) {
            assertEquals(4, index.size());
            assertEquals(entry(7, 99), index.find(key(7)));
        }
    }

    @Test
    void manyWritersShareTheFile() throws Exception {
        try (KeccakIndex index = open();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<? extends Future<?>> puts = IntStream.range(0, 200)
                    .mapToObj(i -> threads.submit(() -> {
                        index.put(key(i), entry(i, i));
                        return i;
                    }))
                    .toList();
            for (Future<?> put : puts) {
                put.get();
            }
        }
        try (KeccakIndex index = open()) {
            assertEquals(200, index.size());
            assertTrue(index.isComplete());
        }
    }
}
