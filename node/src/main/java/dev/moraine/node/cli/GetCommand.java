package dev.moraine.node.cli;

import dev.moraine.node.client.ClientException;
import dev.moraine.node.client.DirectReader;
import dev.moraine.node.client.MoraineClient;
import dev.moraine.node.genesis.GenesisFile;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.wire.transport.TransportKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Reads a batch back. */
@Command(
        name = "get",
        description = {
            "Reads the blob ID and compares its id: with --genesis straight from the storage nodes, else through a gateway.",
            "The exit status is 3 if what comes is not the blob."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example: moraine get 6f0c…31 --out batch.bin"})
final class GetCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private CommandSpec spec;

    @Parameters(paramLabel = "ID", description = "The blob's id.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private String id;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "The new file to write. Default: standard output.")
    private @Nullable Path file;

    @Mixin
    private final GatewayOptions options = new GatewayOptions();

    @Mixin
    private final MaxBytesOption limit = new MaxBytesOption();

    @Option(names = "--json", description = "Print one JSON object; needs --out.")
    private boolean isJson;

    /** What {@code --json} prints. */
    private record Output(String id, long lengthBytes, String file) {}

    @Override
    public Integer call() throws CommandFailedException, RejectedAnswerException {
        BlobId blobId = options.blobId(id);
        if (isJson && file == null) {
            throw new picocli.CommandLine.ParameterException(spec.commandLine(), "--json needs --out");
        }
        if (file != null && Files.exists(file)) {
            throw new CommandFailedException(file + " exists already");
        }
        write(blobId, read(blobId));
        return 0;
    }

    private byte[] read(BlobId blobId) throws CommandFailedException, RejectedAnswerException {
        GenesisFile.Content genesis = options.genesisContent();
        if (genesis == null) {
            try (MoraineClient client = options.open(limit.maxBytes())) {
                return GatewayOptions.await(client.get(blobId));
            }
        }
        try (DirectReader reader =
                new DirectReader(genesis, TransportKind.select("auto"), limit.maxBytes())) {
            return reader.get(blobId, options.timeout());
        } catch (ClientException e) {
            throw GatewayOptions.failure(e);
        } catch (InterruptedException e) {
            throw new CommandFailedException("interrupted");
        }
    }

    private void write(BlobId blobId, byte[] content) throws CommandFailedException {
        if (file == null) {
            System.out.write(content, 0, content.length);
            System.out.flush();
            return;
        }
        try {
            Files.write(file, content, StandardOpenOption.CREATE_NEW);
        } catch (IOException e) {
            throw new CommandFailedException("cannot write " + file + ": " + BlobFile.reason(e));
        }
        String text = isJson
                ? JsonText.of(new Output(blobId.toString(), content.length, file.toString()))
                : blobId + "  " + file;
        spec.commandLine().getOut().println(text);
    }
}
