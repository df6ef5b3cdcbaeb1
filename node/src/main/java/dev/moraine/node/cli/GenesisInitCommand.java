package dev.moraine.node.cli;

import dev.moraine.node.genesis.GenesisException;
import dev.moraine.node.genesis.GenesisFile;
import dev.moraine.node.genesis.NetworkFolder;
import dev.moraine.node.genesis.NetworkPlan;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.committee.CommitteeMember;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes the keys, the genesis file and the configurations of a network. */
@Command(
        name = "init",
        description = {
            "Makes a folder with a genesis file, and one folder with key and configuration for every node and for a",
            "gateway. Keys can be read by you alone. Nothing is ever overwritten."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example: moraine genesis init --nodes 7 --dir net"})
final class GenesisInitCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private CommandSpec spec;

    @Mixin
    private final NetworkOptions options = new NetworkOptions();

    @Option(names = "--dir", required = true, paramLabel = "DIR", description = "The folder, new or empty.")
    private Path folder = Path.of("");

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean isJson;

    /** What was made, for machines. */
    record Made(String genesis, String deploymentId, String gatewayConfig, List<MadeNode> nodes) {}

    /** One node of it. */
    record MadeNode(String name, String address, String config, int firstShard, int shardCount) {}

    @Override
    public Integer call() throws CommandFailedException {
        NetworkPlan plan = options.plan();
        try {
            NetworkFolder network = NetworkFolder.create(folder, plan);
            print(network, GenesisFile.read(network.genesis()));
            return 0;
        } catch (GenesisException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()));
        }
    }

    private void print(NetworkFolder network, Committee committee) {
        PrintWriter out = spec.commandLine().getOut();
        if (isJson) {
            List<MadeNode> nodes = IntStream.range(0, committee.members().size())
                    .mapToObj(i -> made(network, committee.members().get(i), i))
                    .toList();
            out.println(JsonText.of(new Made(
                    network.genesis().toString(),
                    committee.deploymentId().toString(),
                    network.gatewayConfig().toString(),
                    nodes)));
            return;
        }
        out.println("A network of " + committee.members().size() + " nodes and "
                + committee.geometry().shards() + " shards is in " + network.path() + ", deployment "
                + committee.deploymentId());
        out.println("  moraine node --config " + network.nodeConfig(0) + "   # and so on for every node");
        out.println("  moraine gateway --config " + network.gatewayConfig());
        out.println("  moraine devnet --dir " + network.path() + "   # or all of them at once");
    }

    private static MadeNode made(NetworkFolder network, CommitteeMember member, int index) {
        return new MadeNode(
                member.name(),
                member.host() + ":" + member.port(),
                network.nodeConfig(index).toString(),
                member.firstShard(),
                member.shardCount());
    }
}
