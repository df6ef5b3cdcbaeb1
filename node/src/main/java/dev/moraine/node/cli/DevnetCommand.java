package dev.moraine.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.moraine.node.devnet.ChildCommand;
import dev.moraine.node.devnet.ChildStatus;
import dev.moraine.node.devnet.ControlPlace;
import dev.moraine.node.devnet.ControlServer;
import dev.moraine.node.devnet.Devnet;
import dev.moraine.node.devnet.DevnetException;
import dev.moraine.node.genesis.GenesisException;
import dev.moraine.node.genesis.GenesisFile;
import dev.moraine.node.genesis.NetworkFolder;
import dev.moraine.proofs.committee.Committee;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs a network on this machine until it is told to end. */
@Command(
        name = "devnet",
        description = {
            "Runs storage nodes and a gateway, each as a process of its own, until it is told to end (Ctrl-C, SIGTERM);",
            "they end with it. A network is made if DIR has none. 'devnet ctl' kills, pauses and starts them from",
            "another terminal."
        },
        mixinStandardHelpOptions = true,
        subcommands = DevnetCtlCommand.class,
        footer = {"", "Example: moraine devnet --nodes 7 --dir net"})
final class DevnetCommand implements Callable<Integer> {
    /** Bodies of bundles in all nodes together have to fit beside everything else. */
    private static final List<String> NODE_SETTINGS =
            List.of("limits.maxBundleBytes=96MiB", "limits.memoryBytes=128MiB", "storage.segmentBytes=64MiB");

    private static final List<String> GATEWAY_SETTINGS = List.of("ingest.memoryBytes=512MiB");

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private CommandSpec spec;

    @Mixin
    private final NetworkOptions network = new NetworkOptions();

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = {
                "The network's folder: one made by 'genesis init', or new or empty.",
                "Default: a temporary folder that is removed in the end."
            })
    private @Nullable Path named;

    @Option(
            names = "--node-set",
            paramLabel = "KEY=VALUE",
            description = "A setting of all nodes, instead of what their files say. May be repeated.")
    private List<String> nodeSettings = new ArrayList<>();

    @Option(
            names = "--gateway-set",
            paramLabel = "KEY=VALUE",
            description = "A setting of the gateway, instead of what its file says. May be repeated.")
    private List<String> gatewaySettings = new ArrayList<>();

    @Option(names = "--json", description = "Print one line of JSON when all are ready.")
    private boolean isJson;

    @Option(
            names = "--exit-with-parent",
            description = "End when standard input ends, so that no process outlives the one that started it.")
    private boolean exitsWithParent;

    @Override
    public Integer call() throws CommandFailedException {
        DevnetFolder folder = DevnetFolder.of(named);
        try (ExitSignal signal = ExitSignal.install(exitsWithParent, ExitSignal.PARENT_SECONDS)) {
            folder.prepare();
            run(folder, signal);
            return 0;
        } catch (DevnetException | GenesisException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            throw new CommandFailedException("the devnet was interrupted");
        }
    }

    private void run(DevnetFolder folder, ExitSignal signal)
            throws DevnetException, GenesisException, InterruptedException, CommandFailedException {
        NetworkFolder files = networkIn(folder);
        try (ControlPlace place = ControlPlace.take(files.path())) {
            Committee committee = GenesisFile.read(files.genesis());
            PrintWriter err = spec.commandLine().getErr();
            if (!isJson) {
                spec.commandLine().getOut().println("Starting " + committee.members().size()
                        + " nodes and a gateway; logs are in " + files.logs());
            }
            try (Devnet devnet = Devnet.start(files, committee, command(), line -> err.println("moraine: " + line));
                    ControlServer _ = ControlServer.open(devnet, place)) {
                printReady(devnet, files);
                signal.await();
            }
        } finally {
            folder.removeIfTemporary();
        }
    }

    private NetworkFolder networkIn(DevnetFolder folder) throws GenesisException, CommandFailedException {
        NetworkFolder files = new NetworkFolder(folder.path());
        if (!Files.exists(files.genesis())) {
            return NetworkFolder.create(folder.path(), network.plan());
        }
        if (network.isSized()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--nodes and --shards are for a new network, but there is one in " + folder.path());
        }
        return files;
    }

    private ChildCommand command() {
        List<String> ofNodes = new ArrayList<>(NODE_SETTINGS);
        ofNodes.addAll(nodeSettings);
        List<String> ofGateway = new ArrayList<>(GATEWAY_SETTINGS);
        ofGateway.addAll(gatewaySettings);
        return new ChildCommand(Main.class.getName(), ofNodes, ofGateway);
    }

    private void printReady(Devnet devnet, NetworkFolder files) throws DevnetException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        JsonNode gateway = devnet.ready(Devnet.GATEWAY);
        String http = gateway.path("http").asText();
        List<Map<String, Object>> nodes = new ArrayList<>();
        for (ChildStatus child : devnet.status()) {
            if (!child.name().equals(Devnet.GATEWAY)) {
                JsonNode ready = devnet.ready(child.name());
                Map<String, Object> node = new LinkedHashMap<>();
                node.put("id", nodes.size());
                node.put("address", ready.path("address").asText());
                node.put("http", ready.path("http").asText());
                node.put("pid", child.pid());
                node.put("dataDir", ready.path("dataDir").asText());
                nodes.add(node);
            }
        }
        if (isJson) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("ready", true);
            line.put("http", http);
            line.put("gateway", gateway);
            line.put("dir", files.path().toAbsolutePath().normalize().toString());
            line.put("nodes", nodes);
            out.println(JsonText.line(line));
            return;
        }
        for (Map<String, Object> node : nodes) {
            out.println("  node " + node.get("id") + "  " + node.get("address") + "  pid " + node.get("pid"));
        }
        out.println("  gateway " + http + (gateway.path("altDa").isTextual() ? "  alt-DA " + gateway.path("altDa").asText() : ""));
        out.println("READY; Ctrl-C ends it, 'moraine devnet ctl" + (named == null ? "" : " --dir " + named)
                + " --status' tells more");
    }
}
