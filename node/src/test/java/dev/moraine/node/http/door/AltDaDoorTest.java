package dev.moraine.node.http.door;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moraine.testing.Seed;
import java.lang.foreign.MemorySegment;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AltDaDoorTest {
    private static final int BATCH_BYTES = 50_000;

    private final Random random = Seed.random("AltDaDoorTest");

    @TempDir
    private Path folder;

    private DoorFixture door;

    @BeforeEach
    void start() throws Exception {
        door = new DoorFixture(folder);
    }

    @AfterEach
    void stop() {
        door.close();
    }

    private byte[] batch() {
        byte[] batch = new byte[BATCH_BYTES];
        random.nextBytes(batch);
        return batch;
    }

    private static String keccakKey(byte[] batch) {
        return "00" + Keccak256.of(MemorySegment.ofArray(batch));
    }

    private void assertStatus(int status, HttpResponse<byte[]> answer) {
        assertEquals(status, answer.statusCode(), () -> new String(answer.body(), StandardCharsets.UTF_8));
    }

    @Test
    void genericCommitmentsLeadBackToTheBatch() throws Exception {
        String[][] ways = {{"POST", "/put"}, {"POST", "/put/"}, {"PUT", "/put"}, {"PUT", "/put/"}};
        for (String[] way : ways) {
            byte[] batch = batch();
            HttpResponse<byte[]> put =
                    door.send(way[0], door.altDa(way[1]), batch, "Content-Type", "application/octet-stream");
            assertStatus(200, put);
            byte[] commitment = put.body();
            assertEquals(34, commitment.length);
            assertEquals("014d", HexFormat.of().formatHex(commitment, 0, 2));
            String key = HexFormat.of().formatHex(commitment);
            assertArrayEquals(batch, door.get(door.altDa("/get/0x" + key)).body());
            assertArrayEquals(batch, door.get(door.altDa("/get/" + key.toUpperCase(java.util.Locale.ROOT))).body());
        }
    }

    @Test
    void keccakCommitmentsLeadBackToTheBatchAfterARestartToo() throws Exception {
        byte[] batch = batch();
        String key = keccakKey(batch);
        assertStatus(404, door.get(door.altDa("/get/0x" + key)));
        HttpResponse<byte[]> put = door.send("POST", door.altDa("/put/0x" + key), batch);
        assertStatus(200, put);
        assertEquals(0, put.body().length);
        assertArrayEquals(batch, door.get(door.altDa("/get/0x" + key)).body());
        assertStatus(200, door.send("PUT", door.altDa("/put/" + key), batch));
        door.restart();
        assertArrayEquals(batch, door.get(door.altDa("/get/0x" + key)).body());
    }

    @Test
    void aBatchThatIsNotWhatItsKeySaysIsRefused() throws Exception {
        byte[] batch = batch();
        String key = keccakKey(batch);
        batch[BATCH_BYTES - 1] ^= 1;
        assertStatus(400, door.send("POST", door.altDa("/put/0x" + key), batch));
        assertStatus(404, door.get(door.altDa("/get/0x" + key)));
        assertStatus(404, door.get(door.altDa("/get/0x" + keccakKey(batch))));
    }

    @Test
    void whatIsNoCommitmentIsAnErrorAndNeverAMiss() throws Exception {
        byte[] batch = batch();
        String id = "11".repeat(32);
        for (String key : new String[] {"0x", "0x0", "zz", "0x00" + id + "00", "0x0100" + id, "0x02" + id, "0x00" + "zz".repeat(32)}) {
            assertStatus(400, door.get(door.altDa("/get/" + key)));
            assertStatus(400, door.send("POST", door.altDa("/put/" + key), batch));
        }
        assertStatus(400, door.send("POST", door.altDa("/put/0x014d" + id), batch));
        for (String path : new String[] {"/", "/get", "/get/", "/get/00/" + id, "/gett/00" + id, "/v1/blobs/" + id}) {
            assertStatus(400, door.get(door.altDa(path)));
        }
        assertStatus(405, door.get(door.altDa("/put")));
        assertStatus(400, door.send("POST", door.altDa("/put"), new byte[0]));
        assertStatus(400, door.send("POST", door.altDa("/put/0x00" + id), new byte[0]));
        assertStatus(413, door.send("POST", door.altDa("/put"), new byte[DoorFixture.MAX_BLOB_BYTES + 1]));
        assertStatus(200, door.get(door.altDa("/health")));
        assertStatus(404, door.get(door.altDa("/get/0x014d" + id)));
        assertStatus(404, door.get(door.altDa("/get/0x00" + id)));
    }

    @Test
    void aBatchThatCannotBeHadNowIsNotMissing() throws Exception {
        byte[] batch = batch();
        String key = keccakKey(batch);
        assertStatus(200, door.send("POST", door.altDa("/put/0x" + key), batch));
        door.nodes.stop(7);
        assertStatus(503, door.get(door.altDa("/get/0x" + key)));
        assertStatus(503, door.get(door.altDa("/get/0x014d" + "11".repeat(32))));
    }

    @Test
    void aKeyIsNotMissingWhileTheIndexIsDamaged() throws Exception {
        byte[] first = batch();
        byte[] second = batch();
        assertStatus(200, door.send("POST", door.altDa("/put/0x" + keccakKey(first)), first));
        assertStatus(200, door.send("POST", door.altDa("/put/0x" + keccakKey(second)), second));
        Path file = door.altDaFolder().resolve("keccak.index");
        byte[] bytes = Files.readAllBytes(file);
        bytes[20] ^= 1;
        Files.write(file, bytes);
        door.restart();
        assertStatus(503, door.get(door.altDa("/get/0x" + keccakKey(first))));
        assertArrayEquals(second, door.get(door.altDa("/get/0x" + keccakKey(second))).body());
        assertStatus(200, door.send("POST", door.altDa("/put/0x" + keccakKey(first)), first));
        assertArrayEquals(first, door.get(door.altDa("/get/0x" + keccakKey(first))).body());
    }
}
