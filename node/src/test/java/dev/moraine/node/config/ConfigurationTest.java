package dev.moraine.node.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.node.storagenode.WriterGrant;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.proofs.certificate.WriterKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {
    private static final String REQUIRED = "genesis: g.json\nkey: k\ndata: d\n";

    @TempDir
    private Path folder;

    @Test
    void everyKeyHasACommentAndADefaultThatItsTypeTakes() throws ConfigException {
        for (ConfigSchema schema : List.of(NodeKeys.SCHEMA, GatewayKeys.SCHEMA)) {
            for (ConfigKey<?> key : schema.keys()) {
                assertTrue(key.comment().endsWith("."), key.path());
                assertDefaultIsTaken(key);
            }
        }
    }

    private static <T> void assertDefaultIsTaken(ConfigKey<T> key) throws ConfigException {
        T value = key.defaultValue();
        if (value == null || value instanceof List<?>) {
            return;
        }
        YamlValue written = YamlReader.read(key.type().show(value).toString());
        assertEquals(value, key.type().read(written), key.path());
    }

    @Test
    void valuesThatAreNotSetAreTheDefaults() throws ConfigException {
        Configuration configuration = parse(REQUIRED);
        assertEquals(64L << 20, configuration.get(NodeKeys.MAX_BLOB_BYTES));
        assertNull(configuration.find(NodeKeys.LISTEN));
        assertEquals(List.of(), configuration.get(NodeKeys.WRITERS));
    }

    @Test
    void whatIsShownReadsBackAsTheSameConfiguration() throws Exception {
        WriterGrant grant = new WriterGrant(
                WriterKey.generate(new SecureRandom()).publicKey(), Set.of(Namespace.parse("rollup")), 3L << 30);
        String draft = new ConfigDraft(NodeKeys.SCHEMA)
                .set(SharedKeys.GENESIS, Path.of("a b", "genesis: #.json"))
                .set(SharedKeys.KEY, Path.of("k"))
                .set(NodeKeys.DATA, Path.of("d"))
                .set(NodeKeys.WRITERS, List.of(grant))
                .set(NodeKeys.MAX_BLOB_BYTES, 1000L)
                .yaml();
        Configuration first = parse(draft);
        assertEquals(List.of(grant), first.get(NodeKeys.WRITERS));
        assertEquals(folder.resolve("a b").resolve("genesis: #.json"), first.path(SharedKeys.GENESIS));
        Configuration again = parse(ConfigText.yaml(first));
        assertEquals(ConfigText.tree(first), ConfigText.tree(again));
    }

    @Test
    void anUnknownKeyIsNamedWithItsLineAndTheNearestOne() {
        assertRefused(REQUIRED + "limits:\n  maxBlobByte: 5\n", "line 5", "limits.maxBlobByte", "limits.maxBlobBytes");
        assertRefused(REQUIRED + "limit:\n  maxBlobBytes: 5\n", "line 5", "limit ", "limits");
        assertRefused(REQUIRED + "segmentBytes: 5\n", "segmentBytes", "storage.segmentBytes");
        assertRefused(
                REQUIRED + "writers: [{key: " + "0".repeat(64) + ", quota: 3}]\n", "writers[0]", "quota", "quotaBytes");
    }

    @Test
    void everyNumberIsHeldToItsLimits() throws ConfigException {
        assertEquals(60_000L, parse(REQUIRED + "limits: {retryDelayMs: 60000}").get(NodeKeys.RETRY_DELAY_MS));
        assertRefused(REQUIRED + "limits: {retryDelayMs: 60001}", "limits.retryDelayMs", "from 1 to 60000", "60001");
        assertRefused(REQUIRED + "limits: {retryDelayMs: 0}", "limits.retryDelayMs", "from 1 to 60000", "0");
        assertRefused(REQUIRED + "limits: {retryDelayMs: soon}", "limits.retryDelayMs", "whole number", "soon");
        assertRefused(REQUIRED + "limits: {retryDelayMs: [1]}", "limits.retryDelayMs", "a list");
        assertRefused(REQUIRED + "limits: {maxBlobBytes: 5GiB}", "limits.maxBlobBytes", "from 1 to 4GiB", "5");
        assertRefused(REQUIRED + "limits: {maxBlobBytes: 9999999999999999999}", "limits.maxBlobBytes", "4GiB");
        assertEquals(3L << 20, parse(REQUIRED + "limits: {maxBlobBytes: 3 MiB}").get(NodeKeys.MAX_BLOB_BYTES));
    }

    @Test
    void whatIsMissingDoubledOrOfAnotherFormIsRefused() {
        assertRefused("key: k\ndata: d\n", "genesis", "must be set");
        assertRefused(REQUIRED + "data: e\n", "line 4", "data", "twice");
        assertRefused(REQUIRED + "limits: 5\n", "limits", "must hold keys");
        assertRefused(REQUIRED + "allowPlaintext: yes\n", "allowPlaintext", "true or false", "yes");
        assertRefused(REQUIRED + "listen: somewhere\n", "listen", "host:port");
        assertRefused(REQUIRED + "listen: localhost:65536\n", "listen", "65535");
        assertRefused(REQUIRED + "transport: {kind: raw}\n", "transport.kind", "io_uring", "raw");
        assertRefused(REQUIRED + "writers: {}\n", "writers", "list");
        assertRefused("genesis: &a g\nkey: *a\ndata: d\n", "anchors");
        assertRefused("genesis: [\n", "not YAML");
        assertRefused("[".repeat(100_000), "deep");
        assertRefused("a: " + "x".repeat(YamlReader.MAX_CHARACTERS), "longer than");
    }

    @Test
    void settingsGoBeforeTheFile() throws Exception {
        Path file = folder.resolve("node.yaml");
        Files.writeString(file, REQUIRED + "log: {level: FINE}\n");
        Configuration configuration =
                Configuration.read(NodeKeys.SCHEMA, file, List.of("log.level=WARNING", "listen=[::1]:7000"));
        assertEquals("WARNING", configuration.get(SharedKeys.LOG_LEVEL));
        assertEquals(7000, configuration.get(NodeKeys.LISTEN).getPort());
        assertEquals(folder.resolve("k"), configuration.path(SharedKeys.KEY));
        ConfigException refused = assertThrows(
                ConfigException.class,
                () -> Configuration.read(NodeKeys.SCHEMA, file, List.of("log.levle=WARNING")));
        assertEquals(file + ": log.levle is not a key of a node, the nearest one is log.level", refused.getMessage());
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Path file = folder.resolve("none.yaml");
        ConfigException refused =
                assertThrows(ConfigException.class, () -> Configuration.read(NodeKeys.SCHEMA, file, List.of()));
        assertEquals(file + ": there is no such file", refused.getMessage());
    }

    private Configuration parse(String text) throws ConfigException {
        return Configuration.parse(NodeKeys.SCHEMA, text, folder, List.of());
    }

    private void assertRefused(String text, String... words) {
        ConfigException refused = assertThrows(ConfigException.class, () -> parse(text));
        String message = String.valueOf(refused.getMessage());
        for (String word : words) {
            assertTrue(message.contains(word), () -> "'" + word + "' is not in: " + message);
        }
        assertFalse(message.contains("\n"), message);
    }
}
