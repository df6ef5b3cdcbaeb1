package dev.moraine.node.client;

import dev.moraine.node.genesis.GenesisFile;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.committee.CommitteeMember;
import dev.moraine.sampling.read.BlobReader;
import dev.moraine.sampling.read.CommitteeReader;
import dev.moraine.sampling.read.FaultKind;
import dev.moraine.sampling.read.MemberFault;
import dev.moraine.sampling.read.ReadResult;
import dev.moraine.wire.transport.PeerConnection;
import dev.moraine.wire.transport.Transport;
import dev.moraine.wire.transport.TransportKind;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads blobs straight from the storage nodes, without a gateway. Thread-safe; calls block. */
public final class DirectReader implements AutoCloseable {
    private final Transport transport;
    private final List<PeerConnection> peers = new ArrayList<>();
    private final CommitteeReader committee;
    private final BlobReader blobs;

    /**
     * Prepares connections to all nodes.
     *
     * @param genesis the committee, with the addresses of its nodes, and how they are known if connections are encrypted
     * @param kind how sockets are driven
     * @param maxBlobBytes longest blob that is read
     */
    public DirectReader(GenesisFile.Content genesis, TransportKind kind, long maxBlobBytes) {
        Committee members = genesis.committee();
        transport = new Transport(kind, 1);
        genesis.protect(transport, null);
        byte[] deploymentId = members.deploymentId().toBytes();
        for (int i = 0; i < members.members().size(); i++) {
            CommitteeMember member = members.members().get(i);
            InetSocketAddress address = InetSocketAddress.createUnresolved(member.host(), member.port());
            peers.add(transport.connect(address, deploymentId, i));
        }
        committee = new CommitteeReader.Context()
                .committee(members)
                .peers(peers)
                .maxBlobBytes(maxBlobBytes)
                .conclude();
        blobs = new BlobReader(committee);
    }

    /**
     * Reads a blob.
     *
     * @param id the blob
     * @param timeout how long to wait for the nodes
     * @return its bytes
     * @throws ClientException if it cannot be had, or counts as empty because its writer encoded it wrongly
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public byte[] get(BlobId id, Duration timeout) throws ClientException, InterruptedException {
        try (ReadResult result = blobs.read(id, committee.deadline(timeout))) {
            return switch (result) {
                case ReadResult.Read read -> read.bytes().toArray(ValueLayout.JAVA_BYTE);
                case ReadResult.Inconsistent _ -> throw new ClientException(
                        ClientException.Kind.WRONG_ANSWER,
                        "the writer of blob " + id + " encoded it wrongly: it counts as empty");
                case ReadResult.OverLimit over -> throw new ClientException(
                        ClientException.Kind.REFUSED,
                        "blob " + id + " has " + over.lengthBytes() + " bytes: the limit is " + over.limitBytes());
                case ReadResult.Unavailable unavailable -> throw unavailable(id, unavailable);
            };
        }
    }

    private ClientException unavailable(BlobId id, ReadResult.Unavailable result) {
        int wanted = 2 * committee.committee().geometry().faultTolerance() + 1;
        int missing = result.blame().faults().stream()
                .filter(fault -> fault.kind() == FaultKind.NOT_HELD)
                .mapToInt(MemberFault::member)
                .distinct()
                .map(member -> committee.committee().weight(member))
                .sum();
        return missing >= wanted
                ? new ClientException(
                        ClientException.Kind.NOT_FOUND, "the nodes hold no blob " + id + ", or not any more")
                : new ClientException(
                        ClientException.Kind.UNAVAILABLE, "blob " + id + " cannot be had now: " + result.missing());
    }

    @Override
    public void close() {
        peers.forEach(PeerConnection::close);
        transport.close();
    }
}
