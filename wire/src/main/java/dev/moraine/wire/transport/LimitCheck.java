package dev.moraine.wire.transport;

import java.util.concurrent.TimeUnit;

/** Refuses configuration that makes no sense. */
final class LimitCheck {
    /** Longest time-out that may be set; longer ones are slips of the unit. */
    static final long MAX_TIMEOUT_NS = TimeUnit.DAYS.toNanos(1);

    private LimitCheck() {}

    static void range(String field, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    field + " must be from " + least + " to " + most + ", but is " + value);
        }
    }

    static void timeout(String field, long valueNs) {
        range(field, valueNs, TimeUnit.MILLISECONDS.toNanos(1), MAX_TIMEOUT_NS);
    }
}
