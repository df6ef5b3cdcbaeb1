package dev.moraine.node.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * One run of the command line.
 *
 * @param status the exit status
 * @param out standard output
 * @param err standard error
 */
record Invocation(int status, String out, String err) {
    /**
     * Runs a command in this process.
     *
     * @param args the command line
     * @return what it did
     */
    static Invocation of(Object... args) {
        String[] words = new String[args.length];
        for (int i = 0; i < args.length; i++) {
            words[i] = args[i].toString();
        }
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Main.run(words, new PrintWriter(out, true), new PrintWriter(err, true));
        return new Invocation(status, out.toString(), err.toString());
    }

    /**
     * Asserts that the command did its work.
     *
     * @return this
     */
    Invocation succeeded() {
        assertEquals(0, status, err);
        return this;
    }

    /**
     * Asserts that the command failed with one line that holds all the words.
     *
     * @param expectedStatus 1 or 2
     * @param words what the line must name
     */
    void failed(int expectedStatus, Object... words) {
        assertEquals(expectedStatus, status, out + err);
        assertEquals("", out);
        String message = err.lines().findFirst().orElse("");
        for (Object word : words) {
            if (!message.contains(word.toString())) {
                throw new AssertionError("'" + word + "' is not in: " + err);
            }
        }
        assertEquals(1, err.lines().count(), err);
    }
}
