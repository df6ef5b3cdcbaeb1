package dev.moraine.sampling.serve;

import dev.moraine.codec.Geometry;
import dev.moraine.storage.store.SliverStore;
import dev.moraine.wire.message.Busy;
import dev.moraine.wire.message.ClientMessage;
import dev.moraine.wire.message.Failure;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.message.NodeMessage;
import dev.moraine.wire.transport.PeerChannel;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;
import org.jspecify.annotations.Nullable;

/**
 * Answers what is asked of a node's store: metadata, certificates, slivers, symbols and chunks with proofs, health. It
 * reads, hashes and encodes on its own thread; answers are made message by message as their peers take them.
 *
 * <p>Requests come from any thread through a bounded queue. No more answers run at once, and no more memory is held by
 * them, than the limits say; what does not fit waits in the queue, and what the queue does not take is put off.
 */
public final class ReadAgent implements Agent {
    private static final Logger LOGGER = System.getLogger(ReadAgent.class.getName());
    private static final int MAX_STARTS_PER_DUTY_CYCLE = 16;

    private final ManyToOneConcurrentArrayQueue<Request> queue;
    private final List<Running> running = new ArrayList<>();
    private final ReadAnswers answers;
    private final ReadCounters counters = new ReadCounters();
    private final NanoClock nanoClock;
    private final int maxAnswers;
    private final long maxHeldBytes;
    private final long stallNs;
    private final int retryDelayMs;

    private record Request(PeerChannel from, ClientMessage message) {}

    /** An answer on its way. */
    private static final class Running {
        private final PeerChannel to;
        private final long requestId;
        private final Answer answer;
        private @Nullable NodeMessage unsent;
        private boolean failed;
        private long lastProgressNs;

        private Running(PeerChannel to, long requestId, Answer answer, long nowNs) {
            this.to = to;
            this.requestId = requestId;
            this.answer = answer;
            lastProgressNs = nowNs;
        }
    }

    private enum Progress {
        SENT,
        WAITING,
        DONE
    }

    private ReadAgent(Context context, SliverStore store, Geometry geometry, LongSupplier currentEpoch) {
        queue = new ManyToOneConcurrentArrayQueue<>(context.queueCapacity);
        answers = new ReadAnswers(new PairSource(store, geometry, currentEpoch), counters, context.maxProofBytes);
        nanoClock = context.nanoClock;
        maxAnswers = context.maxAnswers;
        maxHeldBytes = context.maxHeldBytes;
        stallNs = context.stallNs;
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
        if (!queue.offer(new Request(from, request))) {
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
        int workCount = 0;
        for (Iterator<Running> all = running.iterator(); all.hasNext(); ) {
            Running one = all.next();
            Progress progress = advance(one, nowNs);
            if (progress == Progress.DONE) {
                all.remove();
                one.answer.release();
            }
            workCount += progress == Progress.WAITING ? 0 : 1;
        }
        for (int i = 0; i < MAX_STARTS_PER_DUTY_CYCLE && hasRoom(); i++) {
            Request request = queue.poll();
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
        queue.clear();
        running.forEach(one -> one.answer.release());
        running.clear();
    }

    @Override
    public String roleName() {
        return "moraine-read";
    }

    private boolean hasRoom() {
        if (running.size() >= maxAnswers) {
            return false;
        }
        long heldBytes = 0;
        for (Running one : running) {
            heldBytes += one.answer.heldBytes();
        }
        return heldBytes < maxHeldBytes;
    }

    private void start(Request request, long nowNs) {
        if (!request.from.isOpen()) {
            counters.addAbandoned();
            return;
        }
        long requestId = request.message.requestId();
        Answer answer;
        try {
            answer = answers.start(request.message);
        } catch (RuntimeException e) {
            LOGGER.log(Level.ERROR, "a read failed", e);
            answer = answers.failure(requestId, FailureCode.INTERNAL, "the read failed");
        }
        running.add(new Running(request.from, requestId, answer, nowNs));
    }

    private Progress advance(Running one, long nowNs) {
        NodeMessage message = one.unsent;
        if (message == null) {
            message = next(one);
        }
        if (message == null) {
            counters.addAnswered();
            return Progress.DONE;
        }
        if (one.to.send(message)) {
            one.unsent = null;
            one.lastProgressNs = nowNs;
            return Progress.SENT;
        }
        if (!one.to.isOpen() || nowNs - one.lastProgressNs > stallNs) {
            counters.addAbandoned();
            return Progress.DONE;
        }
        one.unsent = message;
        return Progress.WAITING;
    }

    private @Nullable NodeMessage next(Running one) {
        if (one.failed) {
            return null;
        }
        try {
            return one.answer.next();
        } catch (RuntimeException e) {
            LOGGER.log(Level.ERROR, "an answer failed half-way", e);
            one.failed = true;
            counters.addFailure(FailureCode.INTERNAL);
            return new Failure(one.requestId, FailureCode.INTERNAL, "the answer failed half-way");
        }
    }

    /** What an agent needs and how much it may use. For one thread. */
    public static final class Context {
        private int queueCapacity = 1_024;
        private int maxAnswers = 64;
        private long maxHeldBytes = 256L << 20;
        private long maxProofBytes = 64L << 20;
        private long stallNs = TimeUnit.SECONDS.toNanos(10);
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
         * @param value how long a peer may take nothing before its answer is given up, in nanoseconds, at least 1
         * @return this
         */
        public Context stallNs(long value) {
            stallNs = value;
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
            atLeastOne("stallNs", stallNs);
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
