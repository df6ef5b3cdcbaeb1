package dev.moraine.node.cli;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.proof.ByteRangeProof;
import dev.moraine.sampling.audit.AuditClient;
import dev.moraine.sampling.audit.AuditReport;
import dev.moraine.sampling.dispute.DisputeFetch;
import dev.moraine.sampling.dispute.DisputeResult;
import dev.moraine.sampling.dispute.VerdictSource;
import dev.moraine.sampling.read.Answer;
import dev.moraine.sampling.read.CommitteeReader;
import dev.moraine.sampling.read.SharedReader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.agrona.concurrent.SystemNanoClock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code moraine dispute fetch}: bytes with proofs, the certificate and the verdict, as JSON or as calldata. */
@Command(
        name = "fetch",
        description = {
            "Fetches a byte range of a blob: the chunks that cover it with their proofs, the blob's certificate, and",
            "a WHOLE verdict of weight f + 1, while up to f nodes are down or lie. Everything is verified.",
            "--format json prints one object with everything in hex. --format abi prints a line for each call of the",
            "Solidity verifiers: function and calldata; of wordAt one for each chunk, for the range's first word in it.",
            "Exit status: 0 done, 3 if the blob was encoded wrongly and counts as empty, 1 if something did not",
            "come before the deadline, 2 for wrong usage."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example: moraine dispute fetch ID --genesis NET/genesis.json --offset 900 --length 200"})
final class DisputeFetchCommand implements Callable<Integer> {
    private static final String JSON = "json";
    private static final String ABI = "abi";

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

    @Option(names = "--offset", required = true, paramLabel = "BYTE", description = "The first byte of the range.")
    private long offset;

    @Option(names = "--length", required = true, paramLabel = "BYTES", description = "How many bytes it has.")
    private int lengthBytes;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = JSON,
            description = "json or abi (default: ${DEFAULT-VALUE}).")
    private String format = JSON;

    @Option(
            names = "--deadline",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "When to stop waiting for answers (default: ${DEFAULT-VALUE}).")
    private int deadlineSeconds;

    @Override
    public Integer call() throws CommandFailedException, InterruptedException {
        BlobId blobId = CommandOptions.blobId(spec, "ID", id);
        CommandOptions.range(spec, "--offset", offset, 0, Long.MAX_VALUE);
        CommandOptions.range(spec, "--length", lengthBytes, 1, CommitteeReader.Context.DEFAULT_MAX_RANGE_BYTES);
        CommandOptions.range(spec, "--deadline", deadlineSeconds, 1, CommandOptions.MAX_DEADLINE_SECONDS);
        if (!format.equals(JSON) && !format.equals(ABI)) {
            throw new ParameterException(spec.commandLine(), "--format must be json or abi, but is '" + format + "'");
        }
        try (CommitteeLink link = CommitteeLink.of(genesis);
                SharedReader reader =
                        new SharedReader.Context().committee(link.reader()).conclude()) {
            DisputeResult result = new DisputeFetch(reader, audits(link))
                    .fetch(blobId, offset, lengthBytes, link.reader().deadline(Duration.ofSeconds(deadlineSeconds)));
            return print(link, result);
        } catch (IllegalArgumentException e) {
            // The blob's length is known only now.
            throw new CommandFailedException("--offset, --length: " + e.getMessage());
        }
    }

    private static VerdictSource audits(CommitteeLink link) {
        AuditClient audits = new AuditClient(link.committee(), link.peers(), SystemNanoClock.INSTANCE);
        return (blobId, deadline) -> {
            AuditReport report = audits.audit(blobId, deadline);
            return new Answer<>(Optional.ofNullable(report.verdict()), report.blame());
        };
    }

    private int print(CommitteeLink link, DisputeResult result) throws CommandFailedException {
        List<FaultText.Fault> faults = FaultText.of(link.committee(), result.blame());
        return switch (result) {
            case DisputeResult.Evidence evidence -> {
                print(link, evidence, faults);
                yield 0;
            }
            case DisputeResult.CountsAsEmpty empty -> {
                Map<String, Object> output = new LinkedHashMap<>();
                output.put("result", "WRONG");
                output.put("blobId", id);
                output.put("deploymentId", link.committee().deploymentId().toString());
                output.put("certificate", DisputeText.hex(empty.certificate().encode()));
                output.put("verdict", DisputeText.hex(empty.verdict().encode()));
                output.put("faults", faults);
                spec.commandLine().getOut().println(JsonText.of(output));
                yield Main.EXIT_REJECTED;
            }
            case DisputeResult.Incomplete incomplete ->
                throw new CommandFailedException("within " + deadlineSeconds + " s these did not come: "
                        + String.join(", ", incomplete.missing()) + "; failures: " + faults);
        };
    }

    private void print(CommitteeLink link, DisputeResult.Evidence evidence, List<FaultText.Fault> faults) {
        PrintWriter out = spec.commandLine().getOut();
        if (format.equals(ABI)) {
            DisputeText.calls(link.committee(), evidence).forEach(out::println);
            return;
        }
        ByteRangeProof range = evidence.range();
        Map<String, Object> output = new LinkedHashMap<>();
        output.put("result", "WHOLE");
        output.put("blobId", id);
        output.put("deploymentId", link.committee().deploymentId().toString());
        output.put("offset", offset);
        output.put("length", lengthBytes);
        output.put("bytes", DisputeText.hex(range.bytes()));
        output.put("header", DisputeText.hex(range.header().encode()));
        output.put("certificate", DisputeText.hex(evidence.certificate().encode()));
        output.put("verdict", DisputeText.hex(evidence.verdict().encode()));
        output.put("chunks", DisputeText.chunks(range));
        output.put("faults", faults);
        out.println(JsonText.of(output));
    }
}
