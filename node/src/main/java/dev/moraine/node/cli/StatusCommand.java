package dev.moraine.node.cli;

import dev.moraine.node.client.MoraineClient;
import dev.moraine.node.client.ReportedStatus;
import dev.moraine.proofs.blob.BlobId;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Asks what became of a batch. */
@Command(
        name = "status",
        description = {
            "Asks a gateway what became of the blob ID: CERTIFIED, PENDING (being dispersed) or UNKNOWN.",
            "The exit status is 0 whichever it is, and 1 if the gateway cannot say."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example: moraine status 6f0c…31 --json"})
final class StatusCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private CommandSpec spec;

    @Parameters(paramLabel = "ID", description = "The blob's id.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private String id;

    @Mixin
    private final GatewayOptions options = new GatewayOptions();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean isJson;

    /** What {@code --json} prints. */
    private record Output(String id, String status, long expiryEpoch) {}

    @Override
    public Integer call() throws CommandFailedException, RejectedAnswerException {
        BlobId blobId = options.blobId(id);
        try (MoraineClient client = options.open(1)) {
            ReportedStatus status = GatewayOptions.await(client.status(blobId));
            String expiry = status.expiryEpoch() == 0 ? "" : "  expires after epoch " + status.expiryEpoch();
            spec.commandLine()
                    .getOut()
                    .println(
                            isJson
                                    ? JsonText.of(new Output(
                                            blobId.toString(), status.status(), status.expiryEpoch()))
                                    : status.status() + "  " + blobId + expiry);
        }
        return 0;
    }
}
