package dev.moraine.sampling.serve;

import dev.moraine.codec.Geometry;
import dev.moraine.storage.store.SliverStore;
import dev.moraine.wire.message.Busy;
import dev.moraine.wire.message.ClientMessage;
import dev.moraine.wire.message.Failure;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.transport.PeerChannel;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;
import org.jspecify.annotations.Nullable;

/**
 * Answers what is asked of a node's store: metadata, certificates, slivers, symbols and chunks with proofs, health. It
 * reads, hashes and encodes on its own thread; answers are made message by message as their peers take them.
 *
 * <p>Requests come from any thread through a bounded queue. No more answers run at once, and no more memory is held by
 * them, than the limits say; what does not fit waits in the queue, and what the queue does not take is put off. Each
 * peer has a share of the queue and of the answers that run, and must take its answers at a least pace. An answer that
 * fails, also for want of memory, ends alone.
 */
public final class ReadAgent implements Agent {
    private static final Logger LOGGER = System.getLogger(ReadAgent.class.getName());
    private static final int MAX_STARTS_PER_DUTY_CYCLE = 64;

    private final RequestQueue queue;
    private final RunningAnswers running;
    private final ReadAnswers answers;
    private final ReadCounters counters = new ReadCounters();
    private final NanoClock nanoClock;
    private final int maxAnswers;
    private final long maxHeldBytes;
    private final int retryDelayMs;

    private ReadAgent(Context context, SliverStore store, Geometry geometry, LongSupplier currentEpoch) {
        queue = new RequestQueue(context.queueCapacity, context.maxWaitingPerPeer, context.maxAnswersPerPeer);
        answers = new ReadAnswers(
                new PairSource(store, geometry, currentEpoch),
                new SymbolSource(geometry, store.newSymbolReader(), new LineCache(context.lineCacheBytes)),
                counters,
                context.maxProofBytes,
                context.maxLoadBytes);
        running = new RunningAnswers(
                counters, one -> queue.over(one.to()), context.stallNs, context.leastBytesPerSecond);
        nanoClock = context.nanoClock;
        maxAnswers = context.maxAnswers;
        maxHeldBytes = context.maxHeldBytes;
        retryDelayMs = context.retryDelayMs;
    }

    /**
     * Queues a request, or answers that there is no room. Any thread; never blocks.
     *
     * @param from who asks
     * @param request the request
     * @return false if it is no read, and nothing was done
     */
    public boolean onRequest(PeerChannel from, ClientMessage request) {
        if (!ReadAnswers.isRead(request)) {
            return false;
        }
        if (!queue.offer(new RequestQueue.Request(from, request))) {
            counters.addPutOff();
            from.send(new Busy(request.requestId(), retryDelayMs));
        }
        return true;
    }

    /**
     * What this agent counts.
     *
     * @return live counters, to be read by any thread
     */
    public ReadCounters counters() {
        return counters;
    }

    @Override
    public int doWork() {
        long nowNs = nanoClock.nanoTime();
        int workCount = running.advance(nowNs);
        for (int i = 0; i < MAX_STARTS_PER_DUTY_CYCLE && hasRoom(); i++) {
            RequestQueue.Request request = queue.poll();
            if (request == null) {
                break;
            }
            start(request, nowNs);
            workCount++;
        }
        return workCount;
    }

    @Override
    public void onClose() {
        running.close();
        queue.clear();
    }

    @Override
    public String roleName() {
        return "moraine-read";
    }

    private boolean hasRoom() {
        return running.count() < maxAnswers && running.heldBytes() < maxHeldBytes;
    }

    private void start(RequestQueue.Request request, long nowNs) {
        if (!request.from().isOpen()) {
            counters.addAbandoned();
            queue.over(request.from());
            return;
        }
        Answer answer = answerTo(request.message());
        running.start(new RunningAnswer(request.from(), request.message().requestId(), answer, nowNs), nowNs);
    }

    private Answer answerTo(ClientMessage request) {
        try {
            return answers.start(request);
        } catch (RuntimeException e) {
            LOGGER.log(Level.ERROR, "a read failed", e);
            return answers.failure(request.requestId(), FailureCode.INTERNAL, "the read failed");
        } catch (OutOfMemoryError e) {
            LOGGER.log(Level.WARNING, "no memory for a read", e);
            counters.addPutOff();
            return new ReadyAnswer(List.of(new Busy(request.requestId(), retryDelayMs)));
        }
    }

