package dev.moraine.node.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.moraine.codec.Geometry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SampleCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void aBlobIsShownWithFNodesDownAndNotShownWithMost() throws Exception {
        try (PostedBlob posted = PostedBlob.of(new Geometry(13), 30_000)) {
            JsonNode all = sample(posted, 0, "--confidence", "0.99");
            assertEquals("SHOWN", all.get("verdict").asText());
            assertEquals("SAMPLED", all.get("method").asText());
            assertEquals(0, all.get("unanswered").asInt());
            assertEquals(0, all.get("faults").size());
            assertTrue(all.get("confidence").asDouble() >= 0.99);
            assertTrue(all.get("assumption").asText().contains("correct encoding"));
            assertTrue(all.get("latencyMs").get("p99").asDouble() > 0);

            posted.stop(4);
            JsonNode some = sample(posted, 0, "--confidence", "0.99", "--deadline", "30");
            assertEquals("SHOWN", some.get("verdict").asText());
            assertEquals(0, some.get("unanswered").asInt());
            some.get("faults").forEach(fault -> assertFalse(fault.get("isLie").asBoolean(), fault::toString));

            posted.stop(12);
            JsonNode none = sample(posted, Main.EXIT_REJECTED, "--confidence", "0.99", "--deadline", "2");
            assertEquals("NOT_SHOWN", none.get("verdict").asText());
            assertTrue(none.get("confidence").asDouble() < 0.99);
            assertTrue(none.get("faults").size() > 0);
        }
    }

    @Test
    void whereSamplesCostMoreTheBlobIsRead() throws Exception {
        try (PostedBlob posted = PostedBlob.of(new Geometry(4), 1_000)) {
            JsonNode read = sample(posted, 0);
            assertEquals("READ", read.get("method").asText());
            assertEquals("WHOLE", read.get("outcome").asText());
            assertEquals(1, read.get("confidence").asDouble());
            String text = Invocation.of("sample", "--genesis", posted.genesis(), posted.id())
                    .succeeded()
                    .out();
            assertTrue(text.startsWith("SHOWN  " + posted.id()), text);

            JsonNode unknown = JSON.readTree(Invocation.of(
                            "sample", "--json", "--genesis", posted.genesis(), "0".repeat(64))
                    .out());
            assertEquals("NOT_SHOWN", unknown.get("verdict").asText());
            assertTrue(unknown.get("missing").asText().contains("certificate"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--confidence, 1",
        "--confidence, 0",
        "--confidence, NaN",
        "--deadline, 0",
        "--deadline, 3601",
    })
    void optionsOutOfRangeAreNamed(String option, String value) {
        Invocation.of("sample", "--genesis", "nowhere", option, value, "0".repeat(64))
                .failed(Main.EXIT_USAGE, option);
    }

    @Test
    void aWrongIdAndAMissingGenesisAreNamed() {
        Invocation.of("sample", "--genesis", "nowhere", "xyz").failed(Main.EXIT_USAGE, "ID", "3");
        Invocation.of("sample", "--genesis", "nowhere", "0".repeat(64)).failed(Main.EXIT_FAILED, "nowhere");
    }

    private static JsonNode sample(PostedBlob posted, int status, String... options) throws Exception {
        Object[] words = new Object[options.length + 5];
        words[0] = "sample";
        words[1] = "--json";
        words[2] = "--genesis";
        words[3] = posted.genesis();
        System.arraycopy(options, 0, words, 4, options.length);
        words[words.length - 1] = posted.id();
        Invocation run = Invocation.of(words);
        assertEquals(status, run.status(), run.err() + run.out());
        return JSON.readTree(run.out());
    }
}
