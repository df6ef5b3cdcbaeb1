package dev.moraine.ingest.disperse;

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
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Brings every certificate to every node, those that signed late or not at all included. A node that cannot take one
 * now is asked again a few times; what it misses it learns from other nodes.
 *
 * <p>Belongs to the dispersal's thread.
 */
final class CertificateSpreader {
    /** Deliveries to one node at a time, so that a silent node does not use up the connection's requests. */
    static final int MAX_RUNNING = 8;

    /** Certificates that wait for one node; the oldest gives way. */
    static final int MAX_WAITING = 1024;

    /** How often a certificate is offered to one node. */
    static final int MAX_ATTEMPTS = 3;

    /** How long a node that failed is left alone. */
    static final long RETRY_DELAY_NS = TimeUnit.SECONDS.toNanos(1);

    private final DispersalResources resources;
    private final List<Recipient> recipients = new ArrayList<>();
    private boolean lastAttempts;

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
        byte[] encoded = certificate.encode();
        List<WireEntry> entries = WireEntries.of(bundle.entries());
        long nowNs = resources.settings().nanoClock().nanoTime();
        for (Recipient recipient : recipients) {
            recipient.add(new Delivery(recipient, encoded, entries));
            recipient.start(nowNs);
        }
    }

    /**
     * Looks at the clock.
     *
     * @param nowNs now
     * @return how many deliveries were started
     */
    int onTime(long nowNs) {
        int started = 0;
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
    private final class Recipient {
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
                waiting.removeFirst();
                resources.settings().counters().countCertificateUndelivered();
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

    /** One certificate for one node. */
    private final class Delivery implements ResponseHandler {
        private final Recipient recipient;
        private final byte[] certificate;
        private final List<WireEntry> entries;
        private int attempts;

        Delivery(Recipient recipient, byte[] certificate, List<WireEntry> entries) {
            this.recipient = recipient;
            this.certificate = certificate;
            this.entries = entries;
        }

        void send() {
            attempts++;
            recipient.peer.connection().request(
                    requestId -> new CertificatePut(requestId, certificate, entries),
                    this,
                    resources.settings().nodeTimeoutNs());
        }

        @Override
        public boolean onMessage(Message message) {
            resources.mailbox().post(() -> {
                recipient.running--;
                switch (message) {
                    case CertificateKept kept -> resources.settings().counters().countCertificateKept();
                    case Busy busy -> again(TimeUnit.MILLISECONDS.toNanos(busy.retryDelayMs()));
                    default -> resources.settings().counters().countCertificateUndelivered();
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

        private void again(long delayNs) {
            if (attempts == MAX_ATTEMPTS || lastAttempts) {
                resources.settings().counters().countCertificateUndelivered();
                return;
            }
            recipient.add(this);
            recipient.pausedUntilNs = resources.settings().nanoClock().nanoTime() + delayNs;
        }
    }
}
