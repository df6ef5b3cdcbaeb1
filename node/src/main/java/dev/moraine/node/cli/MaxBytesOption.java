package dev.moraine.node.cli;

import dev.moraine.codec.Geometry;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The longest batch that a command takes. */
final class MaxBytesOption {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private CommandSpec spec;

    @Option(
            names = "--max-bytes",
            paramLabel = "BYTES",
            defaultValue = "67108864",
            description = "Longest batch that is taken (default: ${DEFAULT-VALUE}, 64 MiB).")
    private long maxBytes;

    /**
     * The limit.
     *
     * @return bytes, from 1 to what the protocol allows
     * @throws ParameterException if the limit is out of range
     */
    long maxBytes() {
        if (maxBytes < 1 || maxBytes > Geometry.MAX_BLOB_BYTES) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--max-bytes must be from 1 to " + Geometry.MAX_BLOB_BYTES + ", but is " + maxBytes);
        }
        return maxBytes;
    }
}
