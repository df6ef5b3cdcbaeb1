package dev.moraine.sampling.scripted;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.AvailabilityVerdict;
import dev.moraine.proofs.certificate.AvailabilityVerdict.Outcome;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.BlsSecretKey;
import dev.moraine.proofs.certificate.BlsSignature;
import dev.moraine.proofs.certificate.Bundle;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.certificate.Certificate;
import dev.moraine.proofs.certificate.CertificateAssembly;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.proofs.certificate.SignatureAggregator;
import dev.moraine.proofs.certificate.SignedVerdict;
import dev.moraine.proofs.certificate.Statement;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.committee.CommitteeMember;
import dev.moraine.proofs.committee.InvalidCommitteeException;
import dev.moraine.sampling.read.CommitteeReader;
import dev.moraine.wire.transport.BindFailedException;
import dev.moraine.wire.transport.NodeIdentity;
import dev.moraine.wire.transport.PeerConnection;
import dev.moraine.wire.transport.PeerServer;
import dev.moraine.wire.transport.ServerLimits;
import dev.moraine.wire.transport.Transport;
import dev.moraine.wire.transport.TransportKind;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/** A committee of scripted members behind loopback sockets, and connections to them. */
public final class ScriptedCommittee implements AutoCloseable {
    private static final int UNUSED_PORT = 9;
    private static final long EXPIRY_EPOCH = 7;

    private final Committee committee;
    private final List<BlsSecretKey> secrets = new ArrayList<>();
    private final Transport transport = new Transport(TransportKind.NIO, 2);
    private final Map<BlobId, ScriptedBlob> blobs = new ConcurrentHashMap<>();
    private final Map<BlobId, byte[]> certificates = new ConcurrentHashMap<>();
    private final List<ScriptedMember> members = new ArrayList<>();
    private final List<PeerConnection> peers = new ArrayList<>();

    /** Starts members with the given numbers of shards. */
    public ScriptedCommittee(Random random, int... weights) throws InvalidCommitteeException, BindFailedException {
        List<CommitteeMember> named = new ArrayList<>();
        int firstShard = 0;
        for (int weight : weights) {
            BlsSecretKey secret = BlsSecretKey.generate(new SecureRandom());
            secrets.add(secret);
            named.add(new CommitteeMember(
                    "node-" + named.size(),
                    "127.0.0.1",
                    UNUSED_PORT,
                    secret.publicKey(),
                    secret.proofOfPossession(),
                    firstShard,
                    weight));
            firstShard += weight;
        }
        committee = Committee.of(firstShard, 0, 3_600, 100, named);
        ScriptedBlob otherBlob = ScriptedBlob.random(random, firstShard, 1_000);
        byte[] deploymentId = committee.deploymentId().toBytes();
        for (int i = 0; i < weights.length; i++) {
            ScriptedMember member = new ScriptedMember(committee, i, blobs, certificates, otherBlob);
            PeerServer server = transport.listen(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    new NodeIdentity(deploymentId, i),
                    member,
                    ServerLimits.defaults());
            members.add(member);
            peers.add(transport.connect(server.address(), deploymentId, i));
        }
    }

    /** Starts so many members with one shard each. */
    public static ScriptedCommittee ofShards(Random random, int shards)
            throws InvalidCommitteeException, BindFailedException {
        int[] weights = new int[shards];
        Arrays.fill(weights, 1);
        return new ScriptedCommittee(random, weights);
    }

    /** The committee. */
    public Committee committee() {
        return committee;
    }

    /** One connection a member. */
    public List<PeerConnection> peers() {
        return peers;
    }

    /** A member. */
    public ScriptedMember member(int place) {
        return members.get(place);
    }

    /** All members. */
    public List<ScriptedMember> members() {
        return members;
    }

    /** Gives all members a blob. */
    public ScriptedBlob hold(ScriptedBlob blob) {
        blobs.put(blob.id(), blob);
        return blob;
    }

    /** Makes all members honest, and forgets which requests came. */
    public void behave(Behaviour behaviour) {
        members.forEach(member -> member.behave(behaviour));
    }

    /** Makes these members behave so, and all others honest. */
    public void behave(Collection<Integer> places, Behaviour behaviour) {
        behave(Behaviour.HONEST);
        places.forEach(place -> members.get(place).behave(behaviour));
    }

    /** A reader that asks somebody else after the given delay. */
    public CommitteeReader.Context reader(Duration hedgeDelay) {
        return new CommitteeReader.Context().committee(committee).peers(peers).hedgeDelay(hedgeDelay);
    }

    /** Certifies a blob with all members' signatures, and gives the certificate to all members. */
    public BlobCertificate certify(BlobId blobId, long lengthBytes) {
        Bundle bundle = new Bundle(
                List.of(new BundleEntry(blobId, Namespace.parse("scripted"), lengthBytes, EXPIRY_EPOCH)));
        BlobCertificate certificate = bundle.blobCertificate(certify(bundle, 1), 0);
        certificates.put(blobId, certificate.encode());
        return certificate;
    }

    /** Certifies a bundle with all members' signatures. */
    public Certificate certify(Bundle bundle, long epoch) {
        Statement statement = bundle.statement(committee.deploymentId(), epoch);
        Map<Integer, BlsSignature> signatures = new HashMap<>();
        for (int i = 0; i < secrets.size(); i++) {
            signatures.put(i, secrets.get(i).sign(statement.encode()));
        }
        return CertificateAssembly.assemble(committee, statement, signatures).certificate().orElseThrow();
    }

    /** The secret key of a member. */
    public BlsSecretKey secret(int place) {
        return secrets.get(place);
    }

    /** Event loops for further servers and connections. */
    public Transport transport() {
        return transport;
    }

    /** What some members say of a blob, signed by them. */
    public SignedVerdict verdict(BlobId blobId, Outcome outcome, Collection<Integer> signers) {
        AvailabilityVerdict verdict = new AvailabilityVerdict(outcome, committee.deploymentId(), blobId);
        List<BlsSignature> signatures = signers.stream()
                .map(signer -> secrets.get(signer).sign(verdict.encode()))
                .toList();
        return SignedVerdict.of(verdict, secrets.size(), signers, SignatureAggregator.aggregate(signatures).orElseThrow());
    }

    @Override
    public void close() {
        transport.close();
    }
}
