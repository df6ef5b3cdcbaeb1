package dev.moraine.sampling.repair;

import dev.moraine.proofs.proof.Axis;
import dev.moraine.sampling.repair.SymbolIntake.Want;
import dev.moraine.wire.message.MessageLimits;
import dev.moraine.wire.transport.PeerConnection;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The other nodes: what is wanted of each, how many requests each has, and how it did lately. What is wanted of a node by
 * many slivers goes out together. For the thread of the agent.
 */
final class RepairPeers {
    /** Requests that a node has at a time: while it sends the answer to one, it can begin with the next. */
    private static final int MAX_RUNNING = 2;

    /** Bytes that are asked for in one request, unless what one sliver wants is more. */
    private static final long MAX_REQUEST_BYTES = 4 << 20;

    /** An answer comes at this pace at the least. */
    private static final long LEAST_BYTES_PER_SECOND = 1 << 20;

    private static final long MAX_PENALTY_NS = TimeUnit.MINUTES.toNanos(2);
    private static final long FIRST_PENALTY_NS = TimeUnit.SECONDS.toNanos(2);
    private static final long LIE_PENALTY_NS = TimeUnit.MINUTES.toNanos(10);
    private static final int MAX_DOUBLINGS = 10;

    private final List<Peer> peers = new ArrayList<>();
    private final RepairSettings settings;
    private final RepairCounters counters;
    private final Consumer<SymbolIntake> whenOver;
    private double budgetBytes;
    private long budgetAtNs;

    /** One node. */
    private static final class Peer {
        private final PeerConnection connection;
        private final Deque<Want> ofRows = new ArrayDeque<>();
        private final Deque<Want> ofColumns = new ArrayDeque<>();
        private int running;
        private int failures;
        private boolean isPenalised;
        private long penaltyEndNs;
        private long queuedBytes;

        private Peer(PeerConnection connection) {
            this.connection = connection;
        }

        private Deque<Want> wants(Axis axis) {
            return axis == Axis.ROW ? ofRows : ofColumns;
        }
    }

    /**
     * Nothing is wanted yet.
     *
     * @param connections one for each member, in committee order; that of this node itself is never used
     * @param settings pace and patience
     * @param counters counts requests
     * @param whenOver takes each request when it is over, on an event loop
     * @param nowNs now
     */
    RepairPeers(
            List<PeerConnection> connections,
            RepairSettings settings,
            RepairCounters counters,
            Consumer<SymbolIntake> whenOver,
            long nowNs) {
        connections.forEach(connection -> peers.add(new Peer(connection)));
        this.settings = settings;
        this.counters = counters;
        this.whenOver = whenOver;
        budgetBytes = settings.bytesPerSecond();
        budgetAtNs = nowNs;
    }

    PeerConnection connection(int member) {
        return peers.get(member).connection;
    }

    /**
     * How little a node is to be preferred.
     *
     * @param member its place
     * @param nowNs now
     * @return bytes that wait for it; more than any such sum while it is to be avoided
     */
    long burden(int member, long nowNs) {
        Peer peer = peers.get(member);
        if (peer.isPenalised && nowNs - peer.penaltyEndNs >= 0) {
            peer.isPenalised = false;
        }
        return peer.isPenalised ? Long.MAX_VALUE / 2 + peer.failures : peer.queuedBytes;
    }

    /**
     * Whether a node is to be avoided, as long as there are others.
     *
     * @param member its place
     * @param nowNs now
     */
    boolean isAvoided(int member, long nowNs) {
        return burden(member, nowNs) >= Long.MAX_VALUE / 2;
    }

    /** Wants symbols of a node. */
    void want(int member, Want want) {
        Peer peer = peers.get(member);
        peer.wants(want.repair().way().proofAxis()).add(want);
        peer.queuedBytes += want.answerBytes();
    }

    /** A node answered as it should. */
    void noteGood(int member) {
        Peer peer = peers.get(member);
        peer.failures = 0;
        peer.isPenalised = false;
    }

    /** A node did not answer. */
    void noteFailure(int member, long nowNs) {
        Peer peer = peers.get(member);
        int doublings = Math.min(peer.failures, MAX_DOUBLINGS);
        peer.failures++;
        penalise(peer, nowNs + Math.min(MAX_PENALTY_NS, FIRST_PENALTY_NS << doublings), nowNs);
    }

    /** A node gave a wrong answer. */
    void noteLie(int member, long nowNs) {
        counters.addLie(member);
        Peer peer = peers.get(member);
        peer.failures++;
        penalise(peer, nowNs + LIE_PENALTY_NS, nowNs);
    }

    private static void penalise(Peer peer, long endNs, long nowNs) {
        if (!peer.isPenalised || endNs - nowNs > peer.penaltyEndNs - nowNs) {
            peer.penaltyEndNs = endNs;
        }
        peer.isPenalised = true;
    }

    /** A request of a node is over. */
    void noteOver(SymbolIntake intake) {
        Peer peer = peers.get(intake.member());
        peer.running--;
        peer.queuedBytes -= intake.wants().stream().mapToLong(Want::answerBytes).sum();
    }

    /**
     * Sends what is wanted, as far as nodes and pace allow.
     *
     * @param nowNs now
     * @return how many requests were sent
     */
    int send(long nowNs) {
        double elapsedSeconds = (nowNs - budgetAtNs) / (double) TimeUnit.SECONDS.toNanos(1);
        budgetAtNs = nowNs;
        // So much is made up for after a pause; a request may overdraw what is left, and is paid for afterwards.
        double bytesPerSecond = settings.bytesPerSecond();
        budgetBytes = Math.min(bytesPerSecond, budgetBytes + elapsedSeconds * bytesPerSecond);
        int sent = 0;
        for (int member = 0; member < peers.size(); member++) {
            Peer peer = peers.get(member);
            for (Axis axis : Axis.values()) {
                while (peer.running < MAX_RUNNING && budgetBytes > 0 && !peer.wants(axis).isEmpty()) {
                    send(member, peer, axis);
                    sent++;
                }
            }
        }
        return sent;
    }

    private void send(int member, Peer peer, Axis axis) {
        SymbolIntake intake = new SymbolIntake(member, axis, batch(peer.wants(axis)), whenOver);
        peer.running++;
        budgetBytes -= intake.expectedBytes();
        counters.add(RepairCount.REQUESTS);
        long transferNs = (long) ((double) intake.expectedBytes() / LEAST_BYTES_PER_SECOND * TimeUnit.SECONDS.toNanos(1));
        peer.connection.request(intake::message, intake, settings.requestTimeoutNs() + transferNs);
    }

    private static List<Want> batch(Deque<Want> wants) {
        List<Want> batch = new ArrayList<>();
        long bytes = 0;
        int symbols = 0;
        while (!wants.isEmpty()) {
            Want next = wants.peek();
            bytes += next.answerBytes();
            symbols += next.repair().symbolsPerSource();
            if (!batch.isEmpty() && (bytes > MAX_REQUEST_BYTES || symbols > MessageLimits.MAX_COORDINATES)) {
                break;
            }
            batch.add(wants.remove());
        }
        return batch;
    }
}
