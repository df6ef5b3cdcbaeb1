package dev.moraine.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The first compiler of the JVM gives up on methods with too many vectors, and such a method then stays in the
 * interpreter for good, a hundred times slower.
 */
class PlaneCompilationTest {
    @Test
    void theFirstCompilerTakesEveryKernel() throws IOException, InterruptedException {
        assumeFalse(ReedSolomon.kernelName().equals("scalar"), "planes are vectors, and there are none here");
        assumeTrue(System.getProperty("moraine.simd.codec") == null, "methods are as large at every width");
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "--add-modules=jdk.incubator.vector",
                "-Dmoraine.simd.codec=" + ReedSolomon.kernelName(),
                "-XX:TieredStopAtLevel=3",
                "-XX:Tier0InvokeNotifyFreqLog=0",
                "-XX:Tier3InvocationThreshold=2",
                "-Xbatch",
                "-XX:+PrintCompilation",
                "-cp",
                System.getProperty("java.class.path"),
                PlaneCompilationTest.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        List<String> kernels =
                output.lines().filter(line -> line.contains(".PlaneKernels::")).toList();
        assertTrue(kernels.size() > 60, "only " + kernels.size() + " lines about kernels");
        assertEquals(
                List.of(),
                kernels.stream().filter(line -> line.contains("COMPILE SKIPPED")).toList());
    }

    /** Encodes a matrix of every geometry that has planes, a few times. */
    public static void main(String[] arguments) {
        for (int shards = 7; shards <= 51; shards++) {
            Geometry geometry = new Geometry(shards);
            int symbolBytes = 512;
            PlaneMatrix planes = PlaneMatrix.of(geometry, symbolBytes);
            if (planes != null) {
                try (Arena arena = Arena.ofConfined()) {
                    MemorySegment blob = arena.allocate(geometry.paddedBlobBytes(symbolBytes));
                    MemorySegment matrix = arena.allocate(geometry.matrixBytes(symbolBytes));
                    planes.encode(blob, matrix, 0, symbolBytes);
                }
            }
        }
    }
}
