package dev.moraine.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The width that bytes can be shuffled at, by what the processor says of itself. */
class VectorMachineTest {
    @BeforeEach
    void vectorModule() {
        boolean present = ModuleLayer.boot().findModule(SimdChoice.VECTOR_MODULE).isPresent();
        Assumptions.assumeTrue(present, "without the vector module there are no widths");
    }

    @Test
    void aProcessorThatCannotShuffleTheBytesOfItsWidestVectorsRunsAtHalfTheirWidth() {
        assertEquals(256, VectorMachine.widestBits(512, Set.of("avx2", "avx512f", "avx512bw", "avx512vl")));
        assertEquals(512, VectorMachine.widestBits(512, Set.of("avx2", "avx512f", "avx512bw", "avx512vbmi")));
        assertEquals(256, VectorMachine.widestBits(256, Set.of("avx2", "avx512f")));
    }

    @Test
    void theWidthOfTheJvmCountsWhereNobodyKnowsTheProcessor() {
        assertEquals(512, VectorMachine.widestBits(512, Set.of()));
        assertEquals(512, VectorMachine.widestBits(512, Set.of("sve")));
    }

    @Test
    void flagsAreThoseOfTheFirstProcessor() {
        List<String> cpuInfo = List.of("model name\t: Any", "flags\t\t: fpu avx512f", "flags\t\t: avx512vbmi");
        assertEquals(Set.of("fpu", "avx512f"), VectorMachine.cpuFlags(cpuInfo));
        assertEquals(Set.of(), VectorMachine.cpuFlags(List.of("Features : neon")));
    }
}
