package dev.moraine.benchmarks.codec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Builds the peers' programs, and says of each that cannot be built why. */
final class Peers {
    private final Path source;
    private final Path target;
    private final List<Coder> coders = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();

    private Peers(Path source, Path target) {
        this.source = source;
        this.target = target;
    }

    /**
     * Builds and starts all peers that this machine has tools for.
     *
     * @param source {@code benchmarks/peers}
     * @param target where programs and logs go
     * @return the peers that run and those that do not
     * @throws IOException if a folder cannot be made
     * @throws InterruptedException if the thread is interrupted
     */
    static Peers start(Path source, Path target) throws IOException, InterruptedException {
        Peers peers = new Peers(source.toAbsolutePath(), target.toAbsolutePath());
        Files.createDirectories(peers.target);
        Path go = peers.target.resolve("klauspost");
        if (peers.build("klauspost/reedsolomon", "klauspost", List.of("go", "build", "-o", go.toString(), "."))) {
            peers.start("klauspost matrix", List.of(go.toString(), "matrix"));
            peers.start("klauspost leopard8", List.of(go.toString(), "leopard8"));
        }
        Path rust = peers.target.resolve("rs-simd");
        List<String> cargo = List.of("cargo", "build", "--release", "--locked", "--target-dir", rust.toString());
        if (peers.build("reed-solomon-simd", "rs-simd", cargo)) {
            peers.start("reed-solomon-simd", List.of(rust.resolve("release/rs-simd-driver").toString()));
        }
        Path isal = peers.target.resolve("isal");
        List<String> newer = List.of("cargo", "build", "--release", "--locked", "--target-dir", isal.toString());
        Path older = peers.target.resolve("isal-of-the-system");
        List<String> cc = List.of("cc", "-O3", "-pthread", "-o", older.toString(), "driver.c", "-lisal");
        if (peers.build("ISA-L 2.31", "isal", newer)) {
            peers.start("isa-l", List.of(isal.resolve("release/isal-driver").toString()));
        } else if (peers.build("ISA-L of the system", "isal", cc)) {
            peers.start("isa-l of the system", List.of(older.toString()));
        }
        return peers;
    }

    List<Coder> coders() {
        return coders;
    }

    List<String> skipped() {
        return skipped;
    }

    private boolean build(String name, String folder, List<String> command) throws IOException, InterruptedException {
        Path log = target.resolve(folder + "-" + command.getFirst() + "-build.log");
        try {
            int exitCode = new ProcessBuilder(command)
                    .directory(source.resolve(folder).toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start()
                    .waitFor();
            if (exitCode == 0) {
                return true;
            }
            skipped.add(name + ": its build failed, see " + log.getFileName());
        } catch (IOException e) {
            skipped.add(name + ": " + command.getFirst() + " is not there");
        }
        return false;
    }

    private void start(String name, List<String> command) throws IOException {
        coders.add(Coder.start(name, command, target.resolve("peers.log")));
    }
}
