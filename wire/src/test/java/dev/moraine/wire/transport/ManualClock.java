package dev.moraine.wire.transport;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.NanoClock;

/** A clock that moves when it is told to. Thread-safe. */
final class ManualClock implements NanoClock {
    private final AtomicLong nowNs = new AtomicLong();

    @Override
    public long nanoTime() {
        return nowNs.get();
    }

    void advanceMs(long durationMs) {
        nowNs.addAndGet(TimeUnit.MILLISECONDS.toNanos(durationMs));
    }

    /** Limits of a server like the defaults, but with milliseconds for seconds, so that it looks at the clock often. */
    static ServerLimits.Context quickServer() {
        return new ServerLimits.Context()
                .handshakeTimeoutNs(TimeUnit.MILLISECONDS.toNanos(5))
                .frameTimeoutNs(TimeUnit.MILLISECONDS.toNanos(30))
                .idleTimeoutNs(TimeUnit.MILLISECONDS.toNanos(120))
                .requestTimeoutNs(TimeUnit.MILLISECONDS.toNanos(120));
    }

    /** Limits of a client like the defaults, but with milliseconds for seconds, so that it looks at the clock often. */
    static ConnectionLimits quickClient() {
        return new ConnectionLimits.Context()
                .handshakeTimeoutNs(TimeUnit.MILLISECONDS.toNanos(5))
                .frameTimeoutNs(TimeUnit.MILLISECONDS.toNanos(30))
                .silenceTimeoutNs(TimeUnit.MILLISECONDS.toNanos(30))
                .keepAliveNs(TimeUnit.MILLISECONDS.toNanos(10))
                .conclude();
    }
}
