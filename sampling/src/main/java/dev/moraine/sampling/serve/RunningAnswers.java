package dev.moraine.sampling.serve;

import dev.moraine.wire.message.Failure;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.message.NodeMessage;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/** The answers that are on their way, each advanced as far as its peer takes it. For the one thread of the agent. */
final class RunningAnswers {
    private static final Logger LOGGER = System.getLogger(ReadAgent.class.getName());

    private enum Progress {
        SENT,
        WAITING,
        FAILED,
        DONE
    }

    private final List<RunningAnswer> running = new ArrayList<>();
    private final ReadCounters counters;
    private final Consumer<RunningAnswer> whenOver;
    private final long stallNs;
    private final long leastBytesPerSecond;

    /**
     * No answer runs.
     *
     * @param counters where ends are counted
     * @param whenOver called for each answer that ended
     * @param stallNs how long a peer may take nothing
     * @param leastBytesPerSecond how fast it must take what it was given
     */
    RunningAnswers(
            ReadCounters counters, Consumer<RunningAnswer> whenOver, long stallNs, long leastBytesPerSecond) {
        this.counters = counters;
        this.whenOver = whenOver;
        this.stallNs = stallNs;
        this.leastBytesPerSecond = leastBytesPerSecond;
    }

    /** How many run. */
    int count() {
        return running.size();
    }

    /** What they hold, in bytes. */
    long heldBytes() {
        long heldBytes = 0;
        for (RunningAnswer one : running) {
            heldBytes += one.answer().heldBytes();
        }
        return heldBytes;
    }

    /** Starts an answer: what it has to send at first is sent at once, if there is room. */
    void start(RunningAnswer one, long nowNs) {
        // Some answers read only with their first message, and the next start depends on the memory that they hold.
        if (advanceOrFail(one, nowNs) == Progress.DONE) {
            end(one);
        } else {
            running.add(one);
        }
    }

    /**
     * Gives each a turn.
     *
     * @param nowNs now
     * @return how many did something
     */
    int advance(long nowNs) {
        int workCount = 0;
        for (Iterator<RunningAnswer> all = running.iterator(); all.hasNext(); ) {
            RunningAnswer one = all.next();
            Progress progress = advanceOrFail(one, nowNs);
            if (progress == Progress.DONE) {
                all.remove();
                end(one);
            }
            workCount += progress == Progress.WAITING ? 0 : 1;
        }
        return workCount;
    }

    /** Gives all up. */
    void close() {
        running.forEach(this::end);
        running.clear();
    }

    private void end(RunningAnswer one) {
        whenOver.accept(one);
        one.answer().release();
    }

    private Progress advanceOrFail(RunningAnswer one, long nowNs) {
        try {
            return advance(one, nowNs);
        } catch (RuntimeException | OutOfMemoryError e) {
            boolean isHopeless = one.isFailed();
            one.fail(new Failure(one.requestId(), FailureCode.INTERNAL, "the answer failed half-way"));
            LOGGER.log(Level.ERROR, "an answer failed half-way", e);
            if (isHopeless) {
                counters.addAbandoned();
                return Progress.DONE;
            }
            counters.addFailure(FailureCode.INTERNAL);
            return Progress.FAILED;
        }
    }

    private Progress advance(RunningAnswer one, long nowNs) {
        NodeMessage message = one.current();
        if (message != null) {
            if (one.to().send(message)) {
                one.onSent(nowNs);
                // Most answers have one message: they are over here, and make room for the next at once.
                if (one.current() != null) {
                    return Progress.SENT;
                }
            } else if (!one.to().isOpen() || one.isTooSlow(nowNs, stallNs, leastBytesPerSecond)) {
                counters.addAbandoned();
                return Progress.DONE;
            } else {
                return Progress.WAITING;
            }
        }
        counters.addAnswered();
        return Progress.DONE;
    }
}
