package dev.moraine.node.cli;

import dev.moraine.node.client.MoraineClient;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.Namespace;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Posts a batch through a gateway. */
@Command(
        name = "post",
        description = {
            "Posts FILE through a gateway and waits for its certificate, which is verified; prints the blob's id.",
            "The exit status is 3 if the certificate does not verify, or is not about FILE."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example: moraine post batch.bin --namespace my-rollup --retain 14 --certificate-out batch.cert"})
final class PostCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The batch.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private Path file;

    @Option(
            names = "--namespace",
            required = true,
            paramLabel = "NAMESPACE",
            description = "Whose batch it is: a name of up to 32 characters, or 64 hex digits.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private String namespace;

    @Option(
            names = "--retain",
            required = true,
            paramLabel = "EPOCHS",
            description = "How many epochs after the current one it is kept.")
    private long retainEpochs;

    @Option(
            names = "--certificate-out",
            paramLabel = "FILE",
            description = "Write the certificate's canonical bytes into this new file.")
    private @Nullable Path certificateFile;

    @Mixin
    private final GatewayOptions options = new GatewayOptions();

    @Mixin
    private final MaxBytesOption limit = new MaxBytesOption();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean isJson;

    /** What {@code --json} prints. */
    private record Output(
            String id,
            String namespace,
            long lengthBytes,
            long expiryEpoch,
            long epoch,
            List<Integer> signers,
            String certificate) {}

    @Override
    public Integer call() throws CommandFailedException, RejectedAnswerException {
        Namespace owner = owner();
        if (retainEpochs < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--retain must be at least 1, but is " + retainEpochs);
        }
        if (certificateFile != null && Files.exists(certificateFile)) {
            throw new CommandFailedException(certificateFile + " exists already");
        }
        // The HTTP client may still read from memory of a request that was given up.
        MemorySegment batch = BlobFile.read(file, limit.maxBytes(), Arena.ofAuto());
        try (MoraineClient client = options.open(limit.maxBytes())) {
            BlobCertificate certificate = GatewayOptions.await(client.post(batch, owner, retainEpochs));
            write(certificate);
            print(certificate);
        }
        return 0;
    }

    private Namespace owner() {
        try {
            return Namespace.parse(namespace);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--namespace: " + e.getMessage());
        }
    }

    private void write(BlobCertificate certificate) throws CommandFailedException {
        if (certificateFile == null) {
            return;
        }
        try {
            Files.write(certificateFile, certificate.encode(), StandardOpenOption.CREATE_NEW);
        } catch (IOException e) {
            throw new CommandFailedException("cannot write " + certificateFile + ": " + BlobFile.reason(e));
        }
    }

    private void print(BlobCertificate certificate) {
        String id = certificate.entry().blobId().toString();
        String text = isJson
                ? JsonText.of(new Output(
                        id,
                        certificate.entry().namespace().toString(),
                        certificate.entry().lengthBytes(),
                        certificate.entry().expiryEpoch(),
                        certificate.certificate().statement().epoch(),
                        certificate.certificate().signers(),
                        HexFormat.of().formatHex(certificate.encode())))
                : id + "  " + file;
        spec.commandLine().getOut().println(text);
    }
}
