package dev.moraine.node.devnet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Where the devnet of a network folder is commanded: {@code devnet.json} names the socket, and a lock on
 * {@code devnet.lock} says that one runs. A socket's path may be 100 bytes long; that of a deeper folder lies in the
 * temporary folder.
 */
public final class ControlPlace implements AutoCloseable {
    private static final int MAX_SOCKET_PATH_BYTES = 100;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Path folder;
    private final FileChannel lockFile;
    private @Nullable Path temporary;

    private ControlPlace(Path folder, FileChannel lockFile) {
        this.folder = folder;
        this.lockFile = lockFile;
    }

    /**
     * Takes a folder for the devnet of this process.
     *
     * @param folder the network's folder
     * @return the place, held until it is closed or this process ends
     * @throws DevnetException if another one has it
     */
    public static ControlPlace take(Path folder) throws DevnetException {
        try {
            FileChannel file = FileChannel.open(
                    folder.resolve("devnet.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(file);
            if (lock == null) {
                file.close();
                throw new DevnetException("a devnet runs in " + folder + " already");
            }
            return new ControlPlace(folder, file);
        } catch (IOException e) {
            throw new DevnetException("cannot lock " + folder + ": " + e.getMessage(), e);
        }
    }

    /**
     * Sends a command to the devnet that runs in a folder.
     *
     * @param folder the network's folder
     * @param line the command
     * @return the answer
     * @throws DevnetException if none runs there, or it refuses
     */
    public static JsonNode command(Path folder, String line) throws DevnetException {
        Path file = descriptor(folder);
        try {
            if (!Files.exists(file)) {
                throw new DevnetException("no devnet runs in " + folder + " (there is no " + file + ")");
            }
            Path socket = Path.of(MAPPER.readTree(file.toFile()).path("socket").asText());
            JsonNode answer;
            try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                channel.connect(UnixDomainSocketAddress.of(socket));
                ControlLine.write(channel, line);
                answer = MAPPER.readTree(ControlLine.read(channel));
            }
            if (answer.has("error")) {
                throw new DevnetException(answer.get("error").asText());
            }
            return answer;
        } catch (IOException e) {
            throw new DevnetException("the devnet in " + folder + " does not answer: " + e.getMessage(), e);
        }
    }

    /**
     * Chooses the path of the socket and writes it down.
     *
     * @return a path at which nothing is
     * @throws IOException if it cannot be written down
     */
    Path newSocket() throws IOException {
        Path socket = folder.toAbsolutePath().normalize().resolve("devnet.sock");
        if (socket.toString().getBytes(StandardCharsets.UTF_8).length > MAX_SOCKET_PATH_BYTES) {
            Path own = Files.createTempDirectory("moraine-");
            temporary = own;
            socket = own.resolve("devnet.sock");
        }
        Files.deleteIfExists(socket);
        Files.writeString(
                descriptor(folder),
                MAPPER.createObjectNode()
                                .put("socket", socket.toString())
                                .put("pid", ProcessHandle.current().pid())
                                .toString()
                        + "\n");
        return socket;
    }

    /**
     * Removes the socket and what names it.
     *
     * @throws IOException if it cannot be removed
     */
    void remove() throws IOException {
        Files.deleteIfExists(descriptor(folder));
        Files.deleteIfExists(folder.toAbsolutePath().normalize().resolve("devnet.sock"));
        Path own = temporary;
        if (own != null) {
            Files.deleteIfExists(own.resolve("devnet.sock"));
            Files.deleteIfExists(own);
        }
    }

    /** {@return the network's folder} */
    Path folder() {
        return folder;
    }

    @Override
    public void close() throws DevnetException {
        try {
            lockFile.close();
        } catch (IOException e) {
            throw new DevnetException("cannot unlock " + folder + ": " + e.getMessage(), e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static Path descriptor(Path folder) {
        return folder.resolve("devnet.json");
    }
}
