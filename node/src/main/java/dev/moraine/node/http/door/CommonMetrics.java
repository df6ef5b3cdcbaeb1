package dev.moraine.node.http.door;

import dev.moraine.node.http.HttpCounter;
import dev.moraine.node.http.HttpCounters;
import dev.moraine.node.http.MetricsText;
import dev.moraine.wire.transport.TransportCounter;
import dev.moraine.wire.transport.TransportCounters;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** Measurements that every process has. */
final class CommonMetrics {
    private CommonMetrics() {}

    /**
     * The measurements of HTTP servers.
     *
     * @param doors their counters, by what to call them
     * @return the source
     */
    static MetricsText.Source http(Supplier<Map<String, HttpCounters>> doors) {
        return metrics -> {
            Map<String, HttpCounters> known = doors.get();
            metrics.counter("moraine_http_answers_total", "HTTP answers by status.");
            known.forEach((door, counters) -> counters.answers()
                    .forEach((status, count) -> metrics.sample(count, "door", door, "status", String.valueOf(status))));
            metrics.counter("moraine_http_events_total", "What HTTP servers count, by event.");
            known.forEach((door, counters) -> {
                for (HttpCounter event : HttpCounter.values()) {
                    if (event != HttpCounter.BYTES_IN && event != HttpCounter.BODY_BYTES_OUT) {
                        metrics.sample(counters.get(event), "door", door, "event", label(event));
                    }
                }
            });
            metrics.counter("moraine_http_received_bytes_total", "Bytes that came over HTTP.");
            known.forEach((door, counters) -> metrics.sample(counters.get(HttpCounter.BYTES_IN), "door", door));
            metrics.counter("moraine_http_sent_body_bytes_total", "Bytes of HTTP bodies that went.");
            known.forEach((door, counters) -> metrics.sample(counters.get(HttpCounter.BODY_BYTES_OUT), "door", door));
            metrics.gauge("moraine_http_connections", "HTTP connections that are open.");
            known.forEach((door, counters) -> metrics.sample(counters.openConnections(), "door", door));
            metrics.gauge("moraine_http_body_memory_bytes", "Memory that HTTP request bodies hold.");
            known.forEach((door, counters) -> metrics.sample(counters.bodyBytes(), "door", door));
        };
    }

    /**
     * The measurements of connections of the binary protocol.
     *
     * @param peers their counters, by who is at the other end
     * @return the source
     */
    static MetricsText.Source transport(Supplier<Map<String, TransportCounters>> peers) {
        return metrics -> {
            metrics.counter("moraine_wire_events_total", "What connections of the binary protocol count, by event.");
            peers.get().forEach((peer, counters) -> {
                for (TransportCounter event : TransportCounter.values()) {
                    metrics.sample(counters.get(event), "peer", peer, "event", label(event));
                }
            });
        };
    }

    /**
     * The measurements of the process.
     *
     * @return the source
     */
    static MetricsText.Source process() {
        return metrics -> {
            Runtime runtime = Runtime.getRuntime();
            metrics.gauge("moraine_heap_used_bytes", "Java heap in use, garbage included.")
                    .sample(runtime.totalMemory() - runtime.freeMemory());
            metrics.gauge("moraine_heap_limit_bytes", "Most Java heap.").sample(runtime.maxMemory());
            metrics.gauge("moraine_uptime_seconds", "Since the process was started.")
                    .sample(ManagementFactory.getRuntimeMXBean().getUptime() / 1000);
        };
    }

    /**
     * The name of a value as a label.
     *
     * @param value the value
     * @return lower case
     */
    static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
