package dev.moraine.node.genesis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.moraine.proofs.certificate.BlsSecretKey;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.committee.CommitteeMember;
import dev.moraine.testing.Seed;
import dev.moraine.wire.transport.CertificatePin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GenesisFileTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static Committee committee;
    private static byte[] file;

    @TempDir
    private Path folder;

    @BeforeAll
    static void makeCommittee() throws Exception {
        List<CommitteeMember> members = new ArrayList<>();
        SecureRandom random = new SecureRandom();
        for (int i = 0; i < 4; i++) {
            BlsSecretKey key = BlsSecretKey.generate(random);
            String host = i == 3 ? "::1" : "node-" + i + ".example";
            members.add(new CommitteeMember(
                    "node-" + i, host, 7_000 + i, key.publicKey(), key.proofOfPossession(), i, 1));
        }
        committee = Committee.of(4, 1_700_000_000L, 3_600, 30, members);
        file = GenesisFile.format(committee);
    }

    @Test
    void whatIsWrittenIsReadBack() throws Exception {
        Committee read = GenesisFile.parse(file);

        assertEquals(committee.deploymentId(), read.deploymentId());
        assertEquals(committee.members(), read.members());
        assertEquals(committee.epochs(), read.epochs());
        assertEquals(committee.retentionEpochs(), read.retentionEpochs());
        assertArrayEquals(file, GenesisFile.format(read));
    }

    @Test
    void pinsAreReadBackAndAllNodesHaveOneOrNone() throws Exception {
        List<CertificatePin> pins = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            pins.add(CertificatePin.parse(("0" + i).repeat(32)));
        }
        Path genesis = folder.resolve("pinned.json");
        GenesisFile.write(genesis, new GenesisFile.Content(committee, pins));
        assertEquals(pins, GenesisFile.readContent(genesis).tlsPins());
        assertEquals(committee.deploymentId(), GenesisFile.read(genesis).deploymentId());

        String pin = pins.getFirst().toString();
        assertEquals(
                "nodes[1].tlsPin is there, but either all nodes have one or none",
                refusalOf(root -> node(root).put("tlsPin", pin)));
        assertEquals(
                "nodes[1].tlsPin is missing, but either all nodes have one or none",
                refusalOf(root -> ((ObjectNode) root.get("nodes").get(0)).put("tlsPin", pin)));
        refusalOf(root -> root.get("nodes").forEach(each -> ((ObjectNode) each).put("tlsPin", pin + "0")));
        refusalOf(root -> root.get("nodes").forEach(each -> ((ObjectNode) each).put("tlsPin", 7)));
    }

    @Test
    void aFileIsWrittenOnceAndReadBack() throws Exception {
        Path genesis = folder.resolve("genesis.json");
        GenesisFile.write(genesis, committee);

        assertEquals(committee.deploymentId(), GenesisFile.read(genesis).deploymentId());
        assertThrows(FileAlreadyExistsException.class, () -> GenesisFile.write(genesis, committee));
    }

    @Test
    void theMessageNamesTheFile() throws IOException {
        Path missing = folder.resolve("missing.json");
        assertTrue(refusal(() -> GenesisFile.read(missing)).contains("missing.json does not exist"));

        Path empty = Files.createFile(folder.resolve("empty.json"));
        assertTrue(refusal(() -> GenesisFile.read(empty)).contains("empty.json"));

        assertTrue(refusal(() -> GenesisFile.read(folder)).contains("cannot be read"));
    }

    @Test
    void lengthIsCheckedBeforeTheContent() throws Exception {
        byte[] atLimit = Arrays.copyOf(file, GenesisFile.MAX_FILE_BYTES);
        Arrays.fill(atLimit, file.length, atLimit.length, (byte) ' ');
        assertEquals(committee.deploymentId(), GenesisFile.parse(atLimit).deploymentId());

        byte[] tooLong = Arrays.copyOf(atLimit, GenesisFile.MAX_FILE_BYTES + 1);
        assertTrue(refusal(() -> GenesisFile.parse(tooLong)).contains("longer than 1048576 bytes"));
        Path longFile = Files.write(folder.resolve("long.json"), tooLong);
        assertTrue(refusal(() -> GenesisFile.read(longFile)).contains("longer than 1048576 bytes"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"n", "genesisTime", "epochSeconds", "retentionEpochs", "nodes"})
    void everyFieldMustBeThere(String field) throws Exception {
        assertEquals(field + " is missing", refusalOf(root -> root.remove(field)));
        assertTrue(refusalOf(root -> root.put(field, "4")).startsWith(field + " must be "));
        assertTrue(refusalOf(root -> root.putNull(field)).startsWith(field + " must be "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "address", "publicKey", "proofOfPossession", "firstShard", "shardCount"})
    void everyFieldOfANodeMustBeThere(String field) throws Exception {
        assertEquals("nodes[1]." + field + " is missing", refusalOf(root -> node(root).remove(field)));
        assertTrue(refusalOf(root -> node(root).put(field, true)).startsWith("nodes[1]." + field + " must be "));
        assertTrue(refusalOf(root -> node(root).putObject(field)).startsWith("nodes[1]." + field + " must be "));
    }

    @Test
    void unknownFieldsAreRefused() throws Exception {
        assertEquals("version is not a known field", refusalOf(root -> root.put("version", 1)));
        assertEquals("nodes[1].weight is not a known field", refusalOf(root -> node(root).put("weight", 1)));
        assertEquals("nodes[1].a?b is not a known field", refusalOf(root -> node(root).put("a\nb", 1)));
    }

    @ParameterizedTest
    @CsvSource({
        "n, 3", "n, 193", "n, 4.0", "n, 99999999999999999999", "genesisTime, -1", "genesisTime, 253402300800",
        "epochSeconds, 0", "epochSeconds, 4294967296", "retentionEpochs, 0", "retentionEpochs, 4294967296"
    })
    void numbersAreWholeAndInRange(String field, String value) throws Exception {
        assertTrue(refusalOf(root -> root.set(field, number(value))).startsWith(field + " must be "));
    }

    @ParameterizedTest
    @CsvSource({"firstShard, -1", "firstShard, 4", "shardCount, 0", "shardCount, 5", "firstShard, 1e0"})
    void shardsAreWholeAndInRange(String field, String value) throws Exception {
        assertTrue(refusalOf(root -> node(root).set(field, number(value))).startsWith("nodes[1]." + field + " must be "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", ":", "host", "host:", ":7000", "host:0", "host:65536", "host:07000", "host:+70", "::1:7000", "[::1]",
                "[]:7000", "host:70\n", "ho st:7000", "[host]:7000"
            })
    void addressesAreHostAndPort(String address) throws Exception {
        assertFalse(refusalOf(root -> node(root).put("address", address)).contains("\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"publicKey", "proofOfPossession"})
    void pointsAreLowerCaseHexOfThePointsLength(String field) throws Exception {
        String good = node((ObjectNode) JSON.readTree(file)).get(field).textValue();
        for (String bad : List.of("", good.substring(2), good + "00", "g" + good.substring(1), "0".repeat(good.length()))) {
            assertTrue(refusalOf(root -> node(root).put(field, bad)).startsWith("nodes[1]." + field + " "));
        }
    }

    @Test
    void aCommitteeThatBreaksARuleIsRefused() throws Exception {
        String otherKey = JSON.readTree(file).get("nodes").get(0).get("publicKey").textValue();
        refusalOf(root -> node(root).put("publicKey", otherKey));
        String otherProof = JSON.readTree(file).get("nodes").get(0).get("proofOfPossession").textValue();
        assertTrue(refusalOf(root -> node(root).put("proofOfPossession", otherProof)).contains("proof of possession"));
        refusalOf(root -> node(root).put("firstShard", 2));
        refusalOf(root -> node(root).put("shardCount", 2));
        refusalOf(root -> node(root).put("name", "node-0"));
        refusalOf(root -> root.putArray("nodes"));
        refusalOf(root -> root.withArray("nodes").remove(3));
        refusalOf(root -> root.withArray("nodes").add(root.withArray("nodes").get(0)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "4", "null", "{", "{}{}", "{} x", "{\"n\":4,\"n\":4}", "\"n\"", "{\"nodes\":[[[[[]]]]]}"})
    void whatIsNoSuchObjectIsRefused(String text) {
        refusal(() -> GenesisFile.parse(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void damagedBytesNeverThrowAnythingElse() {
        Random random = Seed.random("GenesisFileTest");
        for (int i = 0; i < 500; i++) {
            byte[] damaged = file.clone();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            byte[] cut = Arrays.copyOf(damaged, random.nextInt(damaged.length + 1));
            try {
                GenesisFile.parse(random.nextBoolean() ? damaged : cut);
            } catch (GenesisException e) {
                assertFalse(String.valueOf(e.getMessage()).contains("\n"), e::getMessage);
            }
        }
    }

    private static JsonNode number(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static ObjectNode node(ObjectNode root) {
        return (ObjectNode) root.withArray("nodes").get(1);
    }

    private static String refusalOf(Consumer<ObjectNode> change) throws IOException {
        ObjectNode root = (ObjectNode) JSON.readTree(file);
        change.accept(root);
        return refusal(() -> GenesisFile.parse(JSON.writeValueAsBytes(root)));
    }

    private static String refusal(Executable reading) {
        String message = String.valueOf(assertThrows(GenesisException.class, reading).getMessage());
        assertFalse(message.contains("\n"), message);
        return message;
    }
}
