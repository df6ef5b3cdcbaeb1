package dev.moraine.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.moraine.testing.Seed;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Encoding and rebuilding, on heap and native memory. */
class ReedSolomonTest {
    private static final byte GARBAGE = 0x5A;

    @Test
    void parityIsWhatTheTextOfTheProtocolSays() {
        Random random = Seed.random("ReedSolomonTest");
        for (int totalShards = 2; totalShards <= 12; totalShards++) {
            for (int dataShards = 1; dataShards < totalShards; dataShards++) {
                checkAgainstTextbook(random, dataShards, totalShards);
            }
        }
        checkAgainstTextbook(random, 34, 100);
        checkAgainstTextbook(random, 67, 100);
        checkAgainstTextbook(random, 66, 192);
    }

    @Test
    void anyPatternOfLossesOfSmallCodesIsRebuilt() throws TooFewShardsException {
        Random random = Seed.random("ReedSolomonTest");
        for (int totalShards = 2; totalShards <= 10; totalShards++) {
            for (int dataShards = 1; dataShards < totalShards; dataShards++) {
                byte[][] codeword = randomCodeword(random, dataShards, totalShards, 64);
                for (int lost = 0; lost < 1 << totalShards; lost++) {
                    if (Integer.bitCount(lost) <= totalShards - dataShards) {
                        checkRebuild(dataShards, codeword, BitSet.valueOf(new long[] {lost}));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 31, 100, 192})
    void sampledPatternsOfLossesAreRebuilt(int totalShards) throws TooFewShardsException {
        Random random = Seed.random("ReedSolomonTest");
        Geometry geometry = new Geometry(totalShards);
        for (int dataShards : new int[] {geometry.sourceRows(), geometry.sourceColumns()}) {
            int parityShards = totalShards - dataShards;
            byte[][] codeword = randomCodeword(random, dataShards, totalShards, 64);
            checkRebuild(dataShards, codeword, range(dataShards, totalShards));
            checkRebuild(dataShards, codeword, range(0, Math.min(dataShards, parityShards)));
            checkRebuild(dataShards, codeword, range(0, 1));
            checkRebuild(dataShards, codeword, range(totalShards - 1, totalShards));
            for (int trial = 0; trial < 20; trial++) {
                BitSet lost = new BitSet(totalShards);
                int losses = trial % 2 == 0 ? parityShards : 1 + random.nextInt(parityShards);
                while (lost.cardinality() < losses) {
                    lost.set(random.nextInt(totalShards));
                }
                checkRebuild(dataShards, codeword, lost);
            }
        }
    }

    @Test
    void everyLengthAroundTheStripsOfAKernelIsEncodedAlike() {
        Random random = Seed.random("ReedSolomonTest");
        for (int shardBytes : new int[] {64, 960, 1024, 1088, 2048, 4160}) {
            byte[][] codeword = randomCodeword(random, 5, 14, shardBytes);
            for (int position : new int[] {0, 63, shardBytes / 2, shardBytes - 1}) {
                byte[] data = column(codeword, 0, 5, position);
                assertArrayEquals(TextbookCode.parity(data, 9), column(codeword, 5, 14, position));
            }
        }
    }

    @Test
    void shardsMayLieOnTheHeapInNativeMemoryAndAtOddAddresses() throws TooFewShardsException {
        Random random = Seed.random("ReedSolomonTest");
        byte[][] codeword = randomCodeword(random, 4, 9, 128);
        try (Arena arena = Arena.ofShared()) {
            MemorySegment[] shards = new MemorySegment[9];
            for (int shard = 0; shard < shards.length; shard++) {
                MemorySegment whole = switch (shard % 3) {
                    case 0 -> MemorySegment.ofArray(new byte[140]);
                    case 1 -> MemorySegment.ofArray(new long[20]);
                    default -> arena.allocate(140);
                };
                shards[shard] = whole.asSlice(shard, 128).fill(GARBAGE);
                if (shard < 4) {
                    shards[shard].copyFrom(MemorySegment.ofArray(codeword[shard]));
                }
            }
            ReedSolomon code = ReedSolomon.of(4, 9);
            code.encode(shards);
            assertCodeword(codeword, shards, "encoded");
            BitSet present = new BitSet();
            for (int shard = 0; shard < shards.length; shard += 2) {
                present.set(shard);
                shards[shard] = shards[shard].asReadOnly();
            }
            for (int shard = 1; shard < shards.length; shard += 2) {
                shards[shard].fill(GARBAGE);
            }
            code.reconstruct(shards, present);
            assertCodeword(codeword, shards, "rebuilt");
        }
    }

    @Test
    void onlyWantedShardsAreRebuilt() throws TooFewShardsException {
        byte[][] codeword = randomCodeword(Seed.random("ReedSolomonTest"), 4, 9, 64);
        @Nullable MemorySegment[] shards = new MemorySegment[9];
        BitSet present = new BitSet();
        for (int shard = 3; shard < 8; shard++) {
            shards[shard] = MemorySegment.ofArray(codeword[shard]);
            present.set(shard);
        }
        byte[] wanted = new byte[64];
        shards[1] = MemorySegment.ofArray(wanted);
        ReedSolomon.of(4, 9).reconstruct(shards, present);
        assertArrayEquals(codeword[1], wanted);
    }

    @Test
    void tooFewShardsAreReportedAndNothingIsWritten() {
        byte[][] codeword = randomCodeword(Seed.random("ReedSolomonTest"), 4, 9, 64);
        MemorySegment[] shards = new MemorySegment[9];
        for (int shard = 0; shard < shards.length; shard++) {
            shards[shard] = MemorySegment.ofArray(codeword[shard].clone());
        }
        TooFewShardsException failure = assertThrows(
                TooFewShardsException.class, () -> ReedSolomon.of(4, 9).reconstruct(shards, range(2, 5)));
        assertEquals(3, failure.available());
        assertEquals(4, failure.required());
        assertCodeword(codeword, shards, "untouched");
        assertThrows(
                TooFewShardsException.class,
                () -> ReedSolomon.of(4, 9).reconstruct(new MemorySegment[9], new BitSet()));
    }

    @Test
    void everyShapeThatTheFieldHasPointsForIsACodeAndNoOther() {
        for (int dataShards = -1; dataShards <= 257; dataShards++) {
            for (int totalShards = dataShards - 1; totalShards <= 257; totalShards++) {
                int parityShards = totalShards - dataShards;
                int blockSize = 1;
                while (blockSize < parityShards) {
                    blockSize *= 2;
                }
                boolean possible = dataShards >= 1 && parityShards >= 1 && dataShards + blockSize <= 256;
                // Making all codes takes long, so of those that exist only the ones at the limit are made.
                if (!possible) {
                    int k = dataShards;
                    int n = totalShards;
                    assertThrows(IllegalArgumentException.class, () -> ReedSolomon.of(k, n), k + " of " + n);
                } else if (dataShards + blockSize == 256 && Integer.bitCount(parityShards) == 1) {
                    ReedSolomon code = ReedSolomon.of(dataShards, totalShards);
                    assertEquals(dataShards, code.dataShards());
                    assertEquals(totalShards, code.totalShards());
                }
            }
        }
    }

    @Test
    void aShapeIsMadeOnce() {
        assertSame(ReedSolomon.of(5, 7), ReedSolomon.of(5, 7));
    }

    private static void checkAgainstTextbook(Random random, int dataShards, int totalShards) {
        byte[][] codeword = randomCodeword(random, dataShards, totalShards, 64);
        for (int position = 0; position < 64; position += 21) {
            byte[] data = column(codeword, 0, dataShards, position);
            byte[] parity = column(codeword, dataShards, totalShards, position);
            assertArrayEquals(
                    TextbookCode.parity(data, totalShards - dataShards), parity, dataShards + " of " + totalShards);
        }
    }

    private static void checkRebuild(int dataShards, byte[][] codeword, BitSet lost) throws TooFewShardsException {
        MemorySegment[] shards = new MemorySegment[codeword.length];
        BitSet present = range(0, codeword.length);
        present.andNot(lost);
        for (int shard = 0; shard < shards.length; shard++) {
            shards[shard] = MemorySegment.ofArray(codeword[shard].clone());
            if (lost.get(shard)) {
                shards[shard].fill(GARBAGE);
            }
        }
        ReedSolomon.of(dataShards, codeword.length).reconstruct(shards, present);
        assertCodeword(codeword, shards, dataShards + " of " + codeword.length + ", lost " + lost);
    }

    private static byte[][] randomCodeword(Random random, int dataShards, int totalShards, int shardBytes) {
        byte[][] codeword = new byte[totalShards][];
        MemorySegment[] shards = new MemorySegment[totalShards];
        for (int shard = 0; shard < totalShards; shard++) {
            codeword[shard] = Seed.bytes(random, shardBytes);
            shards[shard] = MemorySegment.ofArray(codeword[shard]);
        }
        byte[] firstData = codeword[0].clone();
        ReedSolomon.of(dataShards, totalShards).encode(shards);
        assertArrayEquals(firstData, codeword[0], "data shards stay");
        return codeword;
    }

    private static byte[] column(byte[][] codeword, int first, int end, int position) {
        byte[] column = new byte[end - first];
        for (int i = 0; i < column.length; i++) {
            column[i] = codeword[first + i][position];
        }
        return column;
    }

    private static BitSet range(int first, int end) {
        BitSet range = new BitSet();
        range.set(first, end);
        return range;
    }

    private static void assertCodeword(byte[][] expected, MemorySegment[] shards, String message) {
        assertEquals(expected.length, shards.length);
        for (int shard = 0; shard < shards.length; shard++) {
            assertArrayEquals(
                    expected[shard], shards[shard].toArray(ValueLayout.JAVA_BYTE), message + ": shard " + shard);
        }
    }
}
