package dev.moraine.ingest.peers;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BlsSecretKey;
import dev.moraine.proofs.certificate.Bundle;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.certificate.InvalidEncodingException;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.proofs.certificate.Statement;
import dev.moraine.proofs.certificate.WriterPublicKey;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.wire.message.BundleGrant;
import dev.moraine.wire.message.BundleOffer;
import dev.moraine.wire.message.BundleRefused;
import dev.moraine.wire.message.BundleSigned;
import dev.moraine.wire.message.Busy;
import dev.moraine.wire.message.CertificateKept;
import dev.moraine.wire.message.CertificatePut;
import dev.moraine.wire.message.EntryRefusal;
import dev.moraine.wire.message.Failure;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.message.HealthAnswer;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.RefusalReason;
import dev.moraine.wire.message.SliverData;
import dev.moraine.wire.message.WireEntry;
import dev.moraine.wire.transport.PeerChannel;
import dev.moraine.wire.transport.PeerServer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A storage node that behaves as it is told, and keeps what it got. It does on the event loop what a real node does
 * elsewhere. A fault of the gateway that it sees goes into {@link #complaints()}.
 */
public final class ScriptedNode implements PeerServer.Handler {
    private final Committee committee;
    private final int index;
    private final BlsSecretKey secretKey;
    private final Map<PeerChannel, Map<Long, Delivery>> deliveries = new HashMap<>();
    private final Set<Digest> offeredBefore = new HashSet<>();
    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
    private final Queue<Delivery> stored = new ConcurrentLinkedQueue<>();
    private final Queue<List<BundleEntry>> offers = new ConcurrentLinkedQueue<>();
    private final Queue<byte[]> certificates = new ConcurrentLinkedQueue<>();
    private final Set<BlobId> held = new HashSet<>();
    private volatile Function<Bundle, Behaviour> script = bundle -> Behaviour.HONEST;
    private volatile Predicate<BundleEntry> refused = entry -> true;
    private volatile RefusalReason refusalReason = RefusalReason.OVER_QUOTA;
    private volatile int busyDelayMs = 5;
    private volatile boolean refusesCertificates;
    private final CountDownLatch goOn = new CountDownLatch(1);

    ScriptedNode(Committee committee, int index, BlsSecretKey secretKey) {
        this.committee = committee;
        this.index = index;
        this.secretKey = secretKey;
    }

    /** Behaves the same for every bundle. */
    public void behave(Behaviour behaviour) {
        script = bundle -> behaviour;
    }

    /** Decides for each offer. */
    public void behave(Function<Bundle, Behaviour> decision) {
        script = decision;
    }

    /** What {@link Behaviour#REFUSES} refuses. */
    public void refuse(Predicate<BundleEntry> which, RefusalReason reason) {
        refused = which;
        refusalReason = reason;
        behave(Behaviour.REFUSES);
    }

    /** The delay that a busy node names. */
    public void busyDelayMs(int delayMs) {
        busyDelayMs = delayMs;
    }

    /** Whether certificates are not taken. */
    public void refuseCertificates(boolean refuses) {
        refusesCertificates = refuses;
    }

    /** What the gateway did wrong; empty if all is well. */
    public Queue<String> complaints() {
        return complaints;
    }

    /** The bundles whose slivers all came and verified. */
    public Queue<Delivery> stored() {
        return stored;
    }

    /** The entries of every offer. */
    public Queue<List<BundleEntry>> offers() {
        return offers;
    }

    /** The certificates that came. */
    public Queue<byte[]> certificates() {
        return certificates;
    }

    @Override
    public synchronized void onMessage(PeerChannel from, Message message) {
        try {
            switch (message) {
                case BundleOffer offer -> onOffer(from, offer);
                case SliverData data -> onSliver(from, data);
                case CertificatePut put when refusesCertificates ->
                    from.send(new Failure(put.requestId(), FailureCode.DISK_FAILED, "the disk is gone"));
                case CertificatePut put -> {
                    certificates.add(put.certificate());
                    from.send(new CertificateKept(put.requestId()));
                }
                default -> complaints.add("unexpected " + message);
            }
        } catch (InvalidEncodingException | RuntimeException e) {
            complaints.add(e.toString());
        }
    }

    @Override
    public synchronized void onClosed(PeerChannel channel) {
        deliveries.remove(channel);
    }

    private void onOffer(PeerChannel from, BundleOffer offer) throws InvalidEncodingException {
        Bundle bundle = new Bundle(offer.entries().stream().map(ScriptedNode::entry).toList());
        offers.add(bundle.entries());
        Statement statement = bundle.statement(committee.deploymentId(), offer.epoch());
        if (!bundle.root().equals(Digest.of(offer.bundleRoot()))) {
            complaints.add("wrong bundle root");
        }
        if (!WriterPublicKey.decode(offer.writerKey()).verify(statement.writeRight(), offer.writerSignature())) {
            complaints.add("wrong writer signature");
        }
        Behaviour behaviour = script.apply(bundle);
        boolean firstTime = offeredBefore.add(bundle.root());
        long requestId = offer.requestId();
        switch (behaviour) {
            case SILENT -> {}
            case DISCONNECTS -> from.close();
            case BUSY -> from.send(new Busy(requestId, busyDelayMs));
            case BUSY_ONCE -> {
                if (firstTime) {
                    from.send(new Busy(requestId, busyDelayMs));
                } else {
                    grant(from, requestId, bundle, statement, Behaviour.HONEST);
                }
            }
            case REFUSES -> {
                List<EntryRefusal> refusals = IntStream.range(0, bundle.entries().size())
                        .filter(i -> refused.test(bundle.entries().get(i)))
                        .mapToObj(i -> new EntryRefusal(i, refusalReason))
                        .toList();
                if (refusals.isEmpty()) {
                    grant(from, requestId, bundle, statement, Behaviour.HONEST);
                } else {
                    from.send(new BundleRefused(requestId, refusals));
                }
            }
            case WANTS_TOO_MUCH -> from.send(new BundleGrant(requestId, List.of(bundle.entries().size())));
            case REFUSES_TOO_MUCH -> from.send(new BundleRefused(
                    requestId, List.of(new EntryRefusal(bundle.entries().size(), RefusalReason.OVER_QUOTA))));
            case FAILS -> from.send(new Failure(requestId, FailureCode.DISK_FAILED, "the disk is gone"));
            case ANSWERS_NONSENSE -> from.send(new HealthAnswer(requestId, 0, 0, 0, 0));
            case HONEST, SWALLOWS, STALLS, SIGNS_GARBAGE, SIGNS_ANOTHER_ROOT, DISCONNECTS_IN_BODIES ->
                grant(from, requestId, bundle, statement, behaviour);
        }
    }

    private void grant(
            PeerChannel from, long requestId, Bundle bundle, Statement statement, Behaviour behaviour) {
        List<Integer> wanted = IntStream.range(0, bundle.entries().size())
                .filter(i -> !held.contains(bundle.entries().get(i).blobId()))
                .boxed()
                .toList();
        Delivery delivery = new Delivery(committee, index, bundle, statement, behaviour, wanted);
        deliveries.computeIfAbsent(from, channel -> new HashMap<>()).put(requestId, delivery);
        from.send(new BundleGrant(requestId, wanted));
        finishIfComplete(from, requestId, delivery);
    }

    private void onSliver(PeerChannel from, SliverData data) {
        Map<Long, Delivery> open = deliveries.get(from);
        Delivery delivery = open == null ? null : open.get(data.requestId());
        if (delivery == null) {
            complaints.add("a sliver of no bundle");
            return;
        }
        switch (delivery.behaviour()) {
            case DISCONNECTS_IN_BODIES -> from.close();
            case STALLS -> stall();
            default -> {
                String complaint = delivery.take(data);
                if (complaint != null) {
                    complaints.add(complaint);
                }
                finishIfComplete(from, data.requestId(), delivery);
            }
        }
    }

    /** Blocks the event loop, which is this node's own: the node reads nothing any more. */
    private void stall() {
        try {
            goOn.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends a stall. */
    void goOn() {
        goOn.countDown();
    }

    private void finishIfComplete(PeerChannel from, long requestId, Delivery delivery) {
        if (!delivery.isComplete()) {
            return;
        }
        deliveries.getOrDefault(from, Map.of()).remove(requestId);
        byte[] signature = sign(delivery);
        if (signature != null) {
            delivery.bundle().entries().forEach(entry -> held.add(entry.blobId()));
            stored.add(delivery);
            from.send(new BundleSigned(requestId, signature));
        }
    }

    private byte @Nullable [] sign(Delivery delivery) {
        Statement statement = delivery.statement();
        return switch (delivery.behaviour()) {
            case SWALLOWS -> null;
            case SIGNS_GARBAGE -> new byte[96];
            case SIGNS_ANOTHER_ROOT -> secretKey
                    .sign(new Statement(
                                    statement.deploymentId(),
                                    statement.epoch(),
                                    statement.count(),
                                    statement.deploymentId())
                            .encode())
                    .encode();
            default -> secretKey.sign(statement.encode()).encode();
        };
    }

    private static BundleEntry entry(WireEntry entry) {
        return new BundleEntry(
                new BlobId(Digest.of(entry.blobId())),
                Namespace.of(entry.namespace()),
                entry.lengthBytes(),
                entry.expiryEpoch());
    }
}
