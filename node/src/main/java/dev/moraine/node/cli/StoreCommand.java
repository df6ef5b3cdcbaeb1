package dev.moraine.node.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command that holds those about the folder of a store. */
@Command(
        name = "store",
        description = "Works on the folder of a node's store. The node must not be running.",
        mixinStandardHelpOptions = true,
        subcommands = {
            StoreDescribeCommand.class,
            StoreVerifyCommand.class,
            StoreCompactCommand.class,
            StoreRebuildIndexCommand.class
        },
        footer = {"", "Example: moraine store verify DIR"})
final class StoreCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command about the store is missing");
    }
}
