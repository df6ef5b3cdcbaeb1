package dev.moraine.node.devnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes and a gateway as processes, commanded as from a second terminal. */
class DevnetProcessTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Object[] DEVNET = {
        "devnet", "--json", "--nodes", 4, "--node-set", "warmUpMs=0", "--gateway-set", "warmUpMs=0",
        "--node-set", "storage.segmentBytes=1MiB", "--http-port", 0, "--alt-da-port", 0, "--dir"
    };

    @TempDir
    private Path folder;

    @Test
    void nodesAreKilledPausedAndStartedFromASecondTerminalAndEndWithTheDevnet() throws Exception {
        Path net = folder.resolve("net");
        try (CommandProcess devnet = start(net)) {
            JsonNode ready = MAPPER.readTree(devnet.awaitLine("\"ready\":true"));
            assertEquals(4, ready.get("nodes").size());
            long pid = ready.get("nodes").get(2).get("pid").asLong();
            assertTrue(ProcessHandle.of(pid).isPresent());

            assertEquals("ENDED", stateAfter(net, "kill 2", 2));
            assertTrue(ProcessHandle.of(pid).isEmpty() || !ProcessHandle.of(pid).get().isAlive());
            assertRefused(net, "pause 2", "does not run");
            assertEquals("RUNNING", stateAfter(net, "start 2", 2));
            assertRefused(net, "start 2", "runs already");
            assertEquals("PAUSED", stateAfter(net, "pause 3", 3));
            assertEquals("RUNNING", stateAfter(net, "resume 3", 3));
            assertRefused(net, "kill 4", "only 0 to 3 and gateway");
            assertRefused(net, "dance 1", "not known");
            // One that is paused has to end with the others.
            assertEquals("PAUSED", stateAfter(net, "pause gateway", 4));

            List<ProcessHandle> children = devnet.process().descendants().toList();
            assertTrue(children.size() >= 5, children.toString());
            devnet.process().destroy();
            assertEquals(0, devnet.awaitEnd());
            assertTrue(children.stream().noneMatch(ProcessHandle::isAlive));
        }
        assertRefused(net, "status", "no devnet runs");
        assertFalse(Files.exists(net.resolve("devnet.sock")));
    }

    @Test
    void noProcessOutlivesADevnetThatIsKilled() throws Exception {
        try (CommandProcess devnet = start(folder.resolve("net"))) {
            devnet.awaitLine("\"ready\":true");
            List<ProcessHandle> children = devnet.process().descendants().toList();
            assertTrue(children.size() >= 5, children.toString());
            devnet.process().destroyForcibly();
            for (ProcessHandle child : children) {
                child.onExit().get(60, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void aProcessThatCannotStartSaysWhyInOneLineAndEndsWithStatusOne() throws Exception {
        Path net = folder.resolve("net");
        try (CommandProcess init = CommandProcess.start("genesis", "init", "--nodes", 4, "--dir", net)) {
            assertEquals(0, init.awaitEnd());
        }
        Path config = net.resolve("node-0/node.yaml");
        try (CommandProcess first = CommandProcess.start("node", "--config", config, "--set", "warmUpMs=0")) {
            first.awaitLine("READY node-0 127.0.0.1:");
            assertFails("in use by another store", "node", "--config", config, "--set", "warmUpMs=0");
            assertFails(
                    "address already in use",
                    "node", "--config", config, "--set", "warmUpMs=0", "--set", "data=" + folder.resolve("other"));
            assertFails(
                    "is of no node in",
                    "node", "--config", config, "--set", "warmUpMs=0", "--set", "key=" + foreignKey());
            assertFails(
                    "listen on 127.0.0.1, use TLS or set allowPlaintext: true",
                    "node", "--config", config, "--set", "listen=0.0.0.0:0");
            first.process().destroy();
            assertEquals(0, first.awaitEnd());
        }
    }

    private Path foreignKey() throws Exception {
        Path other = folder.resolve("other-net");
        try (CommandProcess init = CommandProcess.start("genesis", "init", "--nodes", 4, "--dir", other)) {
            assertEquals(0, init.awaitEnd());
        }
        return other.resolve("node-0/node.key");
    }

    private static void assertFails(String part, Object... args) throws Exception {
        try (CommandProcess command = CommandProcess.start(args)) {
            assertTrue(command.awaitLine(part).startsWith("moraine: "));
            assertEquals(1, command.awaitEnd());
        }
    }

    private static CommandProcess start(Path net) throws Exception {
        Object[] args = Arrays.copyOf(DEVNET, DEVNET.length + 1);
        args[DEVNET.length] = net;
        return CommandProcess.start(args);
    }

    private static String stateAfter(Path net, String command, int process) throws DevnetException {
        return ControlPlace.command(net, command)
                .get("processes")
                .get(process)
                .get("state")
                .asText();
    }

    private static void assertRefused(Path net, String command, String part) {
        DevnetException refused = assertThrows(DevnetException.class, () -> ControlPlace.command(net, command));
        assertTrue(String.valueOf(refused.getMessage()).contains(part), refused.getMessage());
    }
}
