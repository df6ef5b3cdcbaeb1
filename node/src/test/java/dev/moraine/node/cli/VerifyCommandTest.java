package dev.moraine.node.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.moraine.testing.Seed;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a demo leaves behind, verified from its files, whole and damaged. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VerifyCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int BLOB_BYTES = 20_000;
    private static final List<Object> SYMBOL = List.of("--row", 1, "--column", 0, "--axis", "row");
    private static final List<Object> RANGE = List.of("--offset", (BLOB_BYTES - 200) / 2, "--length", 200);

    private final Random random = Seed.random("VerifyCommandTest");

    @TempDir
    private static Path folder;

    private Path genesis = Path.of("unset");
    private String id = "unset";
    private String otherId = "unset";

    @BeforeAll
    void runADemo() throws IOException {
        Path one = Files.write(folder.resolve("one"), Seed.bytes(random, BLOB_BYTES));
        Path two = Files.write(folder.resolve("two"), Seed.bytes(random, BLOB_BYTES));
        Invocation demo = Invocation.of("demo", "--shards", 7, "--json", "--dir", folder.resolve("demo"), one, two);
        JsonNode blobs = JSON.readTree(demo.succeeded().out()).get("blobs");
        id = blobs.get(0).get("blobId").asText();
        otherId = blobs.get(1).get("blobId").asText();
        genesis = folder.resolve("demo/genesis.json");
        assertTrue(demo.err().contains("moraine verify --genesis " + genesis), demo.err());
    }

    @Test
    void whatTheDemoShowedIsAccepted() throws IOException {
        for (String form : new String[] {"certificate", "symbol", "range"}) {
            String text = verify(form, proof("1", form), id).succeeded().out();
            assertTrue(text.startsWith("ACCEPT  blobId=" + id), text);
            JsonNode json = JSON.readTree(verify(form, proof("2", form), otherId, "--json").succeeded().out());
            assertEquals("ACCEPT", json.get("verdict").asText());
            assertEquals("ACCEPT", json.get("reason").asText());
            assertEquals(otherId, json.get("blobId").asText());
            assertEquals(BLOB_BYTES, json.get("lengthBytes").asInt());
            boolean isUnchecked = !form.equals("certificate");
            assertEquals(isUnchecked, text.contains("unchecked=true"), text);
            assertEquals(isUnchecked, json.path("unchecked").asBoolean(false), json.toString());
        }
        JsonNode certificate =
                JSON.readTree(verify("certificate", proof("1", "certificate"), id, "--json").out());
        assertTrue(certificate.get("weight").asInt() >= 5);
        assertTrue(certificate.get("expiryEpoch").asLong() >= certificate.get("epoch").asLong());
    }

    @Test
    void whatIsAboutAnotherBlobIsRejected() throws IOException {
        for (String form : new String[] {"certificate", "symbol", "range"}) {
            rejected("WRONG_ID", verify(form, proof("2", form), id));
            JsonNode json = JSON.readTree(verify(form, proof("1", form), otherId, "--json").out());
            assertEquals("REJECT", json.get("verdict").asText());
            assertEquals("WRONG_ID", json.get("reason").asText());
            assertEquals(2, json.size());
        }
    }

    @Test
    void theQuestionComesFromTheCallerAndNotFromTheFile() {
        Path symbol = proof("1", "symbol");
        List<Object> asked = List.of("verify", "--genesis", genesis, "symbol", symbol, "--id", id);
        rejected("WRONG_ROOT", with(asked, "--row", 1, "--column", 1, "--axis", "row"));
        rejected("WRONG_ROOT", with(asked, "--row", 0, "--column", 0, "--axis", "row"));
        rejected("WRONG_ROOT", with(asked, "--row", 1, "--column", 0, "--axis", "column"));
        rejected("WRONG_LENGTH", with(asked, "--row", 6, "--column", 6, "--axis", "row"));
        List<Object> range = List.of("verify", "--genesis", genesis, "range", proof("1", "range"), "--id", id);
        rejected("WRONG_RANGE", with(range, "--offset", 9_901, "--length", 200));
        rejected("WRONG_RANGE", with(range, "--offset", 9_900, "--length", 199));
        rejected("OUT_OF_RANGE", with(range, "--offset", -1, "--length", 200));
        rejected("OUT_OF_RANGE", with(range, "--offset", BLOB_BYTES - 199, "--length", 200));
        rejected("OUT_OF_RANGE", with(range, "--offset", 0, "--length", 0));
        rejected("WRONG_LENGTH", with(range, "--offset", 0, "--length", BLOB_BYTES));
    }

    @Test
    void aCertificateMustMeetWhatItsReaderDemands() throws IOException {
        Path certificate = proof("1", "certificate");
        JsonNode facts = JSON.readTree(verify("certificate", certificate, id, "--json").out());
        String namespace = facts.get("namespace").asText();
        long expiryEpoch = facts.get("expiryEpoch").asLong();
        List<Object> asked = List.of("verify", "--genesis", genesis, "certificate", certificate, "--id", id);
        assertEquals(0, run(with(asked, "--namespace", namespace, "--min-expiry", expiryEpoch)).status());
        rejected("EXPIRES_TOO_SOON", with(asked, "--min-expiry", expiryEpoch + 1));
        rejected("WRONG_NAMESPACE", with(asked, "--namespace", "somebody-else"));
        assertEquals(2, run(with(asked, "--namespace", "two words")).status());
        assertEquals(2, run(with(asked, "--min-expiry", -1)).status());
        List<Object> symbol = List.of("verify", "--genesis", genesis, "symbol", proof("1", "symbol"), "--id", id);
        List<Object> asSymbol = with(symbol, "--row", 1, "--column", 0, "--axis", "row");
        assertEquals(2, run(with(asSymbol, "--namespace", namespace)).status());
    }

    @Test
    void damagedFilesAreRejected() throws IOException {
        for (String form : new String[] {"certificate", "symbol", "range"}) {
            byte[] good = Files.readAllBytes(proof("1", form));
            for (int round = 0; round < 30; round++) {
                byte[] flipped = good.clone();
                flipped[random.nextInt(good.length)] ^= (byte) (1 << random.nextInt(8));
                rejected("", verify(form, file(flipped), id));
            }
            for (int length : new int[] {0, 1, 45, 46, good.length - 1, good.length + 1, good.length + 5_000}) {
                rejected("", verify(form, file(Arrays.copyOf(good, length)), id));
            }
        }
    }

    @Test
    void formsAreNotTakenForOneAnother() {
        for (String form : new String[] {"certificate", "symbol", "range"}) {
            for (String other : new String[] {"certificate", "symbol", "range"}) {
                if (!form.equals(other)) {
                    rejected("", verify(form, proof("1", other), id));
                }
            }
        }
    }

    @Test
    void hugeFilesAreRejectedWithoutBeingRead() throws IOException {
        for (String form : new String[] {"certificate", "symbol", "range"}) {
            Path sparse = Files.write(folder.resolve("sparse-" + form), Files.readAllBytes(proof("1", form)));
            try (RandomAccessFile file = new RandomAccessFile(sparse.toFile(), "rw")) {
                file.setLength(1L << 40);
            }
            rejected("WRONG_LENGTH", verify(form, sparse, id));
        }
    }

    @Test
    void certificatesOfAnotherDeploymentAreRejected() throws IOException {
        Path tiny = Files.write(folder.resolve("tiny"), new byte[] {1});
        Path elsewhere = folder.resolve("elsewhere");
        Invocation.of("demo", "--shards", 7, "--dir", elsewhere, tiny).succeeded();
        rejected(
                "WRONG_DEPLOYMENT",
                List.of(
                        "verify",
                        "--genesis",
                        elsewhere.resolve("genesis.json"),
                        "certificate",
                        proof("1", "certificate"),
                        "--id",
                        id));
    }

    @Test
    void filesThatCannotBeReadAreNamed() throws IOException {
        for (String form : new String[] {"certificate", "symbol", "range"}) {
            verify(form, folder.resolve("missing"), id).failed(1, "missing");
            verify(form, folder, id).failed(1, folder, "regular file");
        }
        Path good = proof("1", "certificate");
        Invocation.of("verify", "--genesis", folder.resolve("none"), "certificate", good, "--id", id)
                .failed(1, "none", "does not exist");
        Invocation.of("verify", "--genesis", file(new byte[3]), "certificate", good, "--id", id)
                .failed(1, "genesis");
    }

    @Test
    void wrongUsageIsNamed() {
        Path good = proof("1", "symbol");
        List<Object> start = List.of("verify", "--genesis", genesis);
        run(with(start, "symbol", good)).failed(2, "--id");
        run(with(start, "symbol")).failed(2, "FILE");
        run(with(start, "verdict", good, "--id", id)).failed(2, "verdict", "certificate, symbol or range");
        run(with(start, "symbol", good, "--id", "abc")).failed(2, "--id");
        run(with(start, "symbol", good, "--id", id.toUpperCase(Locale.ROOT))).failed(2, "--id");
        run(with(start, "symbol", good, "--id", id, "--row", 0, "--column", 0)).failed(2, "--axis", "missing");
        run(with(start, "symbol", good, "--id", id, "--row", 0, "--axis", "row")).failed(2, "--column", "missing");
        run(with(start, "symbol", good, "--id", id, "--row", 7, "--column", 0, "--axis", "row"))
                .failed(2, "--row", "0 to 6", "7");
        run(with(start, "symbol", good, "--id", id, "--row", 0, "--column", -1, "--axis", "row"))
                .failed(2, "--column", "0 to 6", "-1");
        run(with(start, "symbol", good, "--id", id, "--row", 0, "--column", 0, "--axis", "diagonal"))
                .failed(2, "--axis", "diagonal");
        run(with(start, "range", good, "--id", id, "--offset", 0)).failed(2, "--length", "missing");
        run(with(start, "certificate", good, "--id", id, "--row", 1)).failed(2, "--row", "certificate");
        Invocation.of("verify", "certificate", good, "--id", id).failed(2, "--genesis");
    }

    private Invocation verify(String form, Path file, String blobId, Object... more) {
        List<Object> words = new ArrayList<>(List.of("verify", "--genesis", genesis, form, file, "--id", blobId));
        words.addAll(form.equals("symbol") ? SYMBOL : form.equals("range") ? RANGE : List.of());
        words.addAll(List.of(more));
        return run(words);
    }

    private static Invocation run(List<Object> words) {
        return Invocation.of(words.toArray());
    }

    private static void rejected(String reason, List<Object> words) {
        rejected(reason, run(words));
    }

    private static void rejected(String reason, Invocation invocation) {
        assertEquals(3, invocation.status(), invocation.err());
        assertTrue(invocation.out().startsWith("REJECT  " + reason), invocation.out());
        assertEquals("", invocation.err());
    }

    private static List<Object> with(List<Object> words, Object... more) {
        List<Object> all = new ArrayList<>(words);
        all.addAll(List.of(more));
        return all;
    }

    private static Path proof(String number, String form) {
        return folder.resolve("demo/proofs").resolve(number + "." + form);
    }

    private static Path file(byte[] content) throws IOException {
        return Files.write(Files.createTempFile(folder, "bad", ""), content);
    }
}
