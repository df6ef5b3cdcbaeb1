package dev.moraine.node.cli;

import dev.moraine.node.client.ClientException;
import dev.moraine.node.client.ClientSettings;
import dev.moraine.node.client.MoraineClient;
import dev.moraine.node.genesis.GenesisException;
import dev.moraine.node.genesis.GenesisFile;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.committee.Committee;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which gateway a command asks, whose word it takes, and how long it waits. */
final class GatewayOptions {
    private static final long MAX_TIMEOUT_SECONDS = 86_400;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private CommandSpec spec;

    @Option(
            names = "--gateway",
            paramLabel = "URL",
            defaultValue = ClientSettings.DEFAULT_GATEWAY,
            description = "The gateway. Default: ${DEFAULT-VALUE}.")
    private String gateway = ClientSettings.DEFAULT_GATEWAY;

    @Option(
            names = "--genesis",
            paramLabel = "GENESIS",
            description = "The deployment's genesis file, which certificates are verified against. Default: the gateway's.")
    private @Nullable Path genesis;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long to try. Default: ${DEFAULT-VALUE}.")
    private long timeoutSeconds;

    /**
     * The committee of the genesis file.
     *
     * @return the committee, or null if no file was given
     * @throws CommandFailedException if it cannot be read
     */
    @Nullable Committee committee() throws CommandFailedException {
        GenesisFile.Content content = genesisContent();
        return content == null ? null : content.committee();
    }

    /**
     * What the genesis file says.
     *
     * @return committee and pins, or null if no file was given
     * @throws CommandFailedException if it cannot be read
     */
    GenesisFile.@Nullable Content genesisContent() throws CommandFailedException {
        try {
            return genesis == null ? null : GenesisFile.readContent(genesis);
        } catch (GenesisException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()));
        }
    }

    /**
     * How long to try.
     *
     * @return above zero
     * @throws ParameterException if the option is out of range
     */
    Duration timeout() {
        if (timeoutSeconds < 1 || timeoutSeconds > MAX_TIMEOUT_SECONDS) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--timeout must be from 1 to " + MAX_TIMEOUT_SECONDS + ", but is " + timeoutSeconds);
        }
        return Duration.ofSeconds(timeoutSeconds);
    }

    /**
     * Makes a client.
     *
     * @param maxBlobBytes longest blob that it reads
     * @return the client
     * @throws CommandFailedException if the genesis file cannot be read
     * @throws ParameterException if an option is wrong
     */
    MoraineClient open(long maxBlobBytes) throws CommandFailedException {
        Committee committee = committee();
        try {
            return MoraineClient.open(ClientSettings.of(gateway, committee)
                    .withTimeout(timeout())
                    .withMaxBlobBytes(maxBlobBytes));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--gateway: " + e.getMessage());
        }
    }

    /**
     * Reads the id of a blob.
     *
     * @param text what was given
     * @return the id
     * @throws ParameterException if it is none
     */
    BlobId blobId(String text) {
        try {
            return BlobId.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "ID must be a blob id: " + e.getMessage());
        }
    }

    /**
     * Waits for a client's answer.
     *
     * @param answer the answer to come
     * @param <T> what it is
     * @return the answer
     * @throws CommandFailedException if there is none
     * @throws RejectedAnswerException if it does not verify
     */
    static <T> T await(CompletableFuture<T> answer) throws CommandFailedException, RejectedAnswerException {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            throw new CommandFailedException("interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ClientException reason) {
                throw failure(reason);
            }
            throw new IllegalStateException("a client's futures end with a value or a ClientException", e);
        }
    }

    /**
     * What a command makes of a client's reason.
     *
     * @param reason why there is no answer
     * @return never, but so that the caller can throw it
     * @throws RejectedAnswerException if an answer did not verify
     */
    static CommandFailedException failure(ClientException reason) throws RejectedAnswerException {
        String message = String.valueOf(reason.getMessage());
        if (reason.kind() == ClientException.Kind.WRONG_ANSWER) {
            throw new RejectedAnswerException(message);
        }
        return new CommandFailedException(message);
    }
}
