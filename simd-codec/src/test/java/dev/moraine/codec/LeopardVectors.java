package dev.moraine.codec;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Outputs of {@code klauspost/reedsolomon} with {@code WithLeopardGF(true)}, one JSON object a line, and the
 * pseudo-random data that they were made from: SHA-256 over {@code label ‖ k u16 ‖ m u16 ‖ counter u32} for counter
 * 0, 1, 2 …
 */
final class LeopardVectors {
    private static final String LABEL = "moraine leopard8 vector";
    private static final Pattern NUMBER = Pattern.compile("\"(k|m|shardBytes)\":(\\d+)");
    private static final Pattern HASH = Pattern.compile("\"paritySha256\":\"([0-9a-f]{64})\"");
    private static final Pattern PARITY = Pattern.compile("\"parity\":\\[([^]]*)]");

    private LeopardVectors() {}

    /** One line; {@code parity} is empty where the line only has the hash of it. */
    record Vector(int dataShards, int parityShards, int shardBytes, String paritySha256, List<String> parity) {
        int totalShards() {
            return dataShards + parityShards;
        }

        byte[] data() {
            return stream(LABEL, dataShards, parityShards, dataShards * shardBytes);
        }
    }

    /** The lines that are part of the project. */
    static List<Vector> sample() {
        String name = "/leopard8/encode-sample.jsonl";
        try (InputStream in = Objects.requireNonNull(LeopardVectors.class.getResourceAsStream(name), name)) {
            return parse(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Vector> parse(String lines) {
        return lines.lines().filter(line -> !line.isBlank()).map(LeopardVectors::parseLine).toList();
    }

    static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(digest().digest(bytes));
    }

    static byte[] stream(String label, int k, int m, int lengthBytes) {
        ByteBuffer out = ByteBuffer.allocate(Math.ceilDiv(lengthBytes, 32) * 32);
        MessageDigest sha256 = digest();
        for (int counter = 0; out.hasRemaining(); counter++) {
            sha256.update(label.getBytes(StandardCharsets.US_ASCII));
            sha256.update(ByteBuffer.allocate(8).putShort((short) k).putShort((short) m).putInt(counter).flip());
            out.put(sha256.digest());
        }
        return Arrays.copyOf(out.array(), lengthBytes);
    }

    private static Vector parseLine(String line) {
        int[] numbers = new int[3];
        Matcher number = NUMBER.matcher(line);
        while (number.find()) {
            int slot = switch (number.group(1)) {
                case "k" -> 0;
                case "m" -> 1;
                default -> 2;
            };
            numbers[slot] = Integer.parseInt(number.group(2));
        }
        Matcher hash = HASH.matcher(line);
        if (!hash.find()) {
            throw new IllegalArgumentException("no parity hash in: " + line);
        }
        List<String> parity = new ArrayList<>();
        Matcher list = PARITY.matcher(line);
        if (list.find()) {
            for (String quoted : list.group(1).split(",", -1)) {
                parity.add(quoted.replace("\"", ""));
            }
        }
        return new Vector(numbers[0], numbers[1], numbers[2], hash.group(1), List.copyOf(parity));
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
