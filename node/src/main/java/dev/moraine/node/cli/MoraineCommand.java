package dev.moraine.node.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command that holds the others. */
@Command(
        name = "moraine",
        description = "Data availability for rollups: erasure-coded, certified, sampled and provable batches.",
        mixinStandardHelpOptions = true,
        version = "Moraine 0.1.0, protocol version 1",
        subcommands = {
            DemoCommand.class,
            GenesisCommand.class,
            NodeCommand.class,
            GatewayCommand.class,
            DevnetCommand.class,
            ConfigCommand.class,
            IdCommand.class,
            PostCommand.class,
            GetCommand.class,
            StatusCommand.class,
            EncodeCommand.class,
            DecodeCommand.class,
            VerifyCommand.class,
            SampleCommand.class,
            AuditCommand.class,
            DisputeCommand.class,
            StoreCommand.class
        },
        footer = {
            "",
            "Example: moraine demo",
            "Benchmarks: moraine bench --help",
            "Exit status: 0 done, 1 failed, 2 wrong usage, 3 rejected: it does not verify."
        })
final class MoraineCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
