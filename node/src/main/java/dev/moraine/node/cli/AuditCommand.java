package dev.moraine.node.cli;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.SignedVerdict;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.sampling.audit.AuditClient;
import dev.moraine.sampling.audit.AuditReport;
import dev.moraine.sampling.read.Deadline;
import dev.moraine.sampling.read.MemberFault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.agrona.concurrent.SystemNanoClock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Asks the nodes for their verdicts on a whole blob. */
@Command(
        name = "audit",
        description = {
            "Asks the nodes of the genesis file what they find when they read the whole blob ID. Each reads it itself.",
            "WHOLE: f + 1 shards signed that every root under the id is right, so every proof under it is final.",
            "WRONG: f + 1 shards signed that the blob was encoded wrongly; it counts as empty.",
            "NOT_YET: neither, so far; it says nothing about the blob.",
            "The exit status is 0 for WHOLE, 3 for WRONG, 1 for NOT_YET and 2 for wrong usage."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example: moraine audit ID --genesis NET/genesis.json"})
final class AuditCommand implements Callable<Integer> {
    private static final int DEFAULT_TIMEOUT_SECONDS = 30;
    private static final int MAX_TIMEOUT_SECONDS = 86_400;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "ID", description = "The blob: 64 hex digits.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private String id;

    @Option(
            names = "--genesis",
            required = true,
            paramLabel = "GENESIS",
            description = "The deployment's genesis file, which names the nodes.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private Path genesis;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "How long to wait for a verdict that binds (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds = DEFAULT_TIMEOUT_SECONDS;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean isJson;

    @Override
    public Integer call() throws CommandFailedException, InterruptedException {
        BlobId blobId = blobId();
        if (timeoutSeconds < 1 || timeoutSeconds > MAX_TIMEOUT_SECONDS) {
            throw usageError("--timeout must be from 1 to " + MAX_TIMEOUT_SECONDS + " seconds, but is " + timeoutSeconds);
        }
        try (CommitteeLink link = CommitteeLink.of(genesis)) {
            AuditReport report = new AuditClient(link.committee(), link.peers(), SystemNanoClock.INSTANCE)
                    .audit(blobId, Deadline.after(SystemNanoClock.INSTANCE, Duration.ofSeconds(timeoutSeconds)));
            spec.commandLine().getOut().println(isJson ? json(report) : text(link.committee(), report));
            return switch (report.outcome()) {
                case WHOLE -> 0;
                case WRONG -> Main.EXIT_REJECTED;
                case NOT_YET -> Main.EXIT_FAILED;
            };
        }
    }

    private static String text(Committee committee, AuditReport report) {
        StringBuilder text = new StringBuilder(report.outcome() + "  " + report.blobId() + "  WHOLE by "
                + report.wholeWeight() + ", WRONG by " + report.wrongWeight() + " of " + report.requiredWeight()
                + " shards that bind");
        for (MemberFault fault : report.blame().faults()) {
            text.append(System.lineSeparator())
                    .append("  ")
                    .append(committee.members().get(fault.member()).name())
                    .append(": ")
                    .append(fault.kind())
                    .append(", ")
                    .append(fault.detail());
        }
        return text.toString();
    }

    private static String json(AuditReport report) {
        Map<String, Object> output = new LinkedHashMap<>();
        SignedVerdict verdict = report.verdict();
        output.put("id", report.blobId().toString());
        output.put("verdict", report.outcome().name());
        output.put("wholeWeight", report.wholeWeight());
        output.put("wrongWeight", report.wrongWeight());
        output.put("requiredWeight", report.requiredWeight());
        output.put("signedVerdict", verdict == null ? "" : HexFormat.of().formatHex(verdict.encode()));
        output.put(
                "faults",
                report.blame().faults().stream().map(MemberFault::toString).toList());
        return JsonText.of(output);
    }

    private BlobId blobId() {
        try {
            return BlobId.parse(id);
        } catch (IllegalArgumentException e) {
            throw usageError("ID must be a blob id: " + e.getMessage());
        }
    }

    private ParameterException usageError(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
