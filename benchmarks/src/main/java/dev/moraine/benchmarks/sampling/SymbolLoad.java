package dev.moraine.benchmarks.sampling;

import dev.moraine.wire.message.Busy;
import dev.moraine.wire.message.Coordinate;
import dev.moraine.wire.message.GetSymbols;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.SymbolAnswer;
import dev.moraine.wire.message.SymbolsAnswer;
import dev.moraine.wire.message.WireAxis;
import dev.moraine.wire.transport.PeerConnection;
import dev.moraine.wire.transport.RequestFailure;
import dev.moraine.wire.transport.ResponseHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Asks one server for symbols of random blobs in requests of one size. The requests are made before the measuring, so
 * that the client's part is the same whatever is asked.
 */
final class SymbolLoad {
    /** An open loop goes on sending while answers are late: no limit may turn that into refusals. */
    static final int MAX_IN_FLIGHT = 1 << 16;

    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long HIGHEST_NS = TimeUnit.SECONDS.toNanos(60);
    private static final int PREPARED_REQUESTS = 4_096;
    private static final long PARK_BELOW_NS = TimeUnit.MICROSECONDS.toNanos(20);

    private final PeerConnection connection;
    private final List<GetSymbols> requests = new ArrayList<>();
    private final int samples;
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    /**
     * Prepares requests.
     *
     * @param connection to the server
     * @param ids of blobs of which the server holds {@link Warm#PAIR}
     * @param samples symbols a request, each of another blob
     */
    SymbolLoad(PeerConnection connection, List<byte[]> ids, int samples) {
        this.connection = connection;
        this.samples = samples;
        SplittableRandom random = new SplittableRandom(samples);
        for (int i = 0; i < PREPARED_REQUESTS / samples; i++) {
            List<byte[]> blobs = new ArrayList<>();
            List<Coordinate> coordinates = new ArrayList<>();
            int first = random.nextInt(ids.size());
            for (int blob = 0; blob < samples; blob++) {
                blobs.add(ids.get((first + blob * 13) % ids.size()));
                coordinates.add(new Coordinate(blob, Warm.PAIR, random.nextInt(Warm.GEOMETRY.shards())));
            }
            requests.add(new GetSymbols(1, WireAxis.ROW, blobs, coordinates));
        }
    }

    /**
     * Keeps so many requests in flight.
     *
     * @param inFlight how many
     * @param millis for how long
     * @return symbols a second
     */
    double closedLoop(int inFlight, long millis) throws InterruptedException {
        AtomicInteger open = new AtomicInteger(inFlight);
        long start = System.nanoTime();
        long end = start + TimeUnit.MILLISECONDS.toNanos(millis);
        long before = answered.get();
        for (int i = 0; i < inFlight; i++) {
            new Loop(end, open).ask();
        }
        while (open.get() > 0) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        check();
        return (answered.get() - before) * (double) samples * TimeUnit.SECONDS.toNanos(1) / (System.nanoTime() - start);
    }

    /**
     * Sends at a fixed rate, whatever comes back. A request that is refused counts as one that took a minute.
     *
     * @param requestsPerSecond the rate
     * @param millis for how long
     * @return nanoseconds from the instant at which each request was due to the answer
     */
    Histogram openLoop(double requestsPerSecond, long millis) throws InterruptedException {
        Histogram histogram = new Histogram(HIGHEST_NS, 3);
        AtomicInteger open = new AtomicInteger();
        long start = System.nanoTime();
        long count = (long) (requestsPerSecond * millis / TimeUnit.SECONDS.toMillis(1));
        for (long i = 0; i < count; i++) {
            long dueNs = start + (long) (i * TimeUnit.SECONDS.toNanos(1) / requestsPerSecond);
            while (dueNs - System.nanoTime() > PARK_BELOW_NS) {
                LockSupport.parkNanos(PARK_BELOW_NS);
            }
            open.incrementAndGet();
            GetSymbols next = requests.get((int) (i % requests.size()));
            connection.request(id -> withId(next, id), new Timed(dueNs, histogram, open), TIMEOUT_NS);
        }
        while (open.get() > 0) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        check();
        return histogram;
    }

    private void check() {
        if (failed.get() > 0) {
            throw new IllegalStateException(failed.get() + " requests or symbols failed");
        }
    }

    private static GetSymbols withId(GetSymbols prepared, long id) {
        return new GetSymbols(id, prepared.axis(), prepared.blobIds(), prepared.coordinates());
    }

    private boolean take(Message message) {
        if (!(message instanceof SymbolsAnswer answer)) {
            failed.incrementAndGet();
            return true;
        }
        for (SymbolAnswer symbol : answer.symbols()) {
            if (symbol.failure() != null) {
                failed.incrementAndGet();
            }
        }
        return answer.isLast();
    }

    /** Asks again as soon as the answer is there. */
    private final class Loop implements ResponseHandler {
        private final long endNs;
        private final AtomicInteger open;

        Loop(long endNs, AtomicInteger open) {
            this.endNs = endNs;
            this.open = open;
        }

        void ask() {
            GetSymbols next = requests.get((int) (answered.get() % requests.size()));
            connection.request(id -> withId(next, id), this, TIMEOUT_NS);
        }

        @Override
        public boolean onMessage(Message message) {
            if (!take(message)) {
                return false;
            }
            answered.incrementAndGet();
            if (System.nanoTime() < endNs && failed.get() == 0) {
                ask();
            } else {
                open.decrementAndGet();
            }
            return true;
        }

        @Override
        public void onFailure(RequestFailure reason) {
            failed.incrementAndGet();
            open.decrementAndGet();
        }
    }

    /** Notes when the answer came. Answers come on one event loop. */
    private final class Timed implements ResponseHandler {
        private final long dueNs;
        private final Histogram histogram;
        private final AtomicInteger open;

        Timed(long dueNs, Histogram histogram, AtomicInteger open) {
            this.dueNs = dueNs;
            this.histogram = histogram;
            this.open = open;
        }

        @Override
        public boolean onMessage(Message message) {
            boolean isRefused = message instanceof Busy;
            if (!isRefused && !take(message)) {
                return false;
            }
            histogram.recordValue(isRefused ? HIGHEST_NS : Math.min(HIGHEST_NS, System.nanoTime() - dueNs));
            open.decrementAndGet();
            return true;
        }

        @Override
        public void onFailure(RequestFailure reason) {
            failed.incrementAndGet();
            open.decrementAndGet();
        }
    }
}
