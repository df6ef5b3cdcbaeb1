package dev.moraine.node.genesis;

import dev.moraine.node.config.ConfigDraft;
import dev.moraine.node.config.GatewayKeys;
import dev.moraine.node.config.NodeKeys;
import dev.moraine.node.config.SharedKeys;
import dev.moraine.node.storagenode.WriterGrant;
import dev.moraine.proofs.certificate.BlsSecretKey;
import dev.moraine.proofs.certificate.KeyFile;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.proofs.certificate.WriterKey;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.committee.CommitteeMember;
import dev.moraine.proofs.committee.InvalidCommitteeException;
import dev.moraine.wire.transport.CertificatePin;
import dev.moraine.wire.transport.TlsIdentity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The folder of a network:
 *
 * <pre>
 * genesis.json
 * node-0/node.yaml, node-0/node.key, node-0/data/  (and so on for every node)
 * gateway/gateway.yaml, gateway/writer.key
 * logs/
 * </pre>
 *
 * <p>It appears under its name only when it is complete, and never in place of another. Immutable.
 *
 * @param path the folder
 */
public record NetworkFolder(Path path) {
    private static final String LOOPBACK = "127.0.0.1";
    private static final long ALT_DA_RETAIN_EPOCHS = 336;
    private static final String GENESIS = "genesis.json";
    private static final String NODE_CONFIG = "node.yaml";
    private static final String NODE_KEY = "node.key";
    private static final String GATEWAY_CONFIG = "gateway.yaml";
    private static final String WRITER_KEY = "writer.key";
    private static final String TLS_CERTIFICATE = "tls.crt";
    private static final String TLS_KEY = "tls.key";

    /**
     * Makes a network: fresh keys, the genesis file, and a folder with a configuration for each process.
     *
     * @param path a name that is free, or an empty folder
     * @param plan what it is to be like
     * @return the folder
     * @throws GenesisException if the plan gives no valid committee, the name is taken, or something cannot be written
     */
    public static NetworkFolder create(Path path, NetworkPlan plan) throws GenesisException {
        Path target = path.toAbsolutePath().normalize();
        Path parent = target.getParent();
        try {
            if (Files.exists(target) && (!Files.isDirectory(target) || !isEmpty(target))) {
                throw new GenesisException(path + " exists already and is not an empty folder; a network is never"
                        + " overwritten");
            }
            if (parent == null || !Files.isDirectory(parent)) {
                throw new GenesisException("cannot make " + path + ": there is no folder " + parent);
            }
            Path partial = parent.resolve(".moraine-" + Long.toHexString(new SecureRandom().nextLong()));
            Files.createDirectory(partial);
            try {
                fill(partial, plan);
                Files.deleteIfExists(target);
                Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                removeTree(partial);
            }
            return new NetworkFolder(path);
        } catch (IOException e) {
            throw new GenesisException("cannot make " + path + ": " + e, e);
        }
    }

    /** {@return the genesis file} */
    public Path genesis() {
        return path.resolve(GENESIS);
    }

    /**
     * The configuration of a node.
     *
     * @param node its place in the committee
     * @return the file
     */
    public Path nodeConfig(int node) {
        return nodeFolder(path, node).resolve(NODE_CONFIG);
    }

    /**
     * Where a node keeps its slivers.
     *
     * @param node its place in the committee
     * @return the folder, which the node makes
     */
    public Path nodeData(int node) {
        return nodeFolder(path, node).resolve("data");
    }

    /** {@return the configuration of the gateway} */
    public Path gatewayConfig() {
        return path.resolve("gateway").resolve(GATEWAY_CONFIG);
    }

    /** {@return where logs go} */
    public Path logs() {
        return path.resolve("logs");
    }

    /** {@return where the processes of a devnet put what they need while they run; emptied when one starts} */
    public Path temporary() {
        return path.resolve("tmp").toAbsolutePath();
    }

