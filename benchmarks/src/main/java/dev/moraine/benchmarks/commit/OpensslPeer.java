package dev.moraine.benchmarks.commit;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** OpenSSL's SHA-256 in a process of its own, see {@code benchmarks/peers/README.md}. */
final class OpensslPeer implements AutoCloseable {
    private final Process process;
    private final BufferedWriter requests;
    private final BufferedReader answers;

    private OpensslPeer(Process process) {
        this.process = process;
        requests = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /**
     * Builds and starts the program.
     *
     * @param home the checkout
     * @param skipped receives why there is no program, if there is none
     * @return the peer, or nothing
     * @throws IOException if a folder cannot be made or the program does not start
     * @throws InterruptedException if the thread is interrupted
     */
    static Optional<OpensslPeer> start(Path home, List<String> skipped) throws IOException, InterruptedException {
        Path target = home.resolve("benchmarks/target/peers").toAbsolutePath();
        Files.createDirectories(target);
        Path program = target.resolve("openssl");
        Path log = target.resolve("openssl-build.log");
        try {
            Process build = new ProcessBuilder("cc", "-O3", "-o", program.toString(), "driver.c", "-lcrypto")
                    .directory(home.resolve("benchmarks/peers/openssl").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (build.waitFor() != 0) {
                skipped.add("OpenSSL: its driver does not build (libssl-dev is needed), see " + log.getFileName());
                return Optional.empty();
            }
        } catch (IOException e) {
            skipped.add("OpenSSL: cc is not there");
            return Optional.empty();
        }
        return Optional.of(new OpensslPeer(new ProcessBuilder(program.toString())
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start()));
    }

    /**
     * Hashes for a while.
     *
     * @param messageBytes bytes of a message
     * @param millis for how long
     * @return message bytes hashed in a nanosecond of processor time, which is GB/s
     * @throws IOException if the program is gone
     */
    double gigabytesASecond(int messageBytes, long millis) throws IOException {
        String[] words = ask("hash " + messageBytes + " " + millis).split(" ", -1);
        return Double.parseDouble(words[1]) / Double.parseDouble(words[2]);
    }

    /** What the library calls itself. */
    String version() throws IOException {
        return ask("name").substring("ok ".length());
    }

    private String ask(String request) throws IOException {
        requests.write(request);
        requests.newLine();
        requests.flush();
        String answer = answers.readLine();
        if (answer == null || !answer.startsWith("ok ")) {
            throw new IOException("OpenSSL's driver answered " + answer + " to " + request);
        }
        return answer;
    }

    @Override
    public void close() {
        try {
            requests.close();
        } catch (IOException e) {
            process.destroy();
        }
    }
}
