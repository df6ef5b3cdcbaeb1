package dev.moraine.node.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.moraine.testing.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stores that a demo leaves behind, looked after from the command line. */
class StoreCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Random random = Seed.random("StoreCommandTest");

    @TempDir
    private Path temporary;

    private Path segment = Path.of("unset");
    private Path folder = Path.of("unset");

    @BeforeEach
    void runADemo() throws IOException {
        Path batch = Files.write(temporary.resolve("batch"), Seed.bytes(random, 20_000));
        Invocation.of("demo", "--shards", 4, "--dir", temporary.resolve("demo"), batch).succeeded();
        try (Stream<Path> files = Files.walk(temporary.resolve("demo"))) {
            // The demo corrupts a sliver of one node, and which one follows from the batch.
            segment = files.filter(file -> file.toString().endsWith(".segment"))
                    .filter(file -> Invocation.of("store", "verify", file.resolveSibling("")).status() == 0)
                    .findFirst()
                    .orElseThrow();
        }
        folder = Objects.requireNonNull(segment.getParent());
    }

    private JsonNode json(Object... args) throws IOException {
        return JSON.readTree(Invocation.of(args).succeeded().out());
    }

    @Test
    void aStoreIsDescribedVerifiedCompactedAndIndexedAnew() throws IOException {
        JsonNode described = json("store", "describe", folder, "--json");
        assertEquals(1, described.get("segments").size());
        long pairs = described.get("segments").get(0).get("records").get("PAIR").asLong();
        assertTrue(pairs > 0);
        assertTrue(Invocation.of("store", "describe", folder).succeeded().out().contains(segment.toString()));

        JsonNode verified = json("store", "verify", folder, "--json");
        assertTrue(verified.get("whole").asBoolean());
        assertEquals(pairs, verified.get("store").get("pairs").asLong());
        assertTrue(Invocation.of("store", "verify", folder).succeeded().out().contains("whole"));

        JsonNode rebuilt = json("store", "rebuild-index", folder, "--json");
        assertEquals(pairs, rebuilt.get("pairs").asLong());

        JsonNode compacted = json("store", "compact", folder, "--epoch", 0, "--json");
        assertEquals(pairs, compacted.get("pairs").asLong(), "nothing has expired");
    }

    @Test
    void damageIsFoundAndGivesExitStatusOne() throws IOException {
        byte[] contents = Files.readAllBytes(segment);
        int used = contents.length;
        while (contents[used - 1] == 0) {
            used--;
        }
        contents[used - 200] ^= 1;
        contents[12_000] ^= 1;
        Files.write(segment, contents);
        Invocation damaged = Invocation.of("store", "verify", folder, "--json");
        assertEquals(1, damaged.status());
        assertFalse(JSON.readTree(damaged.out()).get("whole").asBoolean());
    }

    @Test
    void whatIsNoStoreIsRefusedInOneLine() {
        Invocation.of("store", "verify", temporary).failed(1, temporary);
        Invocation.of("store", "describe", temporary.resolve("missing")).failed(1, "missing");
        Invocation.of("store", "compact", folder).failed(2, "--epoch");
    }
}
