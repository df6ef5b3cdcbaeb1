package dev.moraine.node.process;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Without TLS a process listens on loopback only, unless its operator says otherwise. */
final class ListenRule {
    private ListenRule() {}

    /**
     * Resolves an address to listen at.
     *
     * @param key the key that it came from, for messages
     * @param address host and port
     * @param allowsPlaintext whether others than this machine may connect without TLS
     * @return the address, resolved
     * @throws ProcessException if the host is unknown, or is not loopback and has to be
     */
    static InetSocketAddress resolve(String key, InetSocketAddress address, boolean allowsPlaintext)
            throws ProcessException {
        InetAddress host;
        try {
            host = InetAddress.getByName(address.getHostString());
        } catch (UnknownHostException e) {
            throw new ProcessException(key + ": the host " + address.getHostString() + " is not known", e);
        }
        if (!host.isLoopbackAddress() && !allowsPlaintext) {
            throw new ProcessException(key + " is " + address.getHostString() + ", where others than this machine can"
                    + " connect, and connections are not encrypted; listen on 127.0.0.1, use TLS or set allowPlaintext: true");
        }
        return new InetSocketAddress(host, address.getPort());
    }
}
