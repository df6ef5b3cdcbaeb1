package dev.moraine.node.storagenode;

import dev.moraine.wire.message.BundleOffer;
import dev.moraine.wire.message.CertificatePut;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.transport.PeerChannel;
import dev.moraine.wire.transport.WakeUpIdle;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.agrona.concurrent.NanoClock;

/**
 * Checks what must be checked before anything large is taken or written: offers, with the writer's signature, and
 * certificates. It also drops the uploads that stall. It never writes, so a slow disk does not hold it up.
 */
final class AdmissionAgent implements Agent {
    private static final Logger LOGGER = System.getLogger(AdmissionAgent.class.getName());
    private static final long STALL_CHECK_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int MAX_OFFERS_PER_DUTY_CYCLE = 16;

    private final ManyToOneConcurrentArrayQueue<OfferCheck> offers;
    private final ManyToOneConcurrentArrayQueue<CertificateCheck> certificates;
    private final WakeUpIdle idle = new WakeUpIdle(STALL_CHECK_INTERVAL_NS);
    private final Set<BundleReceiver> receivers = ConcurrentHashMap.newKeySet();
    private final BundleAdmission bundles;
    private final CertificateAdmission certificateAdmission;
    private final Predicate<StoreWork> store;
    private final Answers answers;
    private final NanoClock nanoClock;
    private long lastStallCheckNs;

    private record OfferCheck(BundleReceiver receiver, BundleOffer offer) {}

    private record CertificateCheck(PeerChannel from, CertificatePut put) {}

    /**
     * An agent with nothing to do.
     *
     * @param queueCapacity most offers that wait, and most certificates
     * @param bundles decides on offers
     * @param certificates decides on certificates
     * @param store takes good certificates; false if there is no room
     * @param answers says no
     * @param nanoClock times uploads
     */
    AdmissionAgent(
            int queueCapacity,
            BundleAdmission bundles,
            CertificateAdmission certificates,
            Predicate<StoreWork> store,
            Answers answers,
            NanoClock nanoClock) {
        offers = new ManyToOneConcurrentArrayQueue<>(queueCapacity);
        this.certificates = new ManyToOneConcurrentArrayQueue<>(queueCapacity);
        this.bundles = bundles;
        this.certificateAdmission = certificates;
        this.store = store;
        this.answers = answers;
        this.nanoClock = nanoClock;
        lastStallCheckNs = nanoClock.nanoTime();
    }

    /**
     * Watches the uploads of a connection. Any thread.
     *
     * @param receiver the connection's
     */
    void add(BundleReceiver receiver) {
        receivers.add(receiver);
    }

    /**
     * Forgets a connection. Any thread.
     *
     * @param receiver the connection's
     */
    void remove(BundleReceiver receiver) {
        receivers.remove(receiver);
    }

    /**
     * Queues an offer. Any thread.
     *
     * @param receiver whose offer it is
     * @param offer the offer
     * @return false if there is no room for it
     */
    boolean offer(BundleReceiver receiver, BundleOffer offer) {
        return queued(offers, new OfferCheck(receiver, offer));
    }

    /**
     * Queues a certificate. Any thread.
     *
     * @param from who sent it
     * @param put the certificate
     * @return false if there is no room for it
     */
    boolean offer(PeerChannel from, CertificatePut put) {
        return queued(certificates, new CertificateCheck(from, put));
    }

    private <T> boolean queued(ManyToOneConcurrentArrayQueue<T> queue, T check) {
        boolean hasRoom = queue.offer(check);
        idle.wake();
        return hasRoom;
    }

    /**
     * How a thread of this agent's own waits for work.
     *
     * @return what queueing wakes
     */
    WakeUpIdle idle() {
        return idle;
    }

    @Override
    public int doWork() {
        long nowNs = nanoClock.nanoTime();
        if (nowNs - lastStallCheckNs >= STALL_CHECK_INTERVAL_NS) {
            lastStallCheckNs = nowNs;
            receivers.forEach(receiver -> receiver.dropStalled(nowNs));
        }
        // Somebody waits for what becomes of an offer; a certificate is dearer to check, and nobody waits for it.
        int work = offers.drain(check -> checkOffer(check.receiver(), check.offer()), MAX_OFFERS_PER_DUTY_CYCLE);
        return work + certificates.drain(check -> checkCertificate(check.from(), check.put()), 1);
    }

    @Override
    public String roleName() {
        return "moraine-admission";
    }

    private void checkOffer(BundleReceiver receiver, BundleOffer offer) {
        AdmissionVerdict verdict;
        try {
            verdict = bundles.decide(receiver.channel(), offer);
        } catch (RuntimeException | Error e) {
            LOGGER.log(Level.ERROR, "an offer could not be decided on", e);
            verdict = new AdmissionVerdict.Failed(FailureCode.INTERNAL, "the offer could not be decided on");
        }
        if (!(verdict instanceof AdmissionVerdict.Admitted)) {
            receiver.settle(offer.requestId());
        }
        switch (verdict) {
            case AdmissionVerdict.Admitted admitted -> receiver.grant(admitted.bundle());
            case AdmissionVerdict.Failed failed ->
                answers.fail(receiver.channel(), offer.requestId(), failed.code(), failed.text());
            case AdmissionVerdict.Refused refused ->
                answers.refuse(receiver.channel(), offer.requestId(), refused.refusals());
            case AdmissionVerdict.NotNow notNow -> answers.busy(receiver.channel(), offer.requestId());
        }
    }

    private void checkCertificate(PeerChannel from, CertificatePut put) {
        CertificateAdmission.Verdict verdict;
        try {
            verdict = certificateAdmission.decide(put);
        } catch (RuntimeException | Error e) {
            LOGGER.log(Level.ERROR, "a certificate could not be decided on", e);
            verdict = new CertificateAdmission.Verdict.Bad(FailureCode.INTERNAL, "it could not be decided on");
        }
        switch (verdict) {
            case CertificateAdmission.Verdict.Good good -> {
                if (!store.test(new StoreWork.CertificateWork(
                        from, put.requestId(), put.certificate(), good.entries()))) {
                    answers.busy(from, put.requestId());
                }
            }
            case CertificateAdmission.Verdict.Bad bad ->
                answers.fail(from, put.requestId(), bad.code(), bad.text());
        }
    }
}
