package dev.moraine.benchmarks.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.benchmarks.report.Ratio;
import dev.moraine.benchmarks.report.Row;
import java.util.List;
import org.junit.jupiter.api.Test;

class IngestBarsTest {
    private static Row row(String what, String who, String params, double value) {
        return Row.of(what, who, params, "unit", new double[] {value});
    }

    private static Ratio only(List<Row> rows) {
        List<Ratio> ratios = IngestBars.of(rows);
        assertEquals(1, ratios.size());
        return ratios.getFirst();
    }

    @Test
    void aMedianOfFiveMillisecondsJustReachesItsBar() {
        assertTrue(only(List.of(row(IngestBars.LONE, IngestBars.GATEWAY, "128 KiB", 5))).reachesBar());
        assertFalse(only(List.of(row(IngestBars.LONE, IngestBars.GATEWAY, "128 KiB", 5.01))).reachesBar());
    }

    @Test
    void eachSaturatedRunIsComparedWithTheCeilingOfItsOwnSizes() {
        List<Ratio> ratios = IngestBars.of(List.of(
                row(IngestBars.SATURATED, IngestBars.GATEWAY, "131072", 80),
                row(IngestBars.SATURATED, IngestBars.MACHINE, "131072", 100),
                row(IngestBars.SATURATED, IngestBars.GATEWAY, "16384", 10),
                row(IngestBars.SATURATED, IngestBars.MACHINE, "16384", 20)));
        assertEquals(List.of(0.8, 0.5), ratios.stream().map(Ratio::value).toList());
        assertTrue(ratios.getFirst().reachesBar());
        assertFalse(ratios.getLast().reachesBar());
    }

    @Test
    void oneFailedBatchWithFaultsMissesItsBar() {
        assertTrue(only(List.of(row(IngestBars.FAILED_FAULTY, IngestBars.GATEWAY, "128 KiB", 0))).reachesBar());
        assertFalse(only(List.of(row(IngestBars.FAILED_FAULTY, IngestBars.GATEWAY, "128 KiB", 1))).reachesBar());
    }

    @Test
    void sizesAreReadWithTheirUnits() {
        assertEquals("131072,1048576,100", IngestRun.parseSizes("128k,1M,100"));
        assertEquals("real:/some/folder", IngestRun.parseSizes("real:/some/folder"));
        assertThrows(NumberFormatException.class, () -> IngestRun.parseSizes("k"));
        assertThrows(ArithmeticException.class, () -> IngestRun.parseSizes("4096m"));
    }
}
