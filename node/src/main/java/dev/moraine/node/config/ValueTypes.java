package dev.moraine.node.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The types that keys have. */
final class ValueTypes {
    private static final int MAX_PORT = 65_535;
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,19}");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,19}) ?(KiB|MiB|GiB|TiB)?");
    private static final Pattern ADDRESS = Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[^:\\s]+):([0-9]{1,5})");

    private ValueTypes() {}

    /**
     * A value that is one word or line.
     *
     * @param <T> what it means
     */
    private record ScalarType<T>(String rule, Function<String, T> parse, Function<T, Object> print)
            implements ValueType<T> {
        @Override
        public T read(YamlValue value) {
            if (!(value instanceof YamlValue.Scalar scalar)) {
                throw refused(rule, value.describe());
            }
            return parse.apply(scalar.text());
        }

        @Override
        public Object show(T value) {
            return print.apply(value);
        }
    }

    /**
     * Whole numbers.
     *
     * @param least the smallest
     * @param most the largest
     * @return the type
     */
    static ValueType<Long> whole(long least, long most) {
        String rule = "from " + least + " to " + most;
        return new ScalarType<>(
                rule,
                text -> {
                    if (!NUMBER.matcher(text).matches()) {
                        throw refused("a whole number " + rule, quoted(text));
                    }
                    return inRange(text, 1, least, most, rule);
                },
                number -> number);
    }

    /**
     * Bytes, as a whole number or with KiB, MiB, GiB or TiB behind it.
     *
     * @param least the fewest
     * @param most the most
     * @return the type
     */
    static ValueType<Long> bytes(long least, long most) {
        String rule = "from " + printBytes(least) + " to " + printBytes(most);
        return new ScalarType<>(
                rule,
                text -> {
                    Matcher size = SIZE.matcher(text);
                    if (!size.matches()) {
                        throw refused("bytes " + rule + ", such as 1048576 or 1 MiB", quoted(text));
                    }
                    return inRange(size.group(1), unitBytes(size.group(2)), least, most, rule);
                },
                ValueTypes::printBytes);
    }

    /** {@return the type of yes and no} */
    static ValueType<Boolean> flag() {
        String rule = "true or false";
        return new ScalarType<>(
                rule,
                text -> {
                    if (!text.equals("true") && !text.equals("false")) {
                        throw refused(rule, quoted(text));
                    }
                    return text.equals("true");
                },
                value -> value);
    }

    /**
     * One of a few words.
     *
     * @param words the words
     * @return the type
     */
    static ValueType<String> oneOf(String... words) {
        List<String> known = List.of(words);
        String rule = String.join(", ", known.subList(0, known.size() - 1)) + " or " + known.getLast();
        return new ScalarType<>(
                rule,
                text -> {
                    if (!known.contains(text)) {
                        throw refused(rule, quoted(text));
                    }
                    return text;
                },
                word -> word);
    }

    /** {@return the type of files and folders; where a path leads is up to {@link Configuration#path}} */
    static ValueType<Path> path() {
        String rule = "a path, from the folder of this file if it is relative";
        return new ScalarType<>(
                rule,
                text -> {
                    try {
                        if (!text.isBlank()) {
                            return Path.of(text);
                        }
                    } catch (InvalidPathException e) {
                        throw new IllegalArgumentException("must be a path, but is " + quoted(text), e);
                    }
                    throw refused("a path", "empty");
                },
                Path::toString);
    }

    /** {@return the type of places to listen at: host and port, an IPv6 host in brackets, port 0 for any free one} */
    static ValueType<InetSocketAddress> address() {
        String rule = "host:port";
        return new ScalarType<>(
                rule,
                text -> {
                    Matcher parts = ADDRESS.matcher(text);
                    if (!parts.matches() || Integer.parseInt(parts.group(2)) > MAX_PORT) {
                        throw refused("host:port with a port from 0 to " + MAX_PORT, quoted(text));
                    }
                    String host = parts.group(1).replaceAll("[\\[\\]]", "");
                    return InetSocketAddress.createUnresolved(host, Integer.parseInt(parts.group(2)));
                },
                ValueTypes::printAddress);
    }

    /**
     * Text with a meaning of its own.
     *
     * @param rule what may be written
     * @param parse reads it; throws IllegalArgumentException if it is not allowed
     * @param <T> what it means; its string form is how it is written
     * @return the type
     */
    static <T> ValueType<T> text(String rule, Function<String, T> parse) {
        return new ScalarType<>(
                rule,
                text -> {
                    try {
                        return parse.apply(text);
                    } catch (IllegalArgumentException e) {
                        throw new IllegalArgumentException("must be " + rule + ", but is " + quoted(text), e);
                    }
                },
                String::valueOf);
    }

    /**
     * A list.
     *
     * @param element the type of what it holds
     * @param most how many it may hold
     * @param <T> what it holds
     * @return the type
     */
    static <T> ValueType<List<T>> listOf(ValueType<T> element, int most) {
        return new ValueType<>() {
            @Override
            public List<T> read(YamlValue value) {
                if (!(value instanceof YamlValue.Sequence sequence)) {
                    throw refused("a list", value.describe());
                }
                if (sequence.values().size() > most) {
                    throw refused("a list of at most " + most, "one of " + sequence.values().size());
                }
                List<T> elements = new ArrayList<>();
                for (YamlValue each : sequence.values()) {
                    try {
                        elements.add(element.read(each));
                    } catch (IllegalArgumentException e) {
                        throw new IllegalArgumentException(
                                "[" + elements.size() + "] " + String.valueOf(e.getMessage()), e);
                    }
                }
                return List.copyOf(elements);
            }

            @Override
            public Object show(List<T> values) {
                return values.stream().map(element::show).toList();
            }

            @Override
            public String rule() {
                return "a list of at most " + most;
            }
        };
    }

    private static IllegalArgumentException refused(String expected, String actual) {
        return new IllegalArgumentException("must be " + expected + ", but is " + actual);
    }

    private static String quoted(String text) {
        return "'" + YamlReader.printable(text) + "'";
    }

    private static long inRange(String digits, long unit, long least, long most, String rule) {
        try {
            long value = Math.multiplyExact(Long.parseLong(digits), unit);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException("must be " + rule + ", but is larger than any number here", e);
        }
        throw refused(rule, digits + (unit == 1 ? "" : " times " + printBytes(unit)));
    }

    private static long unitBytes(@Nullable String unit) {
        return switch (unit) {
            case "KiB" -> 1L << 10;
            case "MiB" -> 1L << 20;
            case "GiB" -> 1L << 30;
            case "TiB" -> 1L << 40;
            case null, default -> 1;
        };
    }

    /**
     * Writes bytes with the largest unit that divides them.
     *
     * @param bytes how many
     * @return such as {@code 64MiB}
     */
    static String printBytes(long bytes) {
        String[] units = {"TiB", "GiB", "MiB", "KiB"};
        for (int i = 0; i < units.length; i++) {
            long unit = 1L << (10 * (units.length - i));
            if (bytes >= unit && bytes % unit == 0) {
                return bytes / unit + units[i];
            }
        }
        return Long.toString(bytes);
    }

    /**
     * Writes an address.
     *
     * @param address host and port
     * @return host:port, an IPv6 host in brackets
     */
    static String printAddress(InetSocketAddress address) {
        InetAddress resolved = address.getAddress();
        String host = resolved == null ? address.getHostString() : resolved.getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
