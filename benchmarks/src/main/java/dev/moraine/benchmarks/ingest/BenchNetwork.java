package dev.moraine.benchmarks.ingest;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.moraine.node.genesis.GenesisFile;
import dev.moraine.proofs.certificate.BlsSecretKey;
import dev.moraine.proofs.certificate.KeyFile;
import dev.moraine.proofs.certificate.KeyFileException;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.proofs.certificate.WriterKey;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.committee.CommitteeMember;
import dev.moraine.proofs.committee.InvalidCommitteeException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A committee of node processes and a gateway process on this machine, with all that they write in one folder. */
final class BenchNetwork implements AutoCloseable {
    static final Namespace NAMESPACE = Namespace.parse("bench");

    private static final int GATEWAY_HEAP_MIB = 512;
    private static final int NODE_HEAP_MIB = 256;
    private static final long STOP_SECONDS = 20;

    private final Path folder;
    private final Committee committee;
    private final List<Process> nodes = new ArrayList<>();
    private final Process gateway;
    private final BufferedReader answers;

    private BenchNetwork(Path folder, int size) throws IOException {
        this.folder = folder;
        try {
            this.committee = makeCommittee(folder, size);
            List<String> ports = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                nodes.add(start(NodeDriver.class, "node-" + i, NODE_HEAP_MIB, String.valueOf(i)));
            }
            for (Process node : nodes) {
                ports.add(readLine(reader(node), "a node"));
            }
            gateway = start(GatewayDriver.class, "gateway", GATEWAY_HEAP_MIB, String.join(",", ports));
            answers = reader(gateway);
        } catch (InvalidCommitteeException | KeyFileException e) {
            throw new IOException("the network could not be made", e);
        }
    }

    /**
     * Starts everything.
     *
     * @param folder empty; removed when the network is closed
     * @param size how many nodes, of one shard each
     * @return the network, ready for load
     * @throws IOException if a process does not start
     */
    static BenchNetwork start(Path folder, int size) throws IOException {
        return new BenchNetwork(folder, size);
    }

    Committee committee() {
        return committee;
    }

    static Path genesis(Path network) {
        return network.resolve("genesis.json");
    }

    static Path writerKey(Path network) {
        return network.resolve("writer.key");
    }

    static Path nodeKey(Path network, int index) {
        return network.resolve("node-" + index + ".key");
    }

    private static Committee makeCommittee(Path folder, int size)
            throws IOException, InvalidCommitteeException, KeyFileException {
        SecureRandom random = new SecureRandom();
        List<CommitteeMember> members = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            BlsSecretKey key = BlsSecretKey.generate(random);
            KeyFile.write(nodeKey(folder, i), key);
            // The nodes take ports that are free; the gateway is told which.
            members.add(new CommitteeMember(
                    "node-" + i, "localhost", 1 + i, key.publicKey(), key.proofOfPossession(), i, 1));
        }
        KeyFile.write(writerKey(folder), WriterKey.generate(random));
        long nowSeconds = TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis());
        Committee committee = Committee.of(size, nowSeconds - 1, 3_600, 24, members);
        GenesisFile.write(genesis(folder), committee);
        return committee;
    }

    private Process start(Class<?> program, String name, int heapMib, String argument) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                "--add-modules=jdk.incubator.vector",
                "-Xmx" + heapMib + "m",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName(),
                folder.toString(),
                argument);
        return new ProcessBuilder(command)
                .redirectError(folder.resolve(name + ".log").toFile())
                .start();
    }

    private static BufferedReader reader(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private static String readLine(BufferedReader from, String who) throws IOException {
        String line = from.readLine();
        if (line == null) {
            throw new IOException(who + " ended; see its log");
        }
        return line;
    }

    /**
     * Lets the gateway put load on itself.
     *
     * @param request a command of {@link GatewayDriver}
     * @return what it measured
     * @throws IOException if it ended
     */
    Map<String, Double> ask(String request) throws IOException {
        gateway.getOutputStream().write((request + "\n").getBytes(StandardCharsets.UTF_8));
        gateway.getOutputStream().flush();
        return new ObjectMapper().readValue(readLine(answers, "the gateway"), new TypeReference<>() {});
    }

    /** Ends a node without a warning. */
    void kill(int index) {
        nodes.get(index).destroyForcibly();
    }

    /** Keeps a node from running, with its connections open. */
    void pause(int index) throws IOException {
        signal(index, "-STOP");
    }

    private void signal(int index, String name) throws IOException {
        try {
            new ProcessBuilder("kill", name, String.valueOf(nodes.get(index).pid()))
                    .inheritIO()
                    .start()
                    .waitFor(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        List<Process> all = new ArrayList<>(nodes);
        all.add(gateway);
        try {
            gateway.getOutputStream().close();
            gateway.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            // A paused process ends by nothing else.
            all.forEach(Process::destroyForcibly);
        }
        removeFolder();
    }

    private void removeFolder() {
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException fault)
                        throws IOException {
                    Files.delete(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
