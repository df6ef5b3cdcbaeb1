package dev.moraine.node.cli;

import dev.moraine.codec.Geometry;
import dev.moraine.node.demo.DemoException;
import dev.moraine.node.demo.LoopbackPorts;
import dev.moraine.node.genesis.NetworkPlan;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.committee.EpochSchedule;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What a new network is to be like. */
final class NetworkOptions {
    private static final int MAX_QUOTA_GIB = 1 << 30;
    private static final int DEFAULT_NODES = 7;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private CommandSpec spec;

    @Option(names = "--nodes", paramLabel = "N", description = "How many storage nodes, from 4 to 192. Default: 7.")
    private @Nullable Integer nodes;

    @Option(
            names = "--shards",
            paramLabel = "S",
            description = "Shards of the committee, from N to 192, shared out evenly. Default: one for each node.")
    private @Nullable Integer shards;

    @Option(
            names = "--base-port",
            paramLabel = "P",
            defaultValue = "0",
            description = "Nodes listen on P, P+1, … of 127.0.0.1. Default: free ports.")
    private int basePort;

    @Option(
            names = "--http-port",
            paramLabel = "P",
            defaultValue = "8480",
            description = "Where the gateway serves HTTP on 127.0.0.1, 0 for any free port. Default: ${DEFAULT-VALUE}.")
    private int httpPort;

    @Option(
            names = "--alt-da-port",
            paramLabel = "P",
            defaultValue = "3100",
            description = "The same for the OP Stack's interface. Default: ${DEFAULT-VALUE}.")
    private int altDaPort;

    @Option(
            names = "--epoch-seconds",
            paramLabel = "S",
            defaultValue = "3600",
            description = "How long an epoch lasts. Default: ${DEFAULT-VALUE}.")
    private long epochSeconds;

    @Option(
            names = "--retention-epochs",
            paramLabel = "E",
            defaultValue = "336",
            description = "For how many epochs a blob may be kept. Default: ${DEFAULT-VALUE}.")
    private long retentionEpochs;

    @Option(
            names = "--namespace",
            paramLabel = "NAME",
            description = "What the gateway may write: 64 hex digits or a short name; may be repeated. Default: anything.")
    private List<String> namespaces = new ArrayList<>();

    @Option(
            names = "--quota-gib",
            paramLabel = "GIB",
            defaultValue = "1024",
            description = "What the gateway may hold in the whole committee. Default: ${DEFAULT-VALUE}.")
    private int quotaGib;

    @Option(
            names = "--tls",
            description = "Make a certificate for each process, and encrypt connections to nodes. Whom a node lets in is"
                    + " set in its configuration (tls.clients).")
    private boolean isEncrypted;

    /** {@return whether the number of nodes or shards was given} */
    boolean isSized() {
        return nodes != null || shards != null;
    }

    /**
     * Makes a plan.
     *
     * @return the plan
     * @throws CommandFailedException if there are not that many free ports
     * @throws ParameterException if a value is out of its range
     */
    NetworkPlan plan() throws CommandFailedException {
        int nodeCount = nodes == null ? DEFAULT_NODES : nodes;
        int shardCount = shards == null ? nodeCount : shards;
        checkRange("--nodes", nodeCount, Geometry.MIN_SHARDS, Geometry.MAX_SHARDS);
        checkRange("--shards", shardCount, nodeCount, Geometry.MAX_SHARDS);
        int most = (shardCount + nodeCount - 1) / nodeCount;
        int faults = new Geometry(shardCount).faultTolerance();
        if (most > faults) {
            throw usage("--shards " + shardCount + " for " + nodeCount + " nodes gives a node " + most
                    + " shards, but it may have at most f = " + faults);
        }
        checkRange("--http-port", httpPort, 0, LoopbackPorts.MAX_PORT);
        checkRange("--alt-da-port", altDaPort, 0, LoopbackPorts.MAX_PORT);
        checkRange("--epoch-seconds", epochSeconds, 1, EpochSchedule.MAX_EPOCH_SECONDS);
        checkRange("--retention-epochs", retentionEpochs, 1, Committee.MAX_RETENTION_EPOCHS);
        checkRange("--quota-gib", quotaGib, 0, MAX_QUOTA_GIB);
        return new NetworkPlan(
                shardCount,
                InetAddress.getLoopbackAddress().getHostAddress(),
                ports(nodeCount),
                httpPort,
                altDaPort,
                System.currentTimeMillis() / 1000,
                epochSeconds,
                retentionEpochs,
                granted(),
                (long) quotaGib << 30,
                isEncrypted);
    }

    private List<Integer> ports(int count) throws CommandFailedException {
        if (basePort == 0) {
            try {
                return LoopbackPorts.free(count);
            } catch (DemoException e) {
                throw new CommandFailedException(String.valueOf(e.getMessage()));
            }
        }
        checkRange("--base-port", basePort, 1, LoopbackPorts.MAX_PORT - count + 1);
        return IntStream.range(basePort, basePort + count).boxed().toList();
    }

    private @Nullable Set<Namespace> granted() {
        if (namespaces.isEmpty()) {
            return null;
        }
        Set<Namespace> granted = new HashSet<>();
        for (String namespace : namespaces) {
            try {
                granted.add(Namespace.parse(namespace));
            } catch (IllegalArgumentException e) {
                throw usage("--namespace " + namespace + ": " + e.getMessage());
            }
        }
        return granted;
    }

    private void checkRange(String option, long value, long least, long most) {
        if (value < least || value > most) {
            throw usage(option + " must be from " + least + " to " + most + ", but is " + value);
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
