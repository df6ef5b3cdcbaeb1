package dev.moraine.node.demo;

import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.committee.CommitteeMember;
import dev.moraine.sampling.read.CommitteeReader;
import dev.moraine.wire.transport.PeerConnection;
import dev.moraine.wire.transport.Transport;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Connections of one reader to all nodes of a committee: fresh ones, so that the nodes cannot tell who asks.
 *
 * <p>For one thread.
 */
final class ReaderConnections implements AutoCloseable {
    private final List<PeerConnection> peers;
    private final CommitteeReader reader;

    /**
     * Makes connections that are opened when they are first used.
     *
     * @param transport event loops, which stay the caller's
     * @param committee whom to connect to
     * @param maxBlobBytes longest blob that is read
     */
    ReaderConnections(Transport transport, Committee committee, long maxBlobBytes) {
        byte[] deploymentId = committee.deploymentId().toBytes();
        List<CommitteeMember> members = committee.members();
        peers = members.stream()
                .map(member -> transport.connect(
                        new InetSocketAddress(member.host(), member.port()), deploymentId, members.indexOf(member)))
                .toList();
        reader = new CommitteeReader.Context()
                .committee(committee)
                .peers(peers)
                .maxBlobBytes(maxBlobBytes)
                .conclude();
    }

    /**
     * The reader over these connections.
     *
     * @return a reader that works until they are closed
     */
    CommitteeReader reader() {
        return reader;
    }

    @Override
    public void close() {
        peers.forEach(PeerConnection::close);
    }
}
