package dev.moraine.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What callers pass wrongly is named, with value and limit, and no byte of any shard changes. */
class ReedSolomonArgumentsTest {
    private static final int DATA_SHARDS = 3;
    private static final int TOTAL_SHARDS = 7;
    private static final byte MARK = 0x33;

    private final ReedSolomon code = ReedSolomon.of(DATA_SHARDS, TOTAL_SHARDS);
    private final Arena arena = Arena.ofShared();
    private final MemorySegment pool = arena.allocate(TOTAL_SHARDS * 64L).fill(MARK);

    @AfterEach
    void free() {
        arena.close();
    }

    @Test
    void aWrongNumberOfShardsIsRefused() {
        MemorySegment[] tooFew = new MemorySegment[TOTAL_SHARDS - 1];
        MemorySegment[] tooMany = new MemorySegment[TOTAL_SHARDS + 1];
        assertMessage("shards must have 7 entries, but has 6", () -> code.encode(tooFew));
        assertMessage("shards must have 7 entries, but has 8", () -> code.encode(tooMany));
        assertMessage("shards must have 7 entries, but has 6", () -> code.reconstruct(tooFew, new BitSet()));
    }

    @Test
    void lengthsThatDifferOrAreNotAlignedAreRefused() {
        assertRefused("shards[5] must have 64 bytes, but has 128", s -> s[5] = arena.allocate(128));
        for (int bytes : new int[] {0, 63, 65}) {
            String message = "shards[0] must have a positive multiple of 64 bytes, but has " + bytes;
            assertRefused(message, s -> s[0] = arena.allocate(bytes));
        }
    }

    @Test
    void memoryThatIsGoneOrForeignOrReadOnlyIsRefused() throws Exception {
        Arena closed = Arena.ofConfined();
        MemorySegment gone = closed.allocate(64);
        closed.close();
        assertRefused("shards[1] must be alive, but its arena is closed", s -> s[1] = gone);
        assertRefused("shards[6] must be alive, but its arena is closed", s -> s[6] = gone);
        assertRefused("shards[6] must be writable, but is read-only", s -> s[6] = s[6].asReadOnly());
        try (ExecutorService other = Executors.newSingleThreadExecutor()) {
            Arena foreign = other.submit(Arena::ofConfined).get();
            MemorySegment segment = other.submit(() -> foreign.allocate(64)).get();
            assertRefused("shards[2] must be accessible by thread", s -> s[2] = segment);
            assertRefused("shards[4] must be accessible by thread", s -> s[4] = segment);
            other.submit(foreign::close).get();
        }
    }

    @Test
    void aWrittenShardMayOverlapNoOther() {
        assertRefused(
                "shards[1] must not overlap shards[4], but shares 1 bytes with it",
                s -> s[4] = pool.asSlice(127, 64));
        assertRefused("shards[5] must not overlap shards[6], but shares 64 bytes with it", s -> s[6] = s[5]);
        byte[] heap = new byte[96];
        assertRefused("shards[0] must not overlap shards[3], but shares 32 bytes with it", s -> {
            s[0] = MemorySegment.ofArray(heap).asSlice(0, 64);
            s[3] = MemorySegment.ofArray(heap).asSlice(32, 64);
        });
    }

    @Test
    void shardsThatAreOnlyReadMayShareMemory() {
        MemorySegment[] shards = shards();
        shards[1] = shards[0];
        code.encode(shards);
    }

    @Test
    void aShardThatIsReadOrEncodedMustBeThere() {
        @Nullable MemorySegment[] shards = shards();
        shards[4] = null;
        assertMessage("shards[4] must be a segment, but is null", () -> code.reconstruct(shards, first(5)));
        MemorySegment[] holed = new MemorySegment[TOTAL_SHARDS];
        System.arraycopy(shards(), 0, holed, 0, TOTAL_SHARDS - 1);
        assertMessage("shards[6] must be a segment, but is null", () -> code.encode(holed));
        assertUntouched();
    }

    @Test
    void presenceOfAShardThatDoesNotExistIsRefused() {
        assertMessage(
                "present must name shards from 0 to 6, but names 7", () -> code.reconstruct(shards(), first(8)));
        assertUntouched();
    }

    private MemorySegment[] shards() {
        MemorySegment[] shards = new MemorySegment[TOTAL_SHARDS];
        for (int shard = 0; shard < TOTAL_SHARDS; shard++) {
            shards[shard] = pool.asSlice(shard * 64L, 64);
        }
        return shards;
    }

    private static BitSet first(int count) {
        BitSet first = new BitSet();
        first.set(0, count);
        return first;
    }

    private void assertRefused(String message, Consumer<MemorySegment[]> damage) {
        MemorySegment[] shards = shards();
        damage.accept(shards);
        assertMessage(message, () -> code.encode(shards));
        assertMessage(message, () -> code.reconstruct(shards, first(DATA_SHARDS)));
        assertUntouched();
    }

    private static void assertMessage(String start, Executable call) {
        String message = String.valueOf(assertThrows(IllegalArgumentException.class, call).getMessage());
        assertTrue(message.startsWith(start), message);
    }

    private void assertUntouched() {
        assertEquals(-1, pool.mismatch(arena.allocate(pool.byteSize()).fill(MARK)));
    }
}
