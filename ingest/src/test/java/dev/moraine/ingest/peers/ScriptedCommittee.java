package dev.moraine.ingest.peers;

import dev.moraine.proofs.committee.Committee;
import dev.moraine.wire.transport.BindFailedException;
import dev.moraine.wire.transport.NodeIdentity;
import dev.moraine.wire.transport.PeerConnection;
import dev.moraine.wire.transport.PeerServer;
import dev.moraine.wire.transport.ServerLimits;
import dev.moraine.wire.transport.Transport;
import dev.moraine.wire.transport.TransportKind;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Scripted nodes that listen, and connections to them. Each node has an event loop of its own. */
public final class ScriptedCommittee implements AutoCloseable {
    private final Deployment deployment;
    private final List<Transport> transports = new ArrayList<>();
    private final List<PeerServer> servers = new ArrayList<>();
    private final List<ScriptedNode> nodes = new ArrayList<>();
    private final List<PeerConnection> connections = new ArrayList<>();

    private ScriptedCommittee(Deployment deployment) {
        this.deployment = deployment;
    }

    /**
     * Starts nodes.
     *
     * @param shardCounts how many shards each holds
     */
    public static ScriptedCommittee start(int... shardCounts) {
        ScriptedCommittee started = new ScriptedCommittee(Deployment.of(shardCounts));
        try {
            started.listen();
        } catch (BindFailedException e) {
            started.close();
            throw new IllegalStateException(e);
        }
        started.connect();
        return started;
    }

    private void listen() throws BindFailedException {
        byte[] deploymentId = committee().deploymentId().toBytes();
        for (int i = 0; i < committee().members().size(); i++) {
            ScriptedNode node = new ScriptedNode(committee(), i, deployment.secretKeys().get(i));
            Transport transport = new Transport(TransportKind.NIO, 1);
            transports.add(transport);
            nodes.add(node);
            servers.add(transport.listen(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    new NodeIdentity(deploymentId, i),
                    node,
                    ServerLimits.defaults()));
        }
    }

    private void connect() {
        Transport transport = new Transport(TransportKind.select("auto"), 1);
        transports.add(transport);
        for (int i = 0; i < servers.size(); i++) {
            connections.add(
                    transport.connect(servers.get(i).address(), committee().deploymentId().toBytes(), i));
        }
    }

    /** Who signs. */
    public Committee committee() {
        return deployment.committee();
    }

    /** The nodes, in order. */
    public List<ScriptedNode> nodes() {
        return nodes;
    }

    /** A connection to each node. */
    public List<PeerConnection> connections() {
        return connections;
    }

    /** What the nodes saw a gateway do wrong. */
    public List<String> complaints() {
        return nodes.stream().flatMap(node -> node.complaints().stream()).toList();
    }

    /** Closes the connections; nothing holds slivers afterwards. */
    public void disconnect() {
        connections.forEach(PeerConnection::close);
    }

    @Override
    public void close() {
        nodes.forEach(ScriptedNode::goOn);
        disconnect();
        servers.forEach(PeerServer::close);
        transports.forEach(Transport::close);
    }
}
