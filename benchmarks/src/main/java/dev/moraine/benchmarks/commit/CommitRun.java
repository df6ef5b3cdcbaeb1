package dev.moraine.benchmarks.commit;

import dev.moraine.benchmarks.report.Ratio;
import dev.moraine.benchmarks.report.Row;
import dev.moraine.proofs.hash.Sha256;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Measures everything once a round, one thing after the other, so that a round has seen one state of the machine; ratios
 * are made inside of a round, and their median counts. On one thread the time is that of the processor.
 */
final class CommitRun {
    private static final String GIGABYTES = "GB/s";
    private static final String MICROS = "µs";
    private static final int CHUNK = 1024;
    private static final int PAIR = 64;
    private static final int PROOF_SHARDS = 31;
    private static final int PROOF_BLOB_BYTES = 128 * 1024;
    private static final double SYMBOL_LIMIT_MICROS = 2;

    private final Optional<OpensslPeer> openssl;
    private final int rounds;
    private final long millis;
    private final Consumer<Row> progress;
    private final List<Row> rows = new ArrayList<>();
    private final List<Ratio> ratios = new ArrayList<>();

    CommitRun(Optional<OpensslPeer> openssl, int rounds, long millis, Consumer<Row> progress) {
        this.openssl = openssl;
        this.rounds = rounds;
        this.millis = millis;
        this.progress = progress;
    }

    List<Row> rows() {
        return rows;
    }

    List<Ratio> ratios() {
        return ratios;
    }

    /** Messages of a whole chunk and of a tree node. */
    void hashes() throws IOException {
        String lanesName = "Moraine, kernel " + Sha256.kernelName();
        try (Arena arena = Arena.ofConfined()) {
            for (int length : new int[] {CHUNK, PAIR}) {
                HashSpeed speed = new HashSpeed(arena, length);
                double[] lanes = new double[rounds];
                double[] jdk = new double[rounds];
                double[] peer = new double[rounds];
                speed.warmUp();
                for (int at = 0; at < rounds; at++) {
                    lanes[at] = speed.lanes(millis);
                    jdk[at] = speed.jdk(millis);
                    // Peers hash what is in a message without its tag, as many blocks as with it, 65 bytes excepted.
                    int peerBytes = length == PAIR ? PAIR + 1 : length;
                    double peerSpeed = openssl.isPresent() ? openssl.get().gigabytesASecond(peerBytes, millis) : 0;
                    peer[at] = peerSpeed * length / peerBytes;
                }
                String what = "SHA-256, " + (1 + length) + "-byte messages";
                add(what, lanesName, "", GIGABYTES, lanes);
                add(what, "JDK", "", GIGABYTES, jdk);
                if (openssl.isPresent()) {
                    add(what, openssl.get().version(), "", GIGABYTES, peer);
                }
                if (length == PAIR) {
                    ratios.add(new Ratio("65-byte messages: lanes / JDK", median(lanes, jdk), 2));
                } else if (openssl.isPresent()) {
                    ratios.add(new Ratio("1 KiB messages: lanes / OpenSSL", median(lanes, peer), 2.2));
                }
            }
        }
    }

