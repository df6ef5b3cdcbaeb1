package dev.moraine.node.demo;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds ports on loopback for a committee: they stand in the genesis file before the first node listens. They lie below
 * those that systems give to outgoing connections, so that none of these takes the port of a node that is down for a
 * while.
 */
public final class LoopbackPorts {
    private static final Logger LOGGER = System.getLogger(LoopbackPorts.class.getName());

    /** Highest port number. */
    public static final int MAX_PORT = 65_535;

    private static final int FIRST = 10_000;
    private static final int LAST = 32_000;
    private static final int TRIES = 10_000;

    private LoopbackPorts() {}

    /**
     * Ports that are free now.
     *
     * @param count how many
     * @return distinct ports
     * @throws DemoException if the system has no more
     */
    public static List<Integer> free(int count) throws DemoException {
        SecureRandom random = new SecureRandom();
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int tries = 0; sockets.size() < count; tries++) {
                ServerSocket socket = new ServerSocket();
                sockets.add(socket);
                if (!isBound(socket, random.nextInt(FIRST, LAST + 1))) {
                    closeQuietly(sockets.removeLast());
                }
                if (tries == TRIES) {
                    throw new DemoException("no free port on loopback for each of " + count + " nodes");
                }
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } catch (IOException e) {
            throw new DemoException("no free port on loopback for each of " + count + " nodes: " + e.getMessage(), e);
        } finally {
            sockets.forEach(LoopbackPorts::closeQuietly);
        }
    }

    private static boolean isBound(ServerSocket socket, int port) throws IOException {
        try {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (BindException e) {
            return false;
        }
    }

    private static void closeQuietly(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It was bound to find a free port and carried nothing, so nothing is lost; a node that cannot bind says so.
            LOGGER.log(Level.DEBUG, "closing a socket that was never used", e);
        }
    }
}