    /**
     * Removes a folder and all that is in it.
     *
     * @param folder the folder; nothing happens if it is missing
     * @throws IOException if something cannot be removed
     */
    public static void removeTree(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> content = Files.walk(folder)) {
            for (Path each : content.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }

    private static void fill(Path folder, NetworkPlan plan) throws GenesisException, IOException {
        SecureRandom random = new SecureRandom();
        List<BlsSecretKey> keys = new ArrayList<>();
        WriterKey writer = WriterKey.generate(random);
        try {
            for (int node = 0; node < plan.nodes(); node++) {
                keys.add(BlsSecretKey.generate(random));
            }
            Files.createDirectory(folder.resolve("logs"));
            List<CertificatePin> pins = new ArrayList<>();
            Path gateway = Files.createDirectory(folder.resolve("gateway"));
            if (plan.isEncrypted()) {
                TlsIdentity.create(gateway.resolve(TLS_CERTIFICATE), gateway.resolve(TLS_KEY), "gateway");
            }
            WriterGrant grant = new WriterGrant(writer.publicKey(), plan.namespaces(), plan.quotaBytes());
            for (int node = 0; node < plan.nodes(); node++) {
                Path own = Files.createDirectory(nodeFolder(folder, node));
                KeyFile.write(own.resolve(NODE_KEY), keys.get(node));
                if (plan.isEncrypted()) {
                    pins.add(TlsIdentity.create(own.resolve(TLS_CERTIFICATE), own.resolve(TLS_KEY), "node-" + node)
                            .pin());
                }
                write(own.resolve(NODE_CONFIG), nodeConfig(grant, plan.isEncrypted()));
            }
            GenesisFile.write(folder.resolve(GENESIS), new GenesisFile.Content(committee(plan, keys), pins));
            KeyFile.write(gateway.resolve(WRITER_KEY), writer);
            write(gateway.resolve(GATEWAY_CONFIG), gatewayConfig(plan));
        } finally {
            keys.forEach(BlsSecretKey::destroy);
            writer.destroy();
        }
    }

    private static Committee committee(NetworkPlan plan, List<BlsSecretKey> keys) throws GenesisException {
        List<CommitteeMember> members = new ArrayList<>();
        for (int node = 0; node < plan.nodes(); node++) {
            int firstShard = plan.firstShard(node);
            members.add(new CommitteeMember(
                    "node-" + node,
                    plan.host(),
                    plan.ports().get(node),
                    keys.get(node).publicKey(),
                    keys.get(node).proofOfPossession(),
                    firstShard,
                    plan.firstShard(node + 1) - firstShard));
        }
        try {
            return Committee.of(
                    plan.shards(), plan.genesisTimeSeconds(), plan.epochSeconds(), plan.retentionEpochs(), members);
        } catch (InvalidCommitteeException e) {
            throw new GenesisException(String.valueOf(e.getMessage()), e);
        }
    }

    private static ConfigDraft withTls(ConfigDraft draft) {
        return draft.set(SharedKeys.TLS_CERTIFICATE, Path.of(TLS_CERTIFICATE))
                .set(SharedKeys.TLS_KEY, Path.of(TLS_KEY));
    }

    private static String nodeConfig(WriterGrant grant, boolean isEncrypted) {
        ConfigDraft draft = new ConfigDraft(NodeKeys.SCHEMA);
        if (isEncrypted) {
            withTls(draft);
        }
        return draft
                .set(SharedKeys.GENESIS, Path.of("..", GENESIS))
                .set(SharedKeys.KEY, Path.of(NODE_KEY))
                .set(NodeKeys.DATA, Path.of("data"))
                .set(NodeKeys.WRITERS, List.of(grant))
                .set(NodeKeys.HTTP_ADDRESS, InetSocketAddress.createUnresolved(LOOPBACK, 0))
                .yaml();
    }

    private static String gatewayConfig(NetworkPlan plan) {
        Set<Namespace> granted = plan.namespaces();
        Namespace ofAltDa = granted == null
                ? Namespace.parse("alt-da")
                : granted.stream().min(Comparator.comparing(Namespace::toString)).orElseThrow();
        ConfigDraft draft = new ConfigDraft(GatewayKeys.SCHEMA);
        if (plan.isEncrypted()) {
            withTls(draft);
        }
        return draft
                .set(GatewayKeys.HTTP_ADDRESS, InetSocketAddress.createUnresolved(LOOPBACK, plan.httpPort()))
                .set(GatewayKeys.ALT_DA_ADDRESS, InetSocketAddress.createUnresolved(LOOPBACK, plan.altDaPort()))
                .set(GatewayKeys.ALT_DA_NAMESPACE, ofAltDa)
                .set(GatewayKeys.ALT_DA_RETAIN_EPOCHS, Math.min(plan.retentionEpochs(), ALT_DA_RETAIN_EPOCHS))
                .set(SharedKeys.GENESIS, Path.of("..", GENESIS))
                .set(SharedKeys.KEY, Path.of(WRITER_KEY))
                .yaml();
    }

    private static void write(Path file, String text) throws IOException {
        Files.writeString(
                file, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.DSYNC);
    }

    private static Path nodeFolder(Path folder, int node) {
        return folder.resolve("node-" + node);
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            return !files.iterator().hasNext();
        }
    }
}