    /** What an agent needs and how much it may use. For one thread. */
    public static final class Context {
        private int queueCapacity = 1_024;
        private int maxAnswers = 64;
        private int maxAnswersPerPeer = 8;
        private int maxWaitingPerPeer = 256;
        private long maxHeldBytes = 256L << 20;
        private long maxProofBytes = 64L << 20;
        private long maxLoadBytes = 16L << 20;
        private long lineCacheBytes = 64L << 20;
        private long stallNs = TimeUnit.SECONDS.toNanos(10);
        private long leastBytesPerSecond = 64L << 10;
        private int retryDelayMs = 100;
        private NanoClock nanoClock = SystemNanoClock.INSTANCE;
        private @Nullable SliverStore store;
        private @Nullable Geometry geometry;
        private @Nullable LongSupplier currentEpoch;

        /**
         * Sets the store.
         *
         * @param value what is read; must be set
         * @return this
         */
        public Context store(SliverStore value) {
            store = value;
            return this;
        }

        /**
         * Sets the geometry.
         *
         * @param value the deployment's; must be set
         * @return this
         */
        public Context geometry(Geometry value) {
            geometry = value;
            return this;
        }

        /**
         * Sets the epoch.
         *
         * @param value what epoch it is, asked by the agent's thread; must be set
         * @return this
         */
        public Context currentEpoch(LongSupplier value) {
            currentEpoch = value;
            return this;
        }

        /**
         * Sets the clock.
         *
         * @param value times peers that take nothing
         * @return this
         */
        public Context nanoClock(NanoClock value) {
            nanoClock = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value most requests that wait, at least 1
         * @return this
         */
        public Context queueCapacity(int value) {
            queueCapacity = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value most answers on their way at once, at least 1
         * @return this
         */
        public Context maxAnswers(int value) {
            maxAnswers = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value most answers on their way to one peer at once, at least 1
         * @return this
         */
        public Context maxAnswersPerPeer(int value) {
            maxAnswersPerPeer = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value most requests of one peer that wait, at least 1
         * @return this
         */
        public Context maxWaitingPerPeer(int value) {
            maxWaitingPerPeer = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value bytes of slivers from which on no further answer is started, at least 1
         * @return this
         */
        public Context maxHeldBytes(long value) {
            maxHeldBytes = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value bytes of symbols with their proofs in one answer, at least 1; symbols that go past it fail
         * @return this
         */
        public Context maxProofBytes(long value) {
            maxProofBytes = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value bytes of slivers from which on no further one is read for one answer with symbols, at least 1;
         *     symbols that need another fail
         * @return this
         */
        public Context maxLoadBytes(long value) {
            maxLoadBytes = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value bytes of symbols beyond the stored ones that are kept once they were computed, at least 0; a line
         *     that takes more than a quarter of it is not kept
         * @return this
         */
        public Context lineCacheBytes(long value) {
            lineCacheBytes = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value how long a peer may take nothing before its answer is given up, in nanoseconds, at least 1
         * @return this
         */
        public Context stallNs(long value) {
            stallNs = value;
            return this;
        }

        /**
         * Sets a limit.
         *
         * @param value bytes per second that a peer must take on average, beyond one stall, at least 1
         * @return this
         */
        public Context leastBytesPerSecond(long value) {
            leastBytesPerSecond = value;
            return this;
        }

        /**
         * Sets a delay.
         *
         * @param value what a request that does not fit is told to wait, in milliseconds, at least 1
         * @return this
         */
        public Context retryDelayMs(int value) {
            retryDelayMs = value;
            return this;
        }

        /**
         * Checks what was set.
         *
         * @return the agent
         * @throws IllegalArgumentException if something is missing or out of range
         */
        public ReadAgent conclude() {
            atLeastOne("queueCapacity", queueCapacity);
            atLeastOne("maxAnswers", maxAnswers);
            atLeastOne("maxHeldBytes", maxHeldBytes);
            atLeastOne("maxProofBytes", maxProofBytes);
            atLeastOne("maxLoadBytes", maxLoadBytes);
            if (lineCacheBytes < 0) {
                throw new IllegalArgumentException("lineCacheBytes must be at least 0, but is " + lineCacheBytes);
            }
            atLeastOne("stallNs", stallNs);
            atLeastOne("maxAnswersPerPeer", maxAnswersPerPeer);
            atLeastOne("maxWaitingPerPeer", maxWaitingPerPeer);
            atLeastOne("leastBytesPerSecond", leastBytesPerSecond);
            atLeastOne("retryDelayMs", retryDelayMs);
            return new ReadAgent(
                    this, set("store", store), set("geometry", geometry), set("currentEpoch", currentEpoch));
        }

        private static void atLeastOne(String field, long value) {
            if (value < 1) {
                throw new IllegalArgumentException(field + " must be at least 1, but is " + value);
            }
        }

        private static <T> T set(String field, @Nullable T value) {
            if (value == null) {
                throw new IllegalArgumentException(field + " must be set");
            }
            return value;
        }
    }
}
