package dev.moraine.benchmarks.commit;

import dev.moraine.benchmarks.Main;
import dev.moraine.benchmarks.report.Machine;
import dev.moraine.benchmarks.report.Report;
import dev.moraine.benchmarks.report.ResultsFolder;
import dev.moraine.benchmarks.report.Row;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./moraine bench commit}: hashing, commitments, proofs and certificates, in one process. */
@Command(
        name = "commit",
        description = "Measures hashing beside the JDK and OpenSSL, commitments, proofs and certificates.",
        mixinStandardHelpOptions = true)
public final class CommitBench implements Callable<Integer> {
    private static final int KIBIBYTE = 1024;
    private static final int MEBIBYTE = 1024 * KIBIBYTE;
    /** Set in the process that measures. */
    private static final String MEASURES = "moraine.bench.commit.measures";

    private static final int SHORT_ROUNDS = 5;
    private static final int SHORT_MILLIS = 100;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--json", description = "Print one JSON object instead of the table.")
    private boolean json;

    @Option(names = "--short", description = "Few short runs of what has a bar: a try, not a measurement.")
    private boolean shortRun;

    @Option(names = "--rounds", description = "Runs of everything (default: ${DEFAULT-VALUE}).")
    private int rounds = 9;

    @Option(names = "--millis", description = "Length of a run (default: ${DEFAULT-VALUE}).")
    private int millis = 200;

    @Option(
            names = "--results",
            paramLabel = "FOLDER",
            description = "Where table and JSON go (default: benchmarks/results of the checkout for a full run,"
                    + " benchmarks/target/results for a short one).")
    private @Nullable Path results;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!Boolean.getBoolean(MEASURES)) {
            return new ProcessBuilder(measuringProcess()).inheritIO().start().waitFor();
        }
        Machine machine = Machine.here();
        List<String> skipped = new ArrayList<>();
        skipped.add("isa-l_crypto multi-buffer: no package registry that the build uses carries it");
        Optional<OpensslPeer> openssl =
                OpensslPeer.start(Path.of(System.getProperty("moraine.home", ".")), skipped);
        try {
            CommitRun run = new CommitRun(
                    openssl, shortRun ? SHORT_ROUNDS : rounds, shortRun ? SHORT_MILLIS : millis, this::show);
            run.hashes();
            run.commit(31, MEBIBYTE, 0.85, 1.8);
            run.commit(31, 128 * KIBIBYTE, 0.7, 0);
            run.commit(7, 128 * KIBIBYTE, 0.7, 0);
            if (!shortRun) {
                run.commit(7, MEBIBYTE, 0, 0);
                for (int shards : new int[] {7, 31, 100}) {
                    run.commit(shards, 16 * MEBIBYTE, 0, 0);
                }
                run.commit(100, 128 * KIBIBYTE, 0, 0);
                run.commit(100, MEBIBYTE, 0, 0);
            }
            run.proofs();
            run.certificates();
            publish(new Report(machine, commandLine(), skipped, run.rows(), run.ratios()));
        } finally {
            openssl.ifPresent(OpensslPeer::close);
        }
        return 0;
    }

    private List<String> measuringProcess() {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                // A thread waits for its code to be compiled, however busy the machine is.
                "-Xbatch",
                "-D" + MEASURES + "=true",
                "-Dmoraine.home=" + System.getProperty("moraine.home", "."),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "commit",
                "--rounds=" + rounds,
                "--millis=" + millis,
                "--results=" + ResultsFolder.of(results, !shortRun)));
        if (json) {
            command.add("--json");
        }
        if (shortRun) {
            command.add("--short");
        }
        return command;
    }

    private void show(Row row) {
        if (json) {
            return;
        }
        PrintWriter out = spec.commandLine().getOut();
        out.printf("%s %s, %s: %.2f %s%n", row.what(), row.params(), row.who(), row.median(), row.unit());
        out.flush();
    }

    private String commandLine() {
        return "./moraine bench commit" + (shortRun ? " --short" : " --rounds " + rounds + " --millis " + millis);
    }

    private void publish(Report report) throws IOException {
        Path folder = ResultsFolder.of(results, !shortRun);
        Files.createDirectories(folder);
        String table = report.toMarkdown("Hashing, commitments, proofs, certificates");
        Files.writeString(folder.resolve("commit.md"), table);
        Files.writeString(folder.resolve("commit.json"), report.toJson() + "\n");
        PrintWriter out = spec.commandLine().getOut();
        out.println(json ? report.toJson() : table);
        out.flush();
    }
}
