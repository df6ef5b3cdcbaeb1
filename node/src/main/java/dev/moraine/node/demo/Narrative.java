package dev.moraine.node.demo;

import dev.moraine.codec.Geometry;
import dev.moraine.node.demo.DemoReport.CertificateReport;
import dev.moraine.node.demo.DemoReport.CorruptionReport;
import dev.moraine.node.demo.DemoReport.RangeReport;
import dev.moraine.node.demo.DemoReport.ReadBackReport;
import dev.moraine.node.demo.DemoReport.SamplesReport;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.wire.transport.TransportKind;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Tells a person what the demo does, step by step. */
public final class Narrative {
    private static final int MAX_NAMES = 8;

    private final PrintWriter out;

    /**
     * Prepares to tell.
     *
     * @param out where to
     */
    public Narrative(PrintWriter out) {
        this.out = out;
    }

    void committee(Geometry geometry, TransportKind transportKind) {
        say(String.format(
                Locale.ROOT,
                "%d storage nodes on loopback (%s), one shard each: any %d may be lost or lie, %d signatures make a"
                        + " certificate.",
                geometry.shards(), transportKind.optionName(), geometry.faultTolerance(), geometry.quorum()));
    }

    void blob(String name, BundleEntry entry, int symbolSizeBytes, double expansion) {
        say("");
        say(name);
        say(String.format(Locale.ROOT, "  blob id      %s", entry.blobId()));
        say(String.format(
                Locale.ROOT,
                "  size         %,d bytes in symbols of %,d; the committee stores %.2f bytes for each",
                entry.lengthBytes(), symbolSizeBytes, expansion));
    }

    void certificate(CertificateReport signatures, double timeToCertificateMs) {
        say(String.format(
                Locale.ROOT,
                "  certificate  %s after %.1f ms: %s",
                signatures.valid() ? "valid" : "NOT VALID", timeToCertificateMs, names(signatures.signers())));
    }

    void samples(SamplesReport samples) {
        say(String.format(
                Locale.ROOT,
                "  samples      %d of %d verified: %s %% sure that the batch can be had",
                samples.verified(), samples.taken(), percent(samples.confidence())));
    }

    void stopping(List<String> nodes) {
        say("");
        say(String.format(Locale.ROOT, "Stopping %s and reading every batch back:", names(nodes)));
    }

    void readBack(String name, ReadBackReport report) {
        say(String.format(
                Locale.ROOT,
                "  %-24s %s in %.1f ms", name, bytes(report.identical()), report.readMs()));
    }

    void corrupting() {
        say("");
        say("Starting them again, and corrupting one sliver of every batch on disk:");
    }

    void corruption(String name, CorruptionReport report) {
        say(String.format(
                Locale.ROOT,
                "  %-24s %s on %s: %s, %s",
                name,
                report.sliver(),
                report.node(),
                report.detected() ? "noticed" : "NOT NOTICED",
                bytes(report.identical())));
    }

    void proving(int lengthBytes) {
        say("");
        say(String.format(Locale.ROOT, "Proving %d bytes in the middle of every batch:", lengthBytes));
    }

    void range(String name, RangeReport report) {
        say(String.format(
                Locale.ROOT,
                "  %-24s bytes %,d to %,d: %s, %,d bytes with the data",
                name,
                report.offset(),
                report.offset() + report.lengthBytes() - 1,
                report.valid() ? "proof valid" : "PROOF NOT VALID",
                report.proofBytes()));
    }

    void conclusion(int blobs, boolean isVerified) {
        say("");
        say((isVerified ? "Every step verified, for " : "NOT EVERY STEP VERIFIED, for ") + blobs + " batches.");
    }

    /** As many digits as it takes to show how far from certain it is. */
    private static String percent(double confidence) {
        double doubt = 1 - confidence;
        int digits = doubt <= 0 ? 0 : Math.clamp((int) Math.ceil(-Math.log10(doubt)), 2, 14);
        return String.format(Locale.ROOT, "%." + digits + "f", 100 * confidence);
    }

    private static String bytes(boolean isIdentical) {
        return isIdentical ? "read back byte for byte" : "NOT READ BACK";
    }

    private static String names(List<String> nodes) {
        if (nodes.size() <= MAX_NAMES) {
            return String.join(", ", nodes);
        }
        return String.join(", ", nodes.subList(0, MAX_NAMES)) + " and " + (nodes.size() - MAX_NAMES) + " more";
    }

    private void say(String line) {
        out.println(line);
    }
}
