package dev.moraine.node.cli;

import dev.moraine.node.genesis.GenesisException;
import dev.moraine.node.genesis.GenesisFile;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.committee.CommitteeMember;
import dev.moraine.sampling.read.CommitteeReader;
import dev.moraine.wire.transport.PeerConnection;
import dev.moraine.wire.transport.Transport;
import dev.moraine.wire.transport.TransportKind;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Connections of one command to all nodes of a genesis file, opened when they are first used. For one thread. */
final class CommitteeLink implements AutoCloseable {
    private final Committee committee;
    private final Transport transport;
    private final List<PeerConnection> peers = new ArrayList<>();
    private final CommitteeReader reader;

    private CommitteeLink(GenesisFile.Content genesis) {
        committee = genesis.committee();
        transport = new Transport(TransportKind.select("auto"), 1);
        genesis.protect(transport, null);
        byte[] deploymentId = committee.deploymentId().toBytes();
        for (CommitteeMember member : committee.members()) {
            InetSocketAddress address = new InetSocketAddress(member.host(), member.port());
            peers.add(transport.connect(address, deploymentId, peers.size()));
        }
        reader = new CommitteeReader.Context().committee(committee).peers(peers).conclude();
    }

    /**
     * Reads a genesis file and prepares connections.
     *
     * @param genesis the file
     * @return the connections
     * @throws CommandFailedException if the file is no genesis file
     */
    static CommitteeLink of(Path genesis) throws CommandFailedException {
        try {
            return new CommitteeLink(GenesisFile.readContent(genesis));
        } catch (GenesisException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()));
        }
    }

    /** The committee. */
    Committee committee() {
        return committee;
    }

    /** One connection a node, in the order of the committee. */
    List<PeerConnection> peers() {
        return peers;
    }

    /** A reader over the connections. */
    CommitteeReader reader() {
        return reader;
    }

    @Override
    public void close() {
        transport.close();
    }
}