    /**
     * One size of blob in one committee.
     *
     * @param shards n
     * @param blobBytes L
     * @param bar what the ratio to the formula must reach, 0 for no ratio
     * @param secondThreadBar what two threads must gain, 0 for no ratio
     */
    void commit(int shards, int blobBytes, double bar, double secondThreadBar) {
        String params = "n=" + shards + " " + size(blobBytes);
        try (Arena arena = Arena.ofShared(); ExecutorService executor = Executors.newSingleThreadExecutor()) {
            CommitSpeed speed = new CommitSpeed(arena, shards, blobBytes);
            HashSpeed hash = new HashSpeed(arena, CHUNK);
            double[] codec = new double[rounds];
            double[] commit = new double[rounds];
            double[] formula = new double[rounds];
            double[] one = new double[rounds];
            double[] two = new double[rounds];
            double factor = speed.hashedBytesABlobByte();
            hash.warmUp();
            Stopwatch.warmUp(speed::encode);
            Stopwatch.warmUp(speed::run);
            for (int at = 0; at < rounds; at++) {
                double lanes = hash.lanes(millis);
                codec[at] = speed.codec(millis);
                commit[at] = speed.commit(millis);
                formula[at] = 1 / (factor / lanes + 1 / codec[at]);
                one[at] = speed.commitOnWall(millis, executor, 1);
                two[at] = speed.commitOnWall(millis, executor, 2);
            }
            add("encode", "Moraine", params + ", 1 thread", GIGABYTES, codec);
            add("encode and commit", "Moraine", params + ", 1 thread", GIGABYTES, commit);
            add("encode and commit", "Moraine", params + ", 2 threads", GIGABYTES, two);
            if (bar > 0) {
                String name = String.format(
                        Locale.ROOT, "commit %s / (1 / (%.2f/lanes + 1/codec))", params, factor);
                ratios.add(new Ratio(name, median(commit, formula), bar));
            }
            if (secondThreadBar > 0) {
                ratios.add(new Ratio(
                        "commit " + params + ": two threads / one", median(two, one), secondThreadBar));
            }
        }
    }

    /** Verification of proofs, n = 31 and symbols of 576 bytes, and certificates of the same committee. */
    void proofs() {
        try (Arena arena = Arena.ofShared()) {
            Map<String, Runnable> verifications = ProofSpeed.verifications(arena, PROOF_SHARDS, PROOF_BLOB_BYTES);
            Map<String, double[]> micros = measure(verifications, "n=" + PROOF_SHARDS + " 576-byte symbols");
            double[] symbol = micros.getOrDefault(ProofSpeed.SYMBOL_BY_ROW, new double[rounds]);
            double[] limit = new double[rounds];
            Arrays.fill(limit, SYMBOL_LIMIT_MICROS);
            ratios.add(new Ratio("symbol proof: 2 µs / verification", median(limit, symbol), 1));
        }
    }

    /** Signing, aggregating and verifying. */
    void certificates() {
        Map<String, double[]> micros =
                measure(CertificateSpeed.operations(PROOF_SHARDS), PROOF_SHARDS + " nodes, quorum of 21");
        double[] certificate = micros.getOrDefault(CertificateSpeed.CERTIFICATE, new double[rounds]);
        double[] single = micros.getOrDefault(CertificateSpeed.ONE_SIGNATURE, new double[rounds]);
        ratios.add(new Ratio(
                "certificate: blst's verification of one signature / verification",
                median(single, certificate),
                1 / 1.15));
    }

    private Map<String, double[]> measure(Map<String, Runnable> operations, String params) {
        Map<String, double[]> micros = new LinkedHashMap<>();
        operations.keySet().forEach(name -> micros.put(name, new double[rounds]));
        operations.values().forEach(Stopwatch::warmUp);
        for (int round = 0; round < rounds; round++) {
            for (Map.Entry<String, double[]> values : micros.entrySet()) {
                Runnable operation = Objects.requireNonNull(operations.get(values.getKey()));
                values.getValue()[round] = Stopwatch.cpuNanos(millis, operation) / 1000;
            }
        }
        micros.forEach((name, values) -> add(name, "Moraine", params, MICROS, values));
        return micros;
    }

    private void add(String what, String who, String params, String unit, double[] values) {
        Row row = Row.of(what, who, params, unit, values);
        rows.add(row);
        progress.accept(row);
    }

    private static double median(double[] values, double[] others) {
        double[] ratios = new double[values.length];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = values[i] / others[i];
        }
        return Row.of("", "", "", "", ratios).median();
    }

    private static String size(int bytes) {
        return bytes < 1024 * 1024 ? bytes / 1024 + " KiB" : bytes / (1024 * 1024) + " MiB";
    }
}
