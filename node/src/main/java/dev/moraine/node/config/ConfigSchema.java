package dev.moraine.node.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The keys that files of one kind may hold, sections one deep. Immutable. */
public final class ConfigSchema {
    private final String name;
    private final List<ConfigKey<?>> keys;
    private final Map<String, ConfigKey<?>> keyByPath = new LinkedHashMap<>();
    private final Set<String> sections = new LinkedHashSet<>();

    private ConfigSchema(String name, List<ConfigKey<?>> keys) {
        this.name = name;
        this.keys = keys;
        for (ConfigKey<?> key : keys) {
            keyByPath.put(key.path(), key);
            int dot = key.path().indexOf('.');
            if (dot >= 0) {
                sections.add(key.path().substring(0, dot));
            }
        }
    }

    /**
     * A schema.
     *
     * @param name what its files are for, such as "node"
     * @param keys in the order in which they are shown, those of a section together
     * @return the schema
     */
    static ConfigSchema of(String name, ConfigKey<?>... keys) {
        return new ConfigSchema(name, List.of(keys));
    }

    /**
     * What files of this kind are for.
     *
     * @return such as "node"
     */
    public String name() {
        return name;
    }

    /**
     * All keys.
     *
     * @return in the order in which they are shown
     */
    public List<ConfigKey<?>> keys() {
        return keys;
    }

    /**
     * Takes values by the path of their keys.
     *
     * @param root what stands in a file
     * @return its values
     * @throws ConfigException if a key is not known; names the nearest one that is
     */
    Map<ConfigKey<?>, YamlValue> assign(YamlValue root) throws ConfigException {
        Map<ConfigKey<?>, YamlValue> values = new LinkedHashMap<>();
        for (Map.Entry<String, YamlValue> member : mapping(root, "the file").entrySet()) {
            String path = member.getKey();
            if (sections.contains(path)) {
                for (Map.Entry<String, YamlValue> inner : mapping(member.getValue(), path).entrySet()) {
                    values.put(key(path + "." + inner.getKey(), inner.getValue().line()), inner.getValue());
                }
            } else {
                values.put(key(path, member.getValue().line()), member.getValue());
            }
        }
        return values;
    }

    /**
     * Finds a key.
     *
     * @param path its whole name
     * @param line where it stands, or 0 if that is not in a file
     * @return the key
     * @throws ConfigException if there is none; names the nearest one
     */
    ConfigKey<?> key(String path, int line) throws ConfigException {
        ConfigKey<?> key = keyByPath.get(path);
        if (key == null) {
            throw new ConfigException((line > 0 ? "line " + line + ": " : "") + YamlReader.printable(path)
                    + " is not a key of a " + name + ", the nearest one is " + nearest(path));
        }
        return key;
    }

    private static Map<String, YamlValue> mapping(YamlValue value, String what) throws ConfigException {
        return switch (value) {
            case YamlValue.Mapping mapping -> mapping.values();
            // A section of which every line is a comment.
            case YamlValue.Scalar scalar when scalar.text().isEmpty() -> Map.of();
            default -> throw new ConfigException(
                    "line " + value.line() + ": " + what + " must hold keys and values, but is " + value.describe());
        };
    }

    private String nearest(String path) {
        String wanted = YamlReader.printable(path);
        List<String> known = new ArrayList<>(keyByPath.keySet());
        if (!path.contains(".")) {
            known.addAll(sections);
        }
        return known.stream().min(Comparator.comparingInt(each -> distance(wanted, each))).orElse("none");
    }

    /** Levenshtein's distance, in which a section that was left out or got wrong costs one, and so does an end. */
    private static int distance(String wanted, String known) {
        if (known.startsWith(wanted) || wanted.startsWith(known)) {
            return 1;
        }
        int whole = editDistance(wanted, known);
        int dot = known.indexOf('.');
        int wantedDot = wanted.indexOf('.');
        int last = editDistance(wanted.substring(wantedDot + 1), known.substring(dot + 1)) + 1;
        return Math.min(whole, last);
    }

    private static int editDistance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }

    /**
     * Finds the section of a key.
     *
     * @param key the key
     * @return its section, or null if it stands outside of any
     */
    static @Nullable String sectionOf(ConfigKey<?> key) {
        int dot = key.path().indexOf('.');
        return dot < 0 ? null : key.path().substring(0, dot);
    }
}
