package dev.moraine.node.cli;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.sampling.light.BlobCheck;
import dev.moraine.sampling.light.LightClient;
import dev.moraine.sampling.light.SampleAnswer;
import dev.moraine.sampling.light.SamplingRefusedException;
import dev.moraine.sampling.light.SamplingReport;
import dev.moraine.sampling.read.Deadline;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code moraine sample}: is a blob available, as far as a few random symbols can tell? */
@Command(
        name = "sample",
        description = {
            "Asks the nodes for random symbols of a blob and says how sure the answers make it that the blob can be had.",
            "All symbols are drawn before the first request and none is replaced. Where so many symbols would cost",
            "more than the blob, the blob is read instead, which is certain.",
            "Prints SHOWN or NOT_SHOWN; the exit status is 0 for SHOWN, 3 for NOT_SHOWN, 1 and 2 for failures and",
            "wrong usage. NOT_SHOWN is not the same as lost."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example: moraine sample --genesis NET/genesis.json --confidence 0.9999 ID"})
final class SampleCommand implements Callable<Integer> {
    static final String ASSUMPTION =
            "assumes a correct encoding, and that what is withheld does not depend on who asks";

    private static final double NS_PER_MS = 1e6;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "ID", description = "The blob's id: 64 hex digits.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private String id;

    @Option(
            names = "--genesis",
            required = true,
            paramLabel = "GENESIS",
            description = "The deployment's genesis file.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private Path genesis;

    @Option(
            names = "--confidence",
            paramLabel = "P",
            defaultValue = "0.9999",
            description = "How sure to be, above 0 and below 1 (default: ${DEFAULT-VALUE}).")
    private double confidence;

    @Option(
            names = "--deadline",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "When to stop waiting for answers (default: ${DEFAULT-VALUE}).")
    private int deadlineSeconds;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean isJson;

    @Override
    public Integer call() throws CommandFailedException, InterruptedException {
        BlobId blobId = CommandOptions.blobId(spec, "ID", id);
        CommandOptions.range(spec, "--deadline", deadlineSeconds, 1, CommandOptions.MAX_DEADLINE_SECONDS);
        if (!(confidence > 0 && confidence < 1)) {
            throw new ParameterException(
                    spec.commandLine(), "--confidence must be above 0 and below 1, but is " + confidence);
        }
        try (CommitteeLink link = CommitteeLink.of(genesis)) {
            LightClient client = new LightClient.Context()
                    .committee(link.reader())
                    .wantedConfidence(confidence)
                    .conclude();
            BlobCheck check = new BlobCheck(link.reader(), client);
            Deadline deadline = link.reader().deadline(Duration.ofSeconds(deadlineSeconds));
            BlobCheck.Finding finding = check.check(blobId, deadline);
            boolean isShown = finding.confidence() >= confidence;
            print(link, report(finding, isShown), finding);
            return isShown ? 0 : Main.EXIT_REJECTED;
        } catch (SamplingRefusedException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()));
        }
    }

    private Map<String, Object> report(BlobCheck.Finding finding, boolean isShown) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("verdict", isShown ? "SHOWN" : "NOT_SHOWN");
        report.put("blobId", id);
        report.put("confidence", finding.confidence());
        report.put("wantedConfidence", confidence);
        switch (finding) {
            case BlobCheck.Sampled(SamplingReport sampling, _) -> {
                report.put("method", "SAMPLED");
                report.put("assumption", ASSUMPTION);
                report.put("samples", sampling.taken());
                report.put("unanswered", sampling.taken() - sampling.verified());
                for (SampleAnswer answer : SampleAnswer.values()) {
                    report.put(answer.name(), sampling.count(answer));
                }
                report.put("wrongLines", sampling.wrongLines());
                report.put("latencyMs", latencies(sampling));
            }
            case BlobCheck.WasRead(boolean isWhole, _) -> {
                report.put("method", "READ");
                report.put("outcome", isWhole ? "WHOLE" : "WRONG");
            }
            case BlobCheck.NotShown(String missing, _) -> report.put("missing", missing);
        }
        return report;
    }

    private static Map<String, Object> latencies(SamplingReport sampling) {
        Map<String, Object> latencies = new LinkedHashMap<>();
        for (int percentile : List.of(50, 90, 99, 100)) {
            long latencyNs = sampling.latencyNs(percentile);
            latencies.put("p" + percentile, latencyNs < 0 ? null : latencyNs / NS_PER_MS);
        }
        return latencies;
    }

    private void print(CommitteeLink link, Map<String, Object> report, BlobCheck.Finding finding) {
        PrintWriter out = spec.commandLine().getOut();
        List<FaultText.Fault> faults = FaultText.of(link.committee(), finding.blame());
        if (isJson) {
            report.put("faults", faults);
            out.println(JsonText.of(report));
            return;
        }
        out.println(report.remove("verdict") + "  " + report.remove("blobId"));
        report.forEach((name, value) -> out.printf(Locale.ROOT, "  %-18s %s%n", name, value));
        for (FaultText.Fault fault : faults) {
            out.printf("  %-18s %s  %s%n", fault.node(), fault.kind(), fault.detail());
        }
    }
}
