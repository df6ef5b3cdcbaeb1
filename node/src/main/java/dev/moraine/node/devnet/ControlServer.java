package dev.moraine.node.devnet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/**
 * Lets another process of the same user command a devnet, over a socket in its folder: a line with a verb and a name
 * comes, a line of JSON goes back. Thread-safe.
 */
public final class ControlServer implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(ControlServer.class.getName());
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Devnet devnet;
    private final ControlPlace place;
    private final ServerSocketChannel server;

    private ControlServer(Devnet devnet, ControlPlace place, ServerSocketChannel server) {
        this.devnet = devnet;
        this.place = place;
        this.server = server;
    }

    /**
     * Listens for commands.
     *
     * @param devnet what to command
     * @param place where to listen
     * @return the server; commands are run one after another
     * @throws DevnetException if it cannot listen there
     */
    public static ControlServer open(Devnet devnet, ControlPlace place) throws DevnetException {
        try {
            Path socket = place.newSocket();
            ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(socket));
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
            ControlServer control = new ControlServer(devnet, place, server);
            Thread.ofPlatform().daemon().name("devnet-control").start(control::serve);
            return control;
        } catch (IOException e) {
            throw new DevnetException("cannot listen for commands in " + place.folder() + ": " + e.getMessage(), e);
        }
    }

    private void serve() {
        while (server.isOpen()) {
            try (SocketChannel client = server.accept()) {
                ControlLine.write(client, answer(ControlLine.read(client)));
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, "a command to the devnet was not understood or answered", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private String answer(String line) throws InterruptedException, JsonProcessingException {
        String[] words = line.split(" ", -1);
        String name = words.length == 2 ? words[1] : "";
        try {
            switch (words[0]) {
                case "kill" -> devnet.kill(name);
                case "pause" -> devnet.pause(name);
                case "resume" -> devnet.resume(name);
                case "start" -> devnet.start(name);
                case "status" -> {}
                default -> throw new DevnetException("the command '" + words[0] + "' is not known");
            }
            return MAPPER.writeValueAsString(Map.of("processes", devnet.status()));
        } catch (DevnetException e) {
            return MAPPER.writeValueAsString(Map.of("error", String.valueOf(e.getMessage())));
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            place.remove();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "the socket for commands could not be removed", e);
        }
    }
}
