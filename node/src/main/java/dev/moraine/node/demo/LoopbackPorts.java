package dev.moraine.node.demo;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Finds ports on loopback for a committee: they stand in the genesis file before the first node listens. */
public final class LoopbackPorts {
    private static final Logger LOGGER = System.getLogger(LoopbackPorts.class.getName());

    /** Highest port number. */
    public static final int MAX_PORT = 65_535;

    private LoopbackPorts() {}

    /**
     * Ports that are free now.
     *
     * @param count how many
     * @return distinct ports
     * @throws DemoException if the system has no more
     */
    public static List<Integer> free(int count) throws DemoException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                ServerSocket socket = new ServerSocket();
                sockets.add(socket);
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } catch (IOException e) {
            throw new DemoException("no free port on loopback for each of " + count + " nodes: " + e.getMessage(), e);
        } finally {
            sockets.forEach(LoopbackPorts::closeQuietly);
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
