package dev.moraine.ingest.disperse;

import dev.moraine.ingest.journal.CertificateJournal;
import dev.moraine.ingest.journal.UndeliveredCertificate;
import dev.moraine.proofs.certificate.Bundle;
import dev.moraine.proofs.certificate.Certificate;
import dev.moraine.wire.message.Busy;
import dev.moraine.wire.message.CertificateKept;
import dev.moraine.wire.message.CertificatePut;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.WireEntry;
import dev.moraine.wire.transport.RequestFailure;
import dev.moraine.wire.transport.ResponseHandler;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Brings every certificate to every node, those that signed late or not at all included. A node that cannot take one
 * now is asked again a few times; what it misses it learns from other nodes. What the journal says was not delivered
 * before the gateway was started is delivered again, as the nodes have time for it.
 *
 * <p>Belongs to the dispersal's thread.
 */
final class CertificateSpreader {
    /** Deliveries to one node at a time, so that a silent node does not use up the connection's requests. */
    static final int MAX_RUNNING = 8;

    /** Certificates that wait for one node; the oldest gives way. */
    static final int MAX_WAITING = 1024;

    /** Certificates from before the start that wait for the node that is fastest. */
    static final int MAX_BACKLOG_WAITING = 16;

    /** How often a certificate is offered to one node. */
    static final int MAX_ATTEMPTS = 3;

    /** How long a node that failed is left alone. */
    static final long RETRY_DELAY_NS = TimeUnit.SECONDS.toNanos(1);

    private final DispersalResources resources;
    private final List<Recipient> recipients = new ArrayList<>();
    private boolean lastAttempts;
    private boolean hasBacklog = true;

    /**
     * Starts with nothing to deliver.
     *
     * @param resources the connections and the mailbox
     */
    CertificateSpreader(DispersalResources resources) {
        this.resources = resources;
        resources.peers().forEach(peer -> recipients.add(new Recipient(peer)));
    }

    /**
     * Delivers a certificate to all nodes.
     *
     * @param certificate the certificate
     * @param bundle its bundle
     */
    void spread(Certificate certificate, Bundle bundle) {
        spread(certificate, bundle, new BitSet());
    }

    private void spread(Certificate certificate, Bundle bundle, BitSet keepers) {
        Parcel parcel = new Parcel(certificate, bundle, keepers, recipients.size() - keepers.cardinality());
        long nowNs = resources.settings().nanoClock().nanoTime();
        BitSet lacking = new BitSet();
        lacking.set(0, recipients.size());
        lacking.andNot(keepers);
        for (int member = 0; member < recipients.size(); member++) {
            if (lacking.get(member)) {
                recipients.get(member).add(new Delivery(recipients.get(member), member, parcel));
                recipients.get(member).start(nowNs);
            }
        }
    }

    /** Goes on with what was not delivered before the start. */
    private int spreadBacklog() {
        CertificateJournal journal = resources.settings().journal();
        if (journal == null || lastAttempts || !hasBacklog) {
            return 0;
        }
        for (int i = 0; i < recipients.size(); i++) {
            if (recipients.get(i).waiting.size() < MAX_BACKLOG_WAITING) {
                UndeliveredCertificate next = journal.nextUndelivered();
                hasBacklog = next != null;
                if (next != null) {
                    spread(next.certificate(), next.bundle(), next.keepers());
                    return 1;
                }
            }
        }
        return 0;
    }

    /**
     * Looks at the clock.
     *
     * @param nowNs now
     * @return how many deliveries were started
     */
    int onTime(long nowNs) {
        int started = spreadBacklog();
        for (Recipient recipient : recipients) {
            started += recipient.start(nowNs);
        }
        return started;
    }

    /** From now on a delivery that fails is not repeated. */
    void makeLastAttempts() {
        lastAttempts = true;
        for (Recipient recipient : recipients) {
            recipient.pausedUntilNs = Recipient.NOT_PAUSED;
        }
    }

    /** {@return whether nothing is being delivered or waits for it} */
    boolean isIdle() {
        for (int i = 0; i < recipients.size(); i++) {
            if (recipients.get(i).running != 0 || !recipients.get(i).waiting.isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** One node. */
    private static final class Recipient {
        private static final long NOT_PAUSED = Long.MIN_VALUE;

        private final PeerQueue peer;
        private final ArrayDeque<Delivery> waiting = new ArrayDeque<>();
        private int running;
        private long pausedUntilNs = NOT_PAUSED;

        Recipient(PeerQueue peer) {
            this.peer = peer;
        }

        void add(Delivery delivery) {
            if (waiting.size() == MAX_WAITING) {
                waiting.removeFirst().isUndelivered();
            }
            waiting.addLast(delivery);
        }

        int start(long nowNs) {
            if (pausedUntilNs != NOT_PAUSED) {
                if (nowNs - pausedUntilNs < 0) {
                    return 0;
                }
                pausedUntilNs = NOT_PAUSED;
            }
            int started = 0;
            while (running < MAX_RUNNING && !waiting.isEmpty()) {
                waiting.removeFirst().send();
                running++;
                started++;
            }
            return started;
        }
    }

    /** One certificate for all nodes that do not keep it yet. */
    private final class Parcel {
        private final Certificate certificate;
        private final Bundle bundle;
        private final byte[] encoded;
        private final List<WireEntry> entries;
        private final BitSet keepers;
        private int running;

        Parcel(Certificate certificate, Bundle bundle, BitSet keepers, int running) {
            this.certificate = certificate;
            this.bundle = bundle;
            this.encoded = certificate.encode();
            this.entries = WireEntries.of(bundle.entries());
            this.keepers = keepers;
            this.running = running;
        }

        void ended() {
            CertificateJournal journal = resources.settings().journal();
            if (--running == 0 && journal != null && !keepers.isEmpty()) {
                journal.noteDelivered(certificate, bundle, keepers);
            }
        }
    }

    /** One certificate for one node. */
    private final class Delivery implements ResponseHandler {
        private final Recipient recipient;
        private final int member;
        private final Parcel parcel;
        private int attempts;

        Delivery(Recipient recipient, int member, Parcel parcel) {
            this.recipient = recipient;
            this.member = member;
            this.parcel = parcel;
        }

        void send() {
            attempts++;
            recipient.peer.connection().request(
                    requestId -> new CertificatePut(requestId, parcel.encoded, parcel.entries),
                    this,
                    resources.settings().nodeTimeoutNs());
        }

        @Override
        public boolean onMessage(Message message) {
            resources.mailbox().post(() -> {
                recipient.running--;
                switch (message) {
                    case CertificateKept kept -> isKept();
                    case Busy busy -> again(TimeUnit.MILLISECONDS.toNanos(busy.retryDelayMs()));
                    default -> isUndelivered();
                }
            });
            return true;
        }

        @Override
        public void onFailure(RequestFailure failure) {
            resources.mailbox().post(() -> {
                recipient.running--;
                again(RETRY_DELAY_NS);
            });
        }

        private void isKept() {
            resources.settings().counters().countCertificateKept();
            parcel.keepers.set(member);
            parcel.ended();
        }

        void isUndelivered() {
            resources.settings().counters().countCertificateUndelivered();
            parcel.ended();
        }

        private void again(long delayNs) {
            if (attempts == MAX_ATTEMPTS || lastAttempts) {
                isUndelivered();
                return;
            }
            recipient.add(this);
            recipient.pausedUntilNs = resources.settings().nanoClock().nanoTime() + delayNs;
        }
    }
}
