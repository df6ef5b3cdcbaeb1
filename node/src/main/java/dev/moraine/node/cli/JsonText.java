package dev.moraine.node.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.UncheckedIOException;

/** Machine-readable output. */
final class JsonText {
    private static final ObjectMapper LINES = new ObjectMapper();
    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private JsonText() {}

    /**
     * Writes a tree of records, lists and scalars as JSON.
     *
     * @param value the tree
     * @return JSON text
     */
    static String of(Object value) {
        return write(MAPPER, value);
    }

    /**
     * Writes a tree of records, lists, maps and scalars as JSON in one line.
     *
     * @param value the tree
     * @return JSON text without a line end
     */
    static String line(Object value) {
        return write(LINES, value);
    }

    private static String write(ObjectMapper mapper, Object value) {
        try {
            return mapper.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("records of scalars always have a JSON form", e);
        }
    }
}
