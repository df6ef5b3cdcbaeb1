package dev.moraine.proofs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tests that {@code docs/known-faults.md} names are there. */
class KnownFaultsTest {
    private static final Pattern TEST = Pattern.compile("`(\\w+Test)\\.(\\w+)`");

    @Test
    void everyTestThatTheTableNamesExists() throws IOException {
        Map<String, String> sources = new HashMap<>();
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                sources.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        String table = Files.readString(Path.of("../docs/known-faults.md"));
        List<MatchResult> named = TEST.matcher(table).results().toList();
        List<String> missing = new ArrayList<>();
        for (MatchResult test : named) {
            String source = sources.getOrDefault(test.group(1) + ".java", "");
            if (!isTest(source, test.group(2))) {
                missing.add(test.group());
            }
        }
        assertEquals(List.of(), missing);
        assertTrue(named.size() > 30, "the table names tests");
    }

    /** JUnit runs it, or the fuzzer does. */
    private static boolean isTest(String source, String method) {
        return Pattern.compile("@(Test|FuzzTest)\\b[^{;]*\\bvoid " + method + "\\(").matcher(source).find();
    }
}
