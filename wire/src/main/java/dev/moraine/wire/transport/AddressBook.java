package dev.moraine.wire.transport;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the clients of a server use, by address. IPv6 addresses of one /64 network count as one, since whoever has one
 * of them usually has them all. Holds only addresses that have connections. Thread-safe.
 */
final class AddressBook {
    private static final int NETWORK_BYTES = 8;

    private final int maxConnectionsPerAddress;
    private final Map<Object, Use> uses = new HashMap<>();

    AddressBook(int maxConnectionsPerAddress) {
        this.maxConnectionsPerAddress = maxConnectionsPerAddress;
    }

    /** What one address uses. */
    static final class Use {
        private final Object key;
        private final AtomicInteger requests = new AtomicInteger();
        private int connections;

        Use(Object key) {
            this.key = key;
        }

        /** Equal for peers of the same address. */
        Object key() {
            return key;
        }

        /** Counts a request that is now open, unless as many are open already. */
        boolean openRequest(int maxRequests) {
            int open = requests.incrementAndGet();
            if (open > maxRequests) {
                requests.decrementAndGet();
                return false;
            }
            return true;
        }

        /** Counts requests that are open no more. */
        void closeRequests(int count) {
            requests.addAndGet(-count);
        }
    }

    /** Counts one more connection; {@link #leave} must follow. */
    synchronized Use enter(SocketAddress peer) {
        Use use = uses.computeIfAbsent(keyOf(peer), Use::new);
        use.connections++;
        return use;
    }

    /** Whether an address has more connections than it may have. */
    synchronized boolean isOverLimit(Use use) {
        return use.connections > maxConnectionsPerAddress;
    }

    /** Counts one connection less. */
    synchronized void leave(Use use) {
        use.connections--;
        if (use.connections == 0) {
            uses.remove(use.key);
        }
    }

    private static Object keyOf(SocketAddress peer) {
        if (!(peer instanceof InetSocketAddress socketAddress)) {
            return peer;
        }
        InetAddress address = socketAddress.getAddress();
        return address instanceof Inet6Address
                ? ByteBuffer.wrap(address.getAddress(), 0, NETWORK_BYTES)
                : address;
    }
}
