package dev.moraine.node.config;

import java.util.List;
import java.util.Map;

/** A value as it stands in a file, before anybody knows its type. Scalars are text: what they mean is up to their key. */
sealed interface YamlValue {
    /**
     * Where the value begins.
     *
     * @return a line, from 1
     */
    int line();

    /**
     * A single value.
     *
     * @param text as written, without quotes
     * @param line where it begins
     */
    record Scalar(String text, int line) implements YamlValue {}

    /**
     * A list.
     *
     * @param values in the order of the file
     * @param line where it begins
     */
    record Sequence(List<YamlValue> values, int line) implements YamlValue {}

    /**
     * Named values.
     *
     * @param values by name, in the order of the file
     * @param line where it begins
     */
    record Mapping(Map<String, YamlValue> values, int line) implements YamlValue {}

    /**
     * How messages call the value.
     *
     * @return its text if it is a scalar, else its form
     */
    default String describe() {
        return switch (this) {
            case Scalar scalar -> "'" + YamlReader.printable(scalar.text()) + "'";
            case Sequence ignored -> "a list";
            case Mapping ignored -> "a section";
        };
    }
}
