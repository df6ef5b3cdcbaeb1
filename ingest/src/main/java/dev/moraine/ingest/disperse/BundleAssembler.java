package dev.moraine.ingest.disperse;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.BundleEntry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts batches into bundles: as many as there are and as fit, in order, no blob twice. A batch that is the same as one
 * without an answer waits with it; one that has a living certificate gets that.
 *
 * <p>Belongs to the dispersal's thread.
 */
final class BundleAssembler {
    private final int maxBatches;
    private final long maxBytes;
    private final BodyLimit bodyLimit;
    private final IngestCounters counters;
    private final CertificateCache certificates;
    private final ArrayDeque<EncodedBatch> ready = new ArrayDeque<>();
    private final ArrayDeque<List<EncodedBatch>> again = new ArrayDeque<>();
    private final Map<BundleEntry, EncodedBatch> unanswered = new HashMap<>();
    private long readyBytes;
    private long readyBodyBytes;

    /**
     * Starts without batches.
     *
     * @param maxBatches most batches in a bundle
     * @param maxBytes most blob bytes in a bundle, unless its only batch is longer
     * @param bodyLimit most bytes of bodies at one node, unless its only batch takes more
     * @param certificates the certificates to answer repeated batches with
     * @param counters what is counted
     */
    BundleAssembler(
            int maxBatches,
            long maxBytes,
            BodyLimit bodyLimit,
            CertificateCache certificates,
            IngestCounters counters) {
        this.maxBatches = maxBatches;
        this.maxBytes = maxBytes;
        this.bodyLimit = bodyLimit;
        this.certificates = certificates;
        this.counters = counters;
    }

    /**
     * Takes an encoded batch over.
     *
     * @param batch the batch with its first reference
     * @param epoch the current epoch
     */
    void add(EncodedBatch batch, long epoch) {
        BlobCertificate certificate = certificates.find(batch.entry(), epoch);
        if (certificate != null) {
            counters.countRepeated();
            batch.release();
            batch.certified(certificate);
            return;
        }
        EncodedBatch same = unanswered.putIfAbsent(batch.entry(), batch);
        if (same != null) {
            counters.countRepeated();
            same.attach(batch);
            batch.release();
            return;
        }
        ready.addLast(batch);
        readyBytes += batch.entry().lengthBytes();
        readyBodyBytes += bodyLimit.bytesOf(batch.entry().lengthBytes());
    }

    /** {@return whether there is enough for a bundle that is as large as it may be} */
    boolean isFull() {
        return ready.size() >= maxBatches || readyBytes >= maxBytes || readyBodyBytes >= bodyLimit.maxBytes();
    }

    /**
     * Lines up batches for a bundle of their own, before all others.
     *
     * @param batches batches of a bundle that got no quorum, with their references
     */
    void bundleAgain(List<EncodedBatch> batches) {
        again.addLast(batches);
    }

    /**
     * Takes the batches of the next bundle out. Batches whose last epoch is over fail.
     *
     * @param epoch the current epoch
     * @return the batches in order, with their references; empty if there are none
     */
    List<EncodedBatch> next(long epoch) {
        List<EncodedBatch> batches = new ArrayList<>();
        while (batches.isEmpty() && !again.isEmpty()) {
            batches.addAll(again.removeFirst());
            failExpired(batches, epoch);
        }
        if (batches.isEmpty()) {
            takeReady(batches);
            failExpired(batches, epoch);
        }
        batches.forEach(EncodedBatch::countAttempt);
        return batches;
    }

    private void takeReady(List<EncodedBatch> batches) {
        Set<BlobId> ids = new HashSet<>();
        List<EncodedBatch> deferred = new ArrayList<>();
        long bytes = 0;
        long bodyBytes = 0;
        while (batches.size() < maxBatches) {
            EncodedBatch batch = ready.peekFirst();
            if (batch == null) {
                break;
            }
            long lengthBytes = batch.entry().lengthBytes();
            long moreBodyBytes = bodyLimit.bytesOf(lengthBytes);
            boolean isTooMuch = bytes + lengthBytes > maxBytes || bodyBytes + moreBodyBytes > bodyLimit.maxBytes();
            if (bytes > 0 && isTooMuch) {
                break;
            }
            ready.removeFirst();
            if (ids.add(batch.id())) {
                batches.add(batch);
                bytes += lengthBytes;
                bodyBytes += moreBodyBytes;
            } else {
                deferred.add(batch);
            }
        }
        readyBytes -= bytes;
        readyBodyBytes -= bodyBytes;
        deferred.reversed().forEach(ready::addFirst);
    }

    private void failExpired(List<EncodedBatch> batches, long epoch) {
        for (Iterator<EncodedBatch> each = batches.iterator(); each.hasNext(); ) {
            EncodedBatch batch = each.next();
            if (batch.entry().expiryEpoch() < epoch) {
                each.remove();
                String detail = "epoch " + batch.entry().expiryEpoch() + " is over, it is epoch " + epoch;
                failed(batch, BatchFailure.of(FailureReason.EXPIRED, detail));
                batch.release();
            }
        }
    }

    /**
     * Answers a batch of a bundle that reached its quorum.
     *
     * @param batch the batch
     * @param certificate its certificate
     */
    void certified(EncodedBatch batch, BlobCertificate certificate) {
        unanswered.remove(batch.entry());
        certificates.put(certificate);
        batch.certified(certificate);
    }

    /**
     * Answers a batch that gets no certificate.
     *
     * @param batch the batch
     * @param failure why
     */
    void failed(EncodedBatch batch, BatchFailure failure) {
        unanswered.remove(batch.entry());
        batch.failed(failure);
    }

    /**
     * Fails all batches that are in no bundle.
     *
     * @param failure why
     * @return how many
     */
    int failAll(BatchFailure failure) {
        int count = 0;
        for (EncodedBatch batch = takeAny(); batch != null; batch = takeAny()) {
            failed(batch, failure);
            batch.release();
            count++;
        }
        return count;
    }

    private @Nullable EncodedBatch takeAny() {
        List<EncodedBatch> group = again.pollFirst();
        if (group != null) {
            ready.addAll(group);
        }
        EncodedBatch batch = ready.pollFirst();
        if (batch == null) {
            readyBytes = 0;
            readyBodyBytes = 0;
        }
        return batch;
    }
}
