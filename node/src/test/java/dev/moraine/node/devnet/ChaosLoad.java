package dev.moraine.node.devnet;

import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.testing.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Posts random batches all the time and notes what was acknowledged. A batch that is put off or fails is posted again,
 * the same bytes, until it is acknowledged.
 */
final class ChaosLoad implements AutoCloseable {
    private static final int POSTERS = 3;
    private static final int[] LENGTHS_BYTES = {1, 700, 15_000, 130_000, 400_000};
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(40);
    private static final long GIVE_UP_NS = TimeUnit.SECONDS.toNanos(120);

    /** Posts one batch and waits for the answer. */
    @FunctionalInterface
    interface Door {
        /**
         * Posts a batch.
         *
         * @param batch the bytes
         * @return its certificate, or nothing if it has to be posted again
         * @throws Exception if the answer is none that a batch may get
         */
        Optional<BlobCertificate> post(byte[] batch) throws Exception;
    }

    /** A batch that was acknowledged; its bytes come from its seed. */
    record Acknowledged(long seed, int lengthBytes, BlobCertificate certificate) {
        byte[] bytes() {
            return Seed.bytes(new Random(seed), lengthBytes);
        }
    }

    private final Door door;
    private final Map<Long, Acknowledged> acknowledged = new ConcurrentHashMap<>();
    private final AtomicInteger repeated = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();
    private final List<Thread> posters = new ArrayList<>();
    private volatile boolean isEnding;

    ChaosLoad(Door door, Random random) {
        this.door = door;
        for (int i = 0; i < POSTERS; i++) {
            Random own = new Random(random.nextLong());
            posters.add(Thread.ofVirtual().start(() -> post(own)));
        }
    }

    /** Batches that were acknowledged so far. */
    int count() {
        return acknowledged.size();
    }

    /** How often a batch had to be posted again. */
    int repeated() {
        return repeated.get();
    }

    /** Ends the load when every batch that was begun is acknowledged. */
    List<Acknowledged> finish() throws InterruptedException {
        isEnding = true;
        for (Thread poster : posters) {
            poster.join();
        }
        Throwable fault = broken.get();
        if (fault != null) {
            throw new AssertionError("a batch got no certificate", fault);
        }
        return List.copyOf(acknowledged.values());
    }

    private void post(Random random) {
        try {
            while (!isEnding) {
                long seed = random.nextLong();
                int lengthBytes = LENGTHS_BYTES[random.nextInt(LENGTHS_BYTES.length)];
                byte[] batch = Seed.bytes(new Random(seed), lengthBytes);
                long startNs = System.nanoTime();
                Optional<BlobCertificate> certificate = door.post(batch);
                while (certificate.isEmpty()) {
                    repeated.incrementAndGet();
                    if (System.nanoTime() - startNs > GIVE_UP_NS) {
                        throw new AssertionError("a batch was put off for two minutes");
                    }
                    LockSupport.parkNanos(PAUSE_NS);
                    certificate = door.post(batch);
                }
                acknowledged.put(seed, new Acknowledged(seed, lengthBytes, certificate.get()));
                LockSupport.parkNanos(PAUSE_NS);
            }
        } catch (Throwable e) {
            broken.compareAndSet(null, e);
        }
    }

    @Override
    public void close() {
        isEnding = true;
        posters.forEach(Thread::interrupt);
    }
}
