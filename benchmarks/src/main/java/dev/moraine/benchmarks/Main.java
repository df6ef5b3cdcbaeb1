package dev.moraine.benchmarks;

import dev.moraine.benchmarks.codec.CodecBench;
import dev.moraine.benchmarks.commit.CommitBench;
import dev.moraine.benchmarks.ingest.IngestBench;
import dev.moraine.benchmarks.sampling.SamplingBench;
import dev.moraine.benchmarks.store.StoreBench;
import dev.moraine.benchmarks.wire.WireBench;
import java.io.IOException;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code ./moraine bench}: one subcommand for each thing that is measured. */
@Command(
        name = "moraine bench",
        description = "Measures Moraine against peers and against the limits of the machine.",
        subcommands = {
            CodecBench.class,
            CommitBench.class,
            StoreBench.class,
            SamplingBench.class,
            WireBench.class,
            IngestBench.class,
            CommandLine.HelpCommand.class
        },
        mixinStandardHelpOptions = true)
public final class Main {
    private Main() {}

    /**
     * Runs a benchmark and leaves with its exit code.
     *
     * @param arguments the words after {@code bench}; {@code jmh} hands the rest to JMH
     * @throws IOException if JMH fails
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length > 0 && arguments[0].equals("jmh")) {
            org.openjdk.jmh.Main.main(Arrays.copyOfRange(arguments, 1, arguments.length));
            return;
        }
        System.exit(new CommandLine(new Main()).execute(arguments));
    }
}
