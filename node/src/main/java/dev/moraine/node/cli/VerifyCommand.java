package dev.moraine.node.cli;

import dev.moraine.node.genesis.GenesisException;
import dev.moraine.node.genesis.GenesisFile;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.proof.Axis;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Verifies a certificate or proof that somebody handed over as a file. */
@Command(
        name = "verify",
        description = {
            "Verifies FILE, which holds the canonical bytes of a FORM and nothing else:",
            "  certificate  a blob's certificate: statement, signer bitmap, aggregate, entry, index, path",
            "  symbol       a blob header (46 bytes) and the proof of a symbol",
            "  range        the proof of a byte range, which starts with the blob header",
            "What it has to show comes from the options, never from FILE.",
            "Prints ACCEPT, or REJECT with the first reason; the exit status is 0 for ACCEPT, 3 for REJECT,",
            "1 if a file cannot be read and 2 for wrong usage. An accepted symbol or range is 'unchecked':",
            "it is what the blob's writer committed to, and final once a WHOLE verdict for the blob is known.",
            "'moraine demo --dir DIR' leaves such files in DIR/proofs."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: moraine verify --genesis DIR/genesis.json range DIR/proofs/1.range"
                    + " --id ID --offset 900 --length 200"
        })
final class VerifyCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private CommandSpec spec;

    @Option(
            names = "--genesis",
            required = true,
            paramLabel = "GENESIS",
            description = "The deployment's genesis file.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private Path genesis;

    @Parameters(index = "0", paramLabel = "FORM", description = "certificate, symbol or range.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private String form;

    @Parameters(index = "1", paramLabel = "FILE", description = "The bytes to verify.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private Path file;

    @Option(names = "--id", required = true, paramLabel = "ID", description = "The blob that it must be about.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private String id;

    @Option(names = "--row", paramLabel = "R", description = "The symbol's row in the matrix, from 0 (symbol).")
    private @Nullable Integer row;

    @Option(names = "--column", paramLabel = "C", description = "The symbol's column, from 0 (symbol).")
    private @Nullable Integer column;

    @Option(names = "--axis", paramLabel = "AXIS", description = "row or column: what it is proved by (symbol).")
    private @Nullable String axis;

    @Option(names = "--offset", paramLabel = "BYTE", description = "The first byte of the range (range).")
    private @Nullable Long offset;

    @Option(names = "--length", paramLabel = "BYTES", description = "How many bytes the range has (range).")
    private @Nullable Integer lengthBytes;

    @Option(
            names = "--namespace",
            paramLabel = "NAMESPACE",
            description = "Whose batch it must be: a name, or 64 hex digits (certificate; any, unless given).")
    private @Nullable String namespace;

    @Option(
            names = "--min-expiry",
            paramLabel = "EPOCH",
            description = "The least epoch until which the blob must be kept (certificate; 0, unless given).")
    private @Nullable Long minExpiryEpoch;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean isJson;

    @Override
    public Integer call() throws CommandFailedException {
        BlobId blobId = blobId();
        checkOptions();
        Committee committee = committee();
        Finding finding;
        try (ProofFile proof = ProofFile.open(file)) {
            ForeignProof foreign = new ForeignProof(committee, proof, blobId);
            finding = switch (form) {
                case "certificate" -> foreign.verifyCertificate(wantedNamespace(), minExpiryEpoch());
                case "symbol" -> {
                    int shards = committee.geometry().shards();
                    int symbolRow = matrixIndex("--row", given("--row", row), shards);
                    yield foreign.verifySymbol(
                            symbolRow, matrixIndex("--column", given("--column", column), shards), axis());
                }
                default -> foreign.verifyRange(given("--offset", offset), given("--length", lengthBytes));
            };
        }
        print(finding);
        return finding.isAccepted() ? 0 : Main.EXIT_REJECTED;
    }

    private void print(Finding finding) {
        if (!isJson) {
            String facts = finding.facts().isEmpty() ? "" : "  " + finding.facts().toString().replaceAll("[{}]", "");
            String text = finding.isAccepted() ? "ACCEPT" + facts : "REJECT  " + finding.reason();
            spec.commandLine().getOut().println(text + "  " + file);
            return;
        }
        Map<String, Object> output = new LinkedHashMap<>();
        output.put("verdict", finding.isAccepted() ? "ACCEPT" : "REJECT");
        output.put("reason", finding.reason());
        output.putAll(finding.facts());
        spec.commandLine().getOut().println(JsonText.of(output));
    }

    private BlobId blobId() {
        try {
            return BlobId.parse(id);
        } catch (IllegalArgumentException e) {
            throw usageError("--id must be a blob id: " + e.getMessage());
        }
    }

    private Committee committee() throws CommandFailedException {
        try {
            return GenesisFile.read(genesis);
        } catch (GenesisException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()));
        }
    }

    /** Every form wants its own options and no other's, so that nobody believes that one counted that did not. */
    private void checkOptions() {
        boolean isSymbol = form.equals("symbol");
        boolean isRange = form.equals("range");
        if (!isSymbol && !isRange && !form.equals("certificate")) {
            throw usageError("FORM must be certificate, symbol or range, but is '" + form + "'");
        }
        checkOption("--row", row, isSymbol);
        checkOption("--column", column, isSymbol);
        checkOption("--axis", axis, isSymbol);
        checkOption("--offset", offset, isRange);
        checkOption("--length", lengthBytes, isRange);
        if (isSymbol) {
            axis();
        }
        if (isSymbol || isRange) {
            checkOption("--namespace", namespace, false);
            checkOption("--min-expiry", minExpiryEpoch, false);
        }
        wantedNamespace();
        minExpiryEpoch();
    }

    private @Nullable Namespace wantedNamespace() {
        try {
            return namespace == null ? null : Namespace.parse(namespace);
        } catch (IllegalArgumentException e) {
            throw usageError("--namespace: " + e.getMessage());
        }
    }

    private long minExpiryEpoch() {
        long epoch = minExpiryEpoch == null ? 0 : minExpiryEpoch;
        if (epoch < 0) {
            throw usageError("--min-expiry must be an epoch from 0, but is " + epoch);
        }
        return epoch;
    }

    private void checkOption(String name, @Nullable Object value, boolean isWanted) {
        if ((value != null) != isWanted) {
            throw usageError(name + (isWanted ? " is missing for a " : " means nothing for a ") + form);
        }
    }

    private <T> T given(String name, @Nullable T value) {
        if (value == null) {
            throw usageError(name + " is missing for a " + form);
        }
        return value;
    }

    private int matrixIndex(String name, int index, int shards) {
        if (index < 0 || index >= shards) {
            throw usageError(name + " must be from 0 to " + (shards - 1) + " in this deployment, but is " + index);
        }
        return index;
    }

    private Axis axis() {
        return switch (given("--axis", axis)) {
            case "row" -> Axis.ROW;
            case "column" -> Axis.COLUMN;
            default -> throw usageError("--axis must be row or column, but is '" + axis + "'");
        };
    }

    private ParameterException usageError(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
