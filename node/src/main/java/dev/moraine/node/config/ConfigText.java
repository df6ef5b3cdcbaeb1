package dev.moraine.node.config;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Writes configurations, for people and for machines. */
public final class ConfigText {
    private static final int COMMENT_WIDTH = 100;
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./][A-Za-z0-9_./:+@-]*");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private ConfigText() {}

    /**
     * Writes every key with its comment and its effective value; a key without a value stands in a comment.
     *
     * @param configuration the values
     * @return YAML that {@link Configuration#read} takes
     */
    public static String yaml(Configuration configuration) {
        return yaml(configuration, configuration.schema().keys());
    }

    /**
     * Writes the keys that are set, each with its comment.
     *
     * @param configuration the values
     * @return YAML
     */
    static String yamlOfSet(Configuration configuration) {
        return yaml(configuration, configuration.schema().keys().stream().filter(configuration::isSet).toList());
    }

    private static String yaml(Configuration configuration, List<ConfigKey<?>> keys) {
        StringBuilder text = new StringBuilder();
        String section = null;
        for (ConfigKey<?> key : keys) {
            String own = ConfigSchema.sectionOf(key);
            if (own != null && !own.equals(section)) {
                text.append('\n').append(own).append(":\n");
            } else if (own == null && !text.isEmpty()) {
                text.append('\n');
            }
            section = own;
            appendKey(text, configuration, key, own == null ? "" : "  ");
        }
        return text.toString();
    }

    /**
     * The effective values, section by section.
     *
     * @param configuration the values
     * @return numbers, booleans, strings, lists and maps; null for what is not set
     */
    public static Map<String, @Nullable Object> tree(Configuration configuration) {
        Map<String, @Nullable Object> root = new LinkedHashMap<>();
        for (ConfigKey<?> key : configuration.schema().keys()) {
            String section = ConfigSchema.sectionOf(key);
            if (section == null) {
                root.put(key.path(), shown(configuration, key));
            } else {
                @SuppressWarnings("unchecked") // sections are made here and nowhere else
                Map<String, @Nullable Object> inner = (Map<String, @Nullable Object>) Objects.requireNonNull(
                        root.computeIfAbsent(section, ignored -> new LinkedHashMap<String, @Nullable Object>()));
                inner.put(key.path().substring(section.length() + 1), shown(configuration, key));
            }
        }
        return root;
    }

    /**
     * Writes an address as configurations do.
     *
     * @param address host and port
     * @return host:port, an IPv6 host in brackets
     */
    public static String address(InetSocketAddress address) {
        return ValueTypes.printAddress(address);
    }

    private static void appendKey(StringBuilder text, Configuration configuration, ConfigKey<?> key, String indent) {
        String standing = key.isRequired() ? "Required." : "";
        for (String line : wrapped(key.comment() + " (" + key.type().rule() + ") " + standing)) {
            text.append(indent).append("# ").append(line).append('\n');
        }
        String name = key.path().substring(key.path().indexOf('.') + 1);
        Object value = shown(configuration, key);
        text.append(indent).append(value == null ? "# " : "").append(name).append(':');
        append(text, value, indent + "  ");
        if (!(value instanceof Collection<?> list) || list.isEmpty()) {
            text.append(configuration.isSet(key) || value == null ? "\n" : "  # default\n");
        }
    }

    private static void append(StringBuilder text, @Nullable Object value, String indent) {
        switch (value) {
            case null -> {}
            case List<?> list when list.isEmpty() -> text.append(" []");
            case List<?> list -> {
                text.append('\n');
                for (Object each : list) {
                    text.append(indent).append("- ").append(flow(each)).append('\n');
                }
            }
            default -> text.append(' ').append(flow(value));
        }
    }

    private static String flow(@Nullable Object value) {
        return switch (value) {
            case null -> "";
            case Map<?, ?> map -> {
                List<String> members = new ArrayList<>();
                map.forEach((name, each) -> members.add(name + ": " + flow(each)));
                yield "{" + String.join(", ", members) + "}";
            }
            case List<?> list -> "[" + String.join(", ", list.stream().map(ConfigText::flow).toList()) + "]";
            case String text when !PLAIN.matcher(text).matches() -> MAPPER.valueToTree(text).toString();
            default -> value.toString();
        };
    }

    private static <T> @Nullable Object shown(Configuration configuration, ConfigKey<T> key) {
        T value = configuration.find(key);
        return value == null ? null : key.type().show(value);
    }

    private static List<String> wrapped(String comment) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : comment.strip().split(" ", -1)) {
            if (!line.isEmpty() && line.length() + word.length() >= COMMENT_WIDTH) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
