package dev.moraine.wire.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.testing.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AssemblyTest {
    private static final int MOST = MessageLimits.MAX_SLIVER_DATA_BYTES;

    @Test
    void symbolsOfAnyLengthComeBackInOrder() {
        Random random = Seed.random("AssemblyTest");
        int[] lengths = {1, MOST, MOST + 1, 100, 3 * MOST, 5, MOST - 5, 2 * MOST + 7};
        List<byte[]> proofs = new ArrayList<>();
        List<SymbolsAnswer> answers = new ArrayList<>();
        SymbolsSplitter splitter = new SymbolsSplitter(9, lengths.length + 2, answers::add);
        splitter.addFailure(FailureCode.NOT_FOUND);
        for (int length : lengths) {
            proofs.add(Seed.bytes(random, length));
            splitter.add(proofs.getLast());
        }
        splitter.addFailure(FailureCode.EXPIRED);
        assertThrows(IllegalStateException.class, () -> splitter.addFailure(FailureCode.EXPIRED));

        SymbolsAssembler assembler = new SymbolsAssembler(lengths.length + 2, 3 * MOST);
        for (SymbolsAnswer answer : answers) {
            AssemblyState expected = answer.isLast() ? AssemblyState.COMPLETE : AssemblyState.INCOMPLETE;
            assertEquals(expected, assembler.add(answer));
        }
        assertTrue(answers.getLast().isLast());
        assertEquals(FailureCode.NOT_FOUND, assembler.failure(0));
        assertNull(assembler.proof(0));
        for (int i = 0; i < lengths.length; i++) {
            assertArrayEquals(proofs.get(i), assembler.proof(1 + i));
            assertNull(assembler.failure(1 + i));
        }
        assertEquals(FailureCode.EXPIRED, assembler.failure(lengths.length + 1));
    }

    @Test
    void symbolsThatDoNotContinueAreInvalid() {
        SymbolAnswer whole = SymbolAnswer.whole(new byte[10]);
        SymbolAnswer start = new SymbolAnswer(null, 0, 20, new byte[10]);
        SymbolAnswer end = new SymbolAnswer(null, 10, 20, new byte[10]);
        SymbolAnswer otherEnd = new SymbolAnswer(null, 10, 21, new byte[11]);
        assertEquals(AssemblyState.COMPLETE, state(2, answer(0, false, whole, start), answer(1, true, end)));
        assertEquals(AssemblyState.INVALID, state(2, answer(1, false, whole)));
        assertEquals(AssemblyState.INVALID, state(2, answer(0, false, whole), answer(0, true, whole)));
        assertEquals(AssemblyState.INVALID, state(2, answer(0, false, start), answer(0, true, otherEnd)));
        assertEquals(AssemblyState.INVALID, state(2, answer(0, false, start), answer(0, true, whole)));
        assertEquals(AssemblyState.INVALID, state(2, answer(0, true, whole)));
        assertEquals(AssemblyState.INVALID, state(2, answer(0, false, whole, whole)));
        assertEquals(AssemblyState.INVALID, state(2, answer(0, true, whole, whole, whole)));
        assertEquals(AssemblyState.INVALID, state(1, answer(0, true, SymbolAnswer.whole(new byte[101]))));
        assertEquals(AssemblyState.INVALID, state(1, answer(0, true, whole), answer(0, true, whole)));
    }

    @Test
    void chunksOfAnyLengthComeBack() {
        Random random = Seed.random("AssemblyTest.chunks");
        for (int length : new int[] {1, MOST, MOST + 1, 5 * MOST}) {
            byte[] proof = Seed.bytes(random, length);
            ChunksAssembler assembler = new ChunksAssembler(5 * MOST);
            AssemblyState state = AssemblyState.INCOMPLETE;
            for (ChunksAnswer answer : ChunksAnswer.split(3, proof)) {
                assertEquals(AssemblyState.INCOMPLETE, state);
                state = assembler.add(answer);
            }
            assertEquals(AssemblyState.COMPLETE, state);
            assertArrayEquals(proof, assembler.proof());
        }
    }

    @Test
    void chunksThatDoNotContinueAreInvalid() {
        ChunksAnswer start = new ChunksAnswer(1, 0, 20, new byte[10]);
        assertEquals(AssemblyState.INVALID, new ChunksAssembler(19).add(start));
        ChunksAssembler repeated = new ChunksAssembler(20);
        assertEquals(AssemblyState.INCOMPLETE, repeated.add(start));
        assertEquals(AssemblyState.INVALID, repeated.add(start));
        ChunksAssembler other = new ChunksAssembler(30);
        other.add(start);
        assertEquals(AssemblyState.INVALID, other.add(new ChunksAnswer(1, 10, 21, new byte[11])));
    }

    private static SymbolsAnswer answer(int firstIndex, boolean isLast, SymbolAnswer... symbols) {
        return new SymbolsAnswer(1, firstIndex, isLast, List.of(symbols));
    }

    private static AssemblyState state(int expectedCount, SymbolsAnswer... answers) {
        SymbolsAssembler assembler = new SymbolsAssembler(expectedCount, 100);
        AssemblyState state = AssemblyState.INCOMPLETE;
        for (SymbolsAnswer answer : answers) {
            state = assembler.add(answer);
        }
        return state;
    }
}
