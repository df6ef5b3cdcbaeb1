package dev.moraine.node.genesis;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;

/**
 * The members of one JSON object, read strictly: exactly the known names, each with exactly its type. Immutable.
 *
 * @param where what messages call the object, such as {@code nodes[3]}; empty for the outermost one
 * @param object the object
 */
record JsonFields(String where, JsonNode object) {
    /**
     * Takes a value as an object with exactly the given members.
     *
     * @param where what messages call the value
     * @param value the value
     * @param names the names that must all be there, and no other
     * @return its members
     * @throws GenesisException if the value is no object, lacks a name or has another one
     */
    static JsonFields of(String where, JsonNode value, Set<String> names) throws GenesisException {
        return of(where, value, names, Set.of());
    }

    /**
     * Takes a value as an object with the given members, some of which may be missing.
     *
     * @param where what messages call the value
     * @param value the value
     * @param names the names that must all be there
     * @param optional the names that may be there, besides those and no other
     * @return its members
     * @throws GenesisException if the value is no object, lacks a name or has another one
     */
    static JsonFields of(String where, JsonNode value, Set<String> names, Set<String> optional)
            throws GenesisException {
        if (!value.isObject()) {
            throw new GenesisException((where.isEmpty() ? "the file" : where) + " must be a JSON object, but is "
                    + typeOf(value));
        }
        JsonFields fields = new JsonFields(where, value);
        for (Iterator<String> present = value.fieldNames(); present.hasNext(); ) {
            String name = present.next();
            if (!names.contains(name) && !optional.contains(name)) {
                throw new GenesisException(fields.path(GenesisFile.printable(name)) + " is not a known field");
            }
        }
        for (String name : names) {
            if (!value.has(name)) {
                throw new GenesisException(fields.path(name) + " is missing");
            }
        }
        return fields;
    }

    /**
     * A whole number.
     *
     * @param name the member
     * @param min smallest value allowed
     * @param max largest value allowed
     * @return the value
     * @throws GenesisException if it is something else or out of range
     */
    long integer(String name, long min, long max) throws GenesisException {
        JsonNode value = object.get(name);
        if (!value.isIntegralNumber()) {
            throw new GenesisException(path(name) + " must be a whole number, but is " + typeOf(value));
        }
        if (!value.canConvertToLong() || value.longValue() < min || value.longValue() > max) {
            throw new GenesisException(path(name) + " must be from " + min + " to " + max + ", but is "
                    + GenesisFile.printable(value.asText()));
        }
        return value.longValue();
    }

    /**
     * A string.
     *
     * @param name the member
     * @return the value
     * @throws GenesisException if it is something else
     */
    String text(String name) throws GenesisException {
        JsonNode value = object.get(name);
        if (!value.isTextual()) {
            throw new GenesisException(path(name) + " must be a string, but is " + typeOf(value));
        }
        return value.textValue();
    }

    /**
     * Bytes, written as lower-case hex.
     *
     * @param name the member
     * @param lengthBytes how many bytes it must be
     * @return the bytes
     * @throws GenesisException if it is something else
     */
    byte[] hex(String name, int lengthBytes) throws GenesisException {
        String text = text(name);
        if (text.length() != 2 * lengthBytes) {
            throw new GenesisException(path(name) + " must be " + 2 * lengthBytes + " hex digits, but has "
                    + text.length() + " characters");
        }
        for (int i = 0; i < text.length(); i++) {
            char digit = text.charAt(i);
            if ((digit < '0' || digit > '9') && (digit < 'a' || digit > 'f')) {
                throw new GenesisException(path(name) + " must be lower-case hex digits, but has another character at "
                        + i);
            }
        }
        return HexFormat.of().parseHex(text);
    }

    /**
     * How messages name a member.
     *
     * @param name the member
     * @return the object's own name and the member's
     */
    String path(String name) {
        return where.isEmpty() ? name : where + "." + name;
    }

    /**
     * How messages name the type of a value.
     *
     * @param value the value
     * @return for example {@code string}
     */
    static String typeOf(JsonNode value) {
        return value.getNodeType().name().toLowerCase(Locale.ROOT);
    }
}
