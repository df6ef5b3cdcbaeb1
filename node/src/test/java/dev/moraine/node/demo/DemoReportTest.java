package dev.moraine.node.demo;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.node.demo.DemoReport.BlobReport;
import dev.moraine.node.demo.DemoReport.CertificateReport;
import dev.moraine.node.demo.DemoReport.CorruptionReport;
import dev.moraine.node.demo.DemoReport.RangeReport;
import dev.moraine.node.demo.DemoReport.ReadBackReport;
import dev.moraine.node.demo.DemoReport.SamplesReport;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoReportTest {
    private static final int HELD = 0b111111;

    @Test
    void aBlobIsVerifiedOnlyIfEveryStepHeld() {
        assertTrue(report(HELD).isVerified());
        for (int step = 0; step < Integer.bitCount(HELD); step++) {
            assertFalse(report(HELD & ~(1 << step)).isVerified(), "step " + step);
        }
    }

    private static BlobReport report(int steps) {
        return new BlobReport(
                "batch",
                "00",
                1,
                64,
                4,
                3.5,
                new CertificateReport(List.of("node-0"), 3, holds(steps, 0)),
                1.0,
                new SamplesReport(16, holds(steps, 1) ? 16 : 15, 1.0),
                new ReadBackReport(1, holds(steps, 2), 1.0),
                new CorruptionReport("node-0", "primary 0", holds(steps, 3), holds(steps, 4)),
                new RangeReport(0, 1, 100, holds(steps, 5)));
    }

    private static boolean holds(int steps, int step) {
        return (steps >> step & 1) == 1;
    }
}
