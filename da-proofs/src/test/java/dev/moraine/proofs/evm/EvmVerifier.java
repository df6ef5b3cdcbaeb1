package dev.moraine.proofs.evm;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * The Solidity verifiers in a real EVM: {@code solidity/evm.mjs} in a process of Node.js, asked one call at a time. The
 * packages that it needs are installed by npm from the committed lock file; where Node.js or the network is missing,
 * the test that wanted this is skipped and says why.
 */
public final class EvmVerifier implements AutoCloseable {
    /** Where the contracts and the script are. */
    public static final Path FOLDER = Path.of("solidity").toAbsolutePath();

    private static final int OLDEST_NODE = 20;
    private static final long INSTALL_SECONDS = 120;

    private final Process process;
    private final BufferedWriter calls;
    private final BufferedReader answers;

    /**
     * What a call came to.
     *
     * @param gas what the call cost
     * @param transactionGas what a transaction that only makes this call costs, calldata included
     * @param result {@code 0x…} for what it returned, else the error that it reverted with
     */
    public record Answer(long gas, long transactionGas, String result) {
        /**
         * Whether the call returned.
         *
         * @return false if it reverted
         */
        public boolean isAccepted() {
            return result.startsWith("0x");
        }

        /**
         * Whether the call reverted with an error that the libraries declare. Anything else, such as a panic or the
         * end of the gas, is no answer that a verifier gives on purpose.
         *
         * @return false if it returned or failed in another way
         */
        public boolean isDeclaredError() {
            return result.matches("[A-Z][A-Za-z0-9]*");
        }

        /**
         * The returned bytes.
         *
         * @return the bytes, or none if the call reverted
         */
        public byte[] returned() {
            return isAccepted() ? HexFormat.of().parseHex(result, 2, result.length()) : new byte[0];
        }
    }

    private EvmVerifier(Process process) {
        this.process = process;
        calls = process.outputWriter(StandardCharsets.US_ASCII);
        answers = process.inputReader(StandardCharsets.US_ASCII);
    }

    /**
     * Installs what is missing and starts an EVM of a hardfork, or skips the test.
     *
     * @param hardfork the name as the script knows it, such as {@code prague}
     * @return the running EVM
     */
    public static EvmVerifier start(String hardfork) {
        requireNode();
        synchronized (EvmVerifier.class) {
            requirePackages();
        }
        try {
            Process process = new ProcessBuilder("node", "evm.mjs", "--hardfork", hardfork)
                    .directory(FOLDER.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            return new EvmVerifier(process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Makes a call.
     *
     * @param function the name of a function of the contract {@code Verifier}
     * @param arguments byte arrays and whole numbers, as the function wants them
     * @return what came of it
     */
    public Answer call(String function, Object... arguments) {
        StringJoiner line = new StringJoiner(" ");
        line.add(function);
        for (Object argument : arguments) {
            line.add(argument instanceof byte[] bytes ? "0x" + HexFormat.of().formatHex(bytes) : argument.toString());
        }
        try {
            calls.write(line.toString());
            calls.newLine();
            calls.flush();
            String answer = answers.readLine();
            if (answer == null) {
                throw new AssertionError("the EVM's process ended; its error output says why");
            }
            String[] words = answer.split(" ", 3);
            return new Answer(Long.parseLong(words[0]), Long.parseLong(words[1]), words[2]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
    }

    /**
     * A row of the table of gas figures.
     *
     * @param what the call
     * @param answer what the call came to
     * @return the row
     */
    public static String gasRow(String what, Answer answer) {
        return String.format(Locale.ROOT, "| %s | %,d | %,d |", what, answer.gas(), answer.transactionGas());
    }

    /**
     * Asserts that the table of gas figures says what is true.
     *
     * @param rows the rows that it must have
     */
    public static void assertInReadme(List<String> rows) {
        try {
            List<String> lines = Files.readAllLines(FOLDER.resolve("README.md"));
            assertTrue(lines.containsAll(rows), () -> "solidity/README.md must have\n" + String.join("\n", rows));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void requireNode() {
        String version = output(List.of("node", "--version"), 20);
        boolean isVersion = version.matches("v\\d+\\..*\\s*");
        int major = isVersion ? Integer.parseInt(version.substring(1, version.indexOf('.'))) : 0;
        Assumptions.assumeTrue(
                major >= OLDEST_NODE,
                () -> "skipped: the EVM needs Node.js " + OLDEST_NODE + " or later; 'node --version' says: " + version);
    }

    private static void requirePackages() {
        if (areInstalled()) {
            return;
        }
        String log = output(List.of("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"), INSTALL_SECONDS);
        Assumptions.assumeTrue(
                areInstalled(), () -> "skipped: the EVM's packages cannot be installed; 'npm ci' says: " + log);
    }

    /** npm writes its own list of what it installed last. */
    private static boolean areInstalled() {
        Path installed = FOLDER.resolve("node_modules/.package-lock.json");
        try {
            return Files.exists(installed)
                    && Files.getLastModifiedTime(installed)
                                    .compareTo(Files.getLastModifiedTime(FOLDER.resolve("package-lock.json")))
                            >= 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a command prints, or why it could not be run. */
    private static String output(List<String> command, long timeoutSeconds) {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(FOLDER.toFile())
                    .redirectErrorStream(true)
                    .start();
            process.onExit()
                    .orTimeout(timeoutSeconds, TimeUnit.SECONDS)
                    .exceptionally(late -> process.destroyForcibly());
            try (InputStream out = process.getInputStream()) {
                return new String(out.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            return e.toString();
        }
    }
}
