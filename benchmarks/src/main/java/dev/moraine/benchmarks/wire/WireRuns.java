package dev.moraine.benchmarks.wire;

import com.sun.management.OperatingSystemMXBean;
import dev.moraine.wire.message.BundleGrant;
import dev.moraine.wire.message.BundleOffer;
import dev.moraine.wire.message.BundleSigned;
import dev.moraine.wire.message.GetHealth;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.MessageLimits;
import dev.moraine.wire.message.Part;
import dev.moraine.wire.message.SliverData;
import dev.moraine.wire.message.WireEntry;
import dev.moraine.wire.transport.PeerConnection;
import dev.moraine.wire.transport.RequestFailure;
import dev.moraine.wire.transport.ResponseHandler;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The three things that are measured over one connection. Requests are sent from the client's event loop. */
final class WireRuns {
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(60);
    private static final int PIECE_BYTES = MessageLimits.MAX_SLIVER_DATA_BYTES;
    private static final int WINDOW = 8;
    private static final int MAX_ROUND_TRIPS = 1 << 18;
    private static final long UPLOAD_BYTES = 64L << 20;
    private static final double P99 = 0.99;
    private static final double BYTES_PER_MEGABYTE = 1e6;

    private final PeerConnection connection;

    WireRuns(PeerConnection connection) {
        this.connection = connection;
    }

    /** The median and the 99th percentile of a round trip in microseconds, one request at a time. */
    double[] latencyUs(long durationNs) throws InterruptedException {
        long[] tookNs = new long[MAX_ROUND_TRIPS];
        Echo echo = new Echo(durationNs, tookNs);
        echo.start(1);
        int count = Math.min(echo.await(), MAX_ROUND_TRIPS);
        Arrays.sort(tookNs, 0, count);
        double nsPerUs = TimeUnit.MICROSECONDS.toNanos(1);
        return new double[] {tookNs[count / 2] / nsPerUs, tookNs[(int) (count * P99)] / nsPerUs};
    }

    /** Round trips a second with so many requests on their way, and what each costs. */
    Speed roundTrips(long durationNs, int inFlight) throws InterruptedException {
        Echo echo = new Echo(durationNs, null);
        Meter meter = new Meter();
        echo.start(inFlight);
        return meter.speed(echo.await());
    }

    /** Megabytes a second of bodies that are sent from native memory in pieces of a frame, and what each costs. */
    Speed megabytes(long durationNs) throws InterruptedException {
        Meter meter = new Meter();
        long startNs = System.nanoTime();
        long totalBytes = 0;
        while (System.nanoTime() - startNs < durationNs) {
            Upload upload = new Upload(UPLOAD_BYTES);
            upload.start();
            upload.await();
            totalBytes += UPLOAD_BYTES;
        }
        return meter.speed(totalBytes / BYTES_PER_MEGABYTE);
    }

    /**
     * How fast something went.
     *
     * @param perSecond how much of it in a second
     * @param cpuUs what each cost all threads of this process, in microseconds
     */
    record Speed(double perSecond, double cpuUs) {}

    /** Time and processor time from a moment on. */
    private static final class Meter {
        private static final OperatingSystemMXBean SYSTEM =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

        private final long startNs = System.nanoTime();
        private final long startCpuNs = SYSTEM.getProcessCpuTime();

        Speed speed(double done) {
            double seconds = (System.nanoTime() - startNs) / (double) TimeUnit.SECONDS.toNanos(1);
            double cpuUs =
                    (SYSTEM.getProcessCpuTime() - startCpuNs) / (double) TimeUnit.MICROSECONDS.toNanos(1);
            return new Speed(done / seconds, cpuUs / done);
        }
    }

    /** Waits for an end, and fails if it is not a good one. */
    private abstract static class Measured implements ResponseHandler {
        private final CountDownLatch over = new CountDownLatch(1);
        private volatile @Nullable String problem;

        void end() {
            over.countDown();
        }

        void fail(String reason) {
            problem = reason;
            over.countDown();
        }

        int await() throws InterruptedException {
            if (!over.await(TIMEOUT_NS, TimeUnit.NANOSECONDS)) {
                throw new IllegalStateException("the benchmark did not end in time");
            }
            if (problem != null) {
                throw new IllegalStateException("the benchmark failed: " + problem);
            }
            return count();
        }

        /** How much was done. */
        abstract int count();

        @Override
        public void onFailure(RequestFailure reason) {
            fail(reason.name());
        }
    }

    /** Asks for health again with every answer. */
    private final class Echo extends Measured {
        private final long startNs = System.nanoTime();
        private final long durationNs;
        private final long @Nullable [] tookNs;
        private final AtomicInteger open = new AtomicInteger();
        private volatile int answered;
        private long askedNs;

        Echo(long durationNs, long @Nullable [] tookNs) {
            this.durationNs = durationNs;
            this.tookNs = tookNs;
        }

        void start(int inFlight) {
            open.set(inFlight);
            for (int i = 0; i < inFlight; i++) {
                ask();
            }
        }

        private void ask() {
            askedNs = System.nanoTime();
            connection.request(GetHealth::new, this, TIMEOUT_NS);
        }

        @Override
        int count() {
            return answered;
        }

        @Override
        public boolean onMessage(Message message) {
            long nowNs = System.nanoTime();
            int index = answered;
            if (tookNs != null && index < tookNs.length) {
                tookNs[index] = nowNs - askedNs;
            }
            answered = index + 1;
            if (nowNs - startNs < durationNs) {
                ask();
            } else if (open.decrementAndGet() == 0) {
                end();
            }
            return true;
        }
    }

    /** Sends one long body, a few pieces at a time. */
    private final class Upload extends Measured {
        private final long totalBytes;
        private final MemorySegment piece = Arena.ofAuto().allocate(PIECE_BYTES);
        private final AtomicInteger nextPiece = new AtomicInteger();

        Upload(long totalBytes) {
            this.totalBytes = totalBytes;
        }

        void start() {
            byte[] hash = new byte[MessageLimits.HASH_BYTES];
            byte[] signature = new byte[MessageLimits.WRITER_SIGNATURE_BYTES];
            WireEntry entry = new WireEntry(hash, hash, totalBytes, 1);
            connection.request(
                    id -> new BundleOffer(id, 0, hash, hash, signature, List.of(entry)), this, TIMEOUT_NS);
        }

        private void sendNext(long requestId) {
            long offset = (long) nextPiece.getAndIncrement() * PIECE_BYTES;
            if (offset < totalBytes) {
                long lengthBytes = Math.min(PIECE_BYTES, totalBytes - offset);
                SliverData data = new SliverData(
                        requestId, 0, 0, Part.PRIMARY, offset, totalBytes, piece.asSlice(0, lengthBytes));
                connection.sendThenRelease(data, () -> sendNext(requestId));
            }
        }

        @Override
        int count() {
            return nextPiece.get();
        }

        @Override
        public boolean onMessage(Message message) {
            switch (message) {
                case BundleGrant grant -> {
                    for (int i = 0; i < WINDOW; i++) {
                        sendNext(grant.requestId());
                    }
                    return false;
                }
                case BundleSigned _ -> end();
                default -> fail(message.toString());
            }
            return true;
        }
    }
}
