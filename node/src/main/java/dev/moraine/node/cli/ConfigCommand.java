package dev.moraine.node.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command that holds those about configurations. */
@Command(
        name = "config",
        description = "Works on the configuration of nodes and gateways.",
        mixinStandardHelpOptions = true,
        subcommands = ConfigShowCommand.class,
        footer = {"", "Example: moraine config show --kind node"})
final class ConfigCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command about the configuration is missing");
    }
}
