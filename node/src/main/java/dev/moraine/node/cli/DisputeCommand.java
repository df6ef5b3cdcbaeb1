package dev.moraine.node.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code moraine dispute}: what a dispute over a batch needs. */
@Command(
        name = "dispute",
        description = "Fetches what a dispute over bytes of a blob is decided by.",
        mixinStandardHelpOptions = true,
        subcommands = DisputeFetchCommand.class)
final class DisputeCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
