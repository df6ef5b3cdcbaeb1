package dev.moraine.node.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command that holds those about the beginning of a network. */
@Command(
        name = "genesis",
        description = "Makes networks.",
        mixinStandardHelpOptions = true,
        subcommands = GenesisInitCommand.class,
        footer = {"", "Example: moraine genesis init --nodes 7 --dir net"})
final class GenesisCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command about the genesis is missing");
    }
}
