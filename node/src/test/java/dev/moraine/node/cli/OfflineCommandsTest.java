package dev.moraine.node.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.moraine.codec.Geometry;
import dev.moraine.node.demo.RollupBatchGenerator;
import dev.moraine.testing.Seed;
import dev.moraine.testing.SharedData;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OfflineCommandsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"n7-op-batcher-tx.json", "n7-eip4844-blob-2.json"})
    void idsOfRealBatchesAreTheOnesOfTheVectors(String vector) throws IOException {
        JsonNode expected = JSON.readTree(
                SharedData.require("vectors/blob/" + vector).toFile());
        Path file = SharedData.require("data/rollup/" + expected.get("input").asText());
        JsonNode actual = JSON.readTree(
                Invocation.of("id", file, "--shards", expected.get("shards").asInt(), "--json")
                        .succeeded()
                        .out());
        assertEquals(expected.get("blobId").asText(), actual.get("blobId").asText());
        assertEquals(expected.get("blobRoot").asText(), actual.get("blobRoot").asText());
        assertEquals(
                expected.get("symbolSize").asInt(), actual.get("symbolSizeBytes").asInt());
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 7, 10, 31, 100, 192})
    void anySufficientChoiceOfSliversGivesTheFileBack(int shards) throws IOException {
        Random random = Seed.random("OfflineCommandsTest.anySufficientChoiceOfSliversGivesTheFileBack " + shards);
        Geometry geometry = new Geometry(shards);
        byte[] content = new RollupBatchGenerator(random.nextLong()).next(1 + random.nextInt(40_000));
        Path file = Files.write(folder.resolve("batch.bin"), content);
        for (boolean isPrimary : new boolean[] {true, false}) {
            Path slivers = folder.resolve("slivers-" + isPrimary);
            Invocation.of("encode", file, "--shards", shards, "--out", slivers).succeeded();
            int needed = isPrimary ? geometry.sourceRows() : geometry.sourceColumns();
            keep(random, slivers, shards, isPrimary ? needed : 0, isPrimary ? 0 : needed);
            Path back = folder.resolve("back-" + isPrimary);
            Invocation.of("decode", slivers, "--out", back).succeeded();
            assertArrayEquals(content, Files.readAllBytes(back));
        }
    }

    @Test
    void oneSliverTooFewIsAnErrorThatCountsThem() throws IOException {
        Random random = Seed.random("OfflineCommandsTest.oneSliverTooFewIsAnErrorThatCountsThem");
        Path slivers = encoded("slivers", 7, Seed.bytes(random, 10_000));
        keep(random, slivers, 7, 2, 4);
        Path back = folder.resolve("back");
        Invocation.of("decode", slivers, "--out", back).failed(1, slivers, "2", "3 needed", "4", "5 needed");
        assertNothingButWhatWasThere(back);
    }

    @Test
    void sliversOfAnotherBlobAndWrongPlacesAreNamedAndNotUsed() throws IOException {
        Random random = Seed.random("OfflineCommandsTest.sliversOfAnotherBlobAndWrongPlacesAreNamedAndNotUsed");
        byte[] content = Seed.bytes(random, 10_000);
        Path slivers = encoded("slivers", 7, content);
        Path others = encoded("others", 7, Seed.bytes(random, 10_000));
        Files.copy(
                others.resolve("primary-0.bin"),
                slivers.resolve("primary-0.bin"),
                StandardCopyOption.REPLACE_EXISTING);
        Files.copy(
                slivers.resolve("primary-2.bin"),
                slivers.resolve("primary-1.bin"),
                StandardCopyOption.REPLACE_EXISTING);
        try (RandomAccessFile sliver = new RandomAccessFile(slivers.resolve("primary-3.bin").toFile(), "rw")) {
            sliver.setLength(sliver.length() - 1);
        }
        Path back = folder.resolve("back");
        Invocation decode = Invocation.of("decode", slivers, "--out", back).succeeded();
        for (String bad : new String[] {"primary-0.bin", "primary-1.bin", "primary-3.bin"}) {
            assertTrue(decode.err().contains("not used: " + bad), decode.err());
        }
        assertArrayEquals(content, Files.readAllBytes(back));

        Files.delete(slivers.resolve("primary-4.bin"));
        Files.delete(slivers.resolve("primary-5.bin"));
        for (int column = 0; column < 3; column++) {
            Files.copy(
                    others.resolve("secondary-" + column + ".bin"),
                    slivers.resolve("secondary-" + column + ".bin"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        Invocation.of("decode", slivers, "--out", folder.resolve("again"))
                .failed(1, "2 good primary", "4 good secondary", "secondary-0.bin", "primary-0.bin");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"blobId\":1}", "null", "{} {}"})
    void metadataThatIsNotMetadataIsRefused(String text) throws IOException {
        Path slivers = encoded("slivers", 4, new byte[] {1, 2, 3});
        Files.writeString(slivers.resolve("metadata.json"), text);
        Invocation.of("decode", slivers, "--out", folder.resolve("back")).failed(1, "metadata.json");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "shards | 3",
        "shards | 193",
        "shards | 7",
        "shards | 4.5",
        "lengthBytes | 0",
        "lengthBytes | 4",
        "lengthBytes | 4294967297",
        "lengthBytes | -1",
        "symbolSizeBytes | 128",
        "symbolSizeBytes | 0",
        "symbolSizeBytes | 2147483648",
        "blobId | \"00\"",
        "blobRoot | \"0000000000000000000000000000000000000000000000000000000000000000\"",
        "blobRoot | \"abc\"",
        "rowRoots | []",
        "rowRoots | [null,null,null,null]",
        "columnRoots | [\"A\",\"B\",\"C\",\"D\"]",
    })
    void metadataThatContradictsItselfIsRefused(String field, String value) throws IOException {
        Path slivers = encoded("slivers", 4, new byte[] {1, 2, 3});
        Path file = slivers.resolve("metadata.json");
        ObjectNode metadata = (ObjectNode) JSON.readTree(file.toFile());
        metadata.set(field, JSON.readTree(value));
        Files.writeString(file, JSON.writeValueAsString(metadata));
        Invocation.of("decode", slivers, "--out", folder.resolve("back")).failed(1, "metadata.json");
        assertFalse(Files.exists(folder.resolve("back")));
    }

    @Test
    void filesThatAreNoBatchesAreRefusedWithTheLimit() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty"));
        Path three = Files.write(folder.resolve("three"), new byte[3]);
        for (String command : new String[] {"id", "encode"}) {
            List<Object> tail = command.equals("id") ? List.of() : List.of("--out", folder.resolve("out"));
            run(command, empty, tail).failed(1, empty, "empty");
            run(command, folder.resolve("missing"), tail).failed(1, "missing");
            run(command, folder, tail).failed(1, folder, "regular file");
            run(command, three, with(tail, "--max-bytes", 2)).failed(1, three, "3 bytes", "limit is 2");
            run(command, three, with(tail, "--max-bytes", 0)).failed(2, "--max-bytes", "0");
        }
        assertNothingButWhatWasThere(empty, three);
        Invocation.of("id", three, "--shards", 7, "--max-bytes", 3).succeeded();
        Invocation.of("id", three, "--shards", 7, "--max-bytes", 1L << 32).succeeded();
        Invocation.of("id", three, "--shards", 7, "--max-bytes", (1L << 32) + 1).failed(2, "--max-bytes");
        Path slivers = encoded("slivers", 7, new byte[3]);
        Invocation.of("decode", slivers, "--out", folder.resolve("back"), "--max-bytes", 2)
                .failed(1, slivers, "3 bytes", "limit is 2");
        Invocation.of("decode", slivers, "--out", folder.resolve("back"), "--max-bytes", 3)
                .succeeded();
    }

    @Test
    void theDefaultLimitIs64MiB() throws IOException {
        Path sparse = folder.resolve("sparse");
        try (RandomAccessFile file = new RandomAccessFile(sparse.toFile(), "rw")) {
            file.setLength((64L << 20) + 1);
        }
        Invocation.of("id", sparse, "--shards", 4).failed(1, sparse, 67108865, 67108864);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", "193", "-7", "seven", "2147483648"})
    void shardCountsOutOfRangeAreUsageErrors(String shards) throws IOException {
        Path file = Files.write(folder.resolve("file"), new byte[3]);
        Invocation.of("id", file, "--shards", shards).failed(2, "--shards", shards);
        Invocation.of("encode", file, "--shards", shards, "--out", folder.resolve("out"))
                .failed(2, "--shards", shards);
        assertNothingButWhatWasThere(file);
    }

    @Test
    void nothingIsOverwritten() throws IOException {
        Path file = Files.write(folder.resolve("file"), new byte[3]);
        Path slivers = encoded("slivers", 4, new byte[] {1, 2, 3});
        Invocation.of("encode", file, "--shards", 4, "--out", slivers).failed(1, slivers, "exists");
        Invocation.of("encode", file, "--shards", 4, "--out", file).failed(1, file, "exists");
        Invocation.of("decode", slivers, "--out", file).failed(1, file, "exists");
        assertArrayEquals(new byte[3], Files.readAllBytes(file));
    }

    @Test
    void foldersThatCannotBeWrittenLeaveNothingBehind() throws IOException {
        Path file = Files.write(folder.resolve("file"), new byte[3]);
        Path slivers = encoded("slivers", 4, new byte[] {1, 2, 3});
        Invocation.of("encode", file, "--shards", 4, "--out", file.resolve("out")).failed(1, "out");
        Invocation.of("encode", file, "--shards", 4, "--out", "/proc/moraine").failed(1, "/proc/moraine");
        Invocation.of("decode", slivers, "--out", "/proc/moraine").failed(1, "/proc/moraine");
        Invocation.of("decode", slivers, "--out", folder.resolve("none/back")).failed(1, "none");
        Invocation.of("decode", folder.resolve("none"), "--out", folder.resolve("back")).failed(1, "none");
        Invocation.of("encode", file, "--shards", 4, "--out", folder.resolve("a/b")).failed(1, "a/b");
        Invocation.of("encode", file, "--shards", 4, "--out", folder.resolve("long".repeat(80)))
                .failed(1, "long");
        assertNothingButWhatWasThere(file);
    }

    @Test
    void everyCommandHelpsWithAnExample() {
        for (String command : new String[] {"demo", "id", "encode", "decode", "verify"}) {
            String help = Invocation.of(command, "--help").succeeded().out();
            assertTrue(help.contains("Example: moraine " + command), help);
        }
        assertTrue(Invocation.of("--help").succeeded().out().contains("Example: moraine demo"));
        Invocation.of().failed(2, "command");
        Invocation.of("fly").failed(2, "fly");
    }

    private Path encoded(String name, int shards, byte[] content) throws IOException {
        Path file = Files.write(folder.resolve(name + ".bin"), content);
        Path slivers = folder.resolve(name);
        Invocation.of("encode", file, "--shards", shards, "--out", slivers).succeeded();
        Files.delete(file);
        return slivers;
    }

    private static Invocation run(String command, Path file, List<Object> tail) {
        return Invocation.of(with(List.of(command, file, "--shards", 7), tail.toArray()).toArray());
    }

    private static List<Object> with(List<Object> words, Object... more) {
        List<Object> all = new ArrayList<>(words);
        all.addAll(List.of(more));
        return all;
    }

    private static void keep(Random random, Path slivers, int shards, int primaries, int secondaries)
            throws IOException {
        removeAllBut(random, slivers, "primary-", shards, primaries);
        removeAllBut(random, slivers, "secondary-", shards, secondaries);
    }

    private static void removeAllBut(Random random, Path slivers, String prefix, int shards, int count)
            throws IOException {
        List<Integer> indexes = new ArrayList<>(IntStream.range(0, shards).boxed().toList());
        Collections.shuffle(indexes, random);
        for (int index : indexes.subList(count, shards)) {
            Files.delete(slivers.resolve(prefix + index + ".bin"));
        }
    }

    private void assertNothingButWhatWasThere(Path... expected) throws IOException {
        try (Stream<Path> left = Files.list(folder)) {
            List<Path> unexpected = left.filter(path -> !path.getFileName().toString().startsWith("slivers"))
                    .filter(path -> !List.of(expected).contains(path))
                    .toList();
            assertEquals(List.of(), unexpected);
        }
    }
}
