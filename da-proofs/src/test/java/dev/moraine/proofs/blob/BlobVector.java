package dev.moraine.proofs.blob;

import dev.moraine.testing.SharedData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One blob with the roots and the id that a program outside this project computed for it. */
@SuppressWarnings("ArrayRecordComponent") // nothing changes or compares the blob
record BlobVector(
        String name,
        byte[] blob,
        int shards,
        int symbolSize,
        String blobRoot,
        String blobId,
        List<String> rowRoots,
        List<String> columnRoots) {
    private static final String[] COMMITTED = {"n4-1.json", "n4-1000.json", "n7-131072.json", "n31-100000.json"};

    /** The vectors that are part of the project. */
    static List<BlobVector> committed() {
        List<BlobVector> vectors = new ArrayList<>();
        for (String name : COMMITTED) {
            try (InputStream in = BlobVector.class.getResourceAsStream("/vectors/blob/" + name)) {
                if (in == null) {
                    throw new IllegalStateException("the test resource vectors/blob/" + name + " is missing");
                }
                vectors.add(parse(name, new String(in.readAllBytes(), StandardCharsets.UTF_8)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return vectors;
    }

    /** All vectors of the shared data, or a skipped test. */
    static List<BlobVector> shared() {
        List<BlobVector> vectors = new ArrayList<>();
        try (var files = Files.newDirectoryStream(SharedData.require("vectors/blob"), "*.json")) {
            for (Path file : files) {
                vectors.add(parse(file.getFileName().toString(), Files.readString(file)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (vectors.isEmpty()) {
            throw new IllegalStateException("vectors/blob of the shared data holds no vector");
        }
        return vectors;
    }

    private static BlobVector parse(String name, String json) throws IOException {
        String input = field(json, "input");
        byte[] blob = input.isEmpty()
                ? stream(Integer.parseInt(field(json, "length")))
                : Files.readAllBytes(SharedData.require("data/rollup/" + input));
        return new BlobVector(
                name,
                blob,
                Integer.parseInt(field(json, "shards")),
                Integer.parseInt(field(json, "symbolSize")),
                field(json, "blobRoot"),
                field(json, "blobId"),
                list(json, "rowRoots"),
                list(json, "columnRoots"));
    }

    /** {@code SHA-256("moraine blob vector" ‖ 0 u16 ‖ 0 u16 ‖ counter u32)}, counter 0, 1, 2 …, cut to the length. */
    private static byte[] stream(int lengthBytes) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            for (int counter = 0; out.size() < lengthBytes; counter++) {
                sha256.update("moraine blob vector".getBytes(StandardCharsets.US_ASCII));
                out.writeBytes(sha256.digest(ByteBuffer.allocate(8).putInt(4, counter).array()));
            }
            return Arrays.copyOf(out.toByteArray(), lengthBytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static String field(String json, String name) {
        Matcher matcher = Pattern.compile('"' + name + "\"\\s*:\\s*\"?([^\",\\s]+)").matcher(json);
        return matcher.find() ? matcher.group(1) : "";
    }

    private static List<String> list(String json, String name) {
        Matcher matcher = Pattern.compile('"' + name + "\"\\s*:\\s*\\[([^\\]]*)\\]").matcher(json);
        if (!matcher.find()) {
            throw new IllegalStateException("the vector has no " + name);
        }
        return Arrays.stream(matcher.group(1).split(",", -1))
                .map(text -> text.strip().replace("\"", ""))
                .toList();
    }
}
