package dev.moraine.node.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Counts connections, altogether and by client address, and lets no more in than there may be. Thread-safe. */
final class ConnectionGate {
    private static final int IPV6_NETWORK_BYTES = 8;
    private static final InetAddress UNKNOWN = InetAddress.getLoopbackAddress();

    private final HttpLimits limits;
    private final HttpCounters counters;
    private final ConcurrentHashMap<InetAddress, Integer> byAddress = new ConcurrentHashMap<>();

    /**
     * A gate that nobody has passed.
     *
     * @param limits how many may pass
     * @param counters where refusals and open connections are counted
     */
    ConnectionGate(HttpLimits limits, HttpCounters counters) {
        this.limits = limits;
        this.counters = counters;
    }

    /**
     * Lets a connection in, if there is a place for it; {@link #leave} must follow.
     *
     * @param remote who connected
     * @return null if it is in, or why it is not
     */
    @Nullable HttpProblem enter(@Nullable SocketAddress remote) {
        InetAddress network = network(remote);
        int fromThere = byAddress.merge(network, 1, Integer::sum);
        if (fromThere > limits.maxConnectionsPerAddress()) {
            forget(network);
            counters.add(HttpCounter.ADDRESS_REFUSED);
            return refusal("connections from one address", limits.maxConnectionsPerAddress());
        }
        if (counters.connectionGauge().incrementAndGet() > limits.maxConnections()) {
            counters.connectionGauge().decrementAndGet();
            forget(network);
            counters.add(HttpCounter.CONNECTIONS_REFUSED);
            return refusal("connections", limits.maxConnections());
        }
        counters.add(HttpCounter.CONNECTIONS_OPENED);
        return null;
    }

    /**
     * Lets a connection out that was let in.
     *
     * @param remote who it was
     */
    void leave(@Nullable SocketAddress remote) {
        counters.connectionGauge().decrementAndGet();
        forget(network(remote));
    }

    private void forget(InetAddress network) {
        byAddress.computeIfPresent(network, (_, count) -> count == 1 ? null : count - 1);
    }

    private static HttpProblem refusal(String what, int limit) {
        return HttpProblem.ofField(503, "TOO_MANY_CONNECTIONS", what, "more", "at most " + limit).retryAfter(1);
    }

    /** A client with IPv6 usually has a whole /64 network of addresses. */
    private static InetAddress network(@Nullable SocketAddress remote) {
        if (!(remote instanceof InetSocketAddress address) || address.getAddress() == null) {
            return UNKNOWN;
        }
        if (!(address.getAddress() instanceof Inet6Address)) {
            return address.getAddress();
        }
        byte[] bytes = address.getAddress().getAddress();
        Arrays.fill(bytes, IPV6_NETWORK_BYTES, bytes.length, (byte) 0);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            return UNKNOWN;
        }
    }
}
