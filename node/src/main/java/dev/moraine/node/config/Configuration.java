package dev.moraine.node.config;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of all keys of a {@link ConfigSchema}, from a file, from settings that override it, and from defaults.
 * Immutable.
 */
public final class Configuration {
    private final ConfigSchema schema;
    private final Path folder;
    private final Map<ConfigKey<?>, Object> set;

    /**
     * Takes values as they are.
     *
     * @param schema the keys
     * @param folder where relative paths start
     * @param set the values that are set, each of its key's type
     */
    Configuration(ConfigSchema schema, Path folder, Map<ConfigKey<?>, Object> set) {
        this.schema = schema;
        this.folder = folder;
        this.set = set;
    }

    /**
     * The defaults alone, without a check that what is required is set.
     *
     * @param schema the keys
     * @return the configuration
     */
    public static Configuration defaults(ConfigSchema schema) {
        return new Configuration(schema, Path.of(""), Map.of());
    }

    /**
     * Reads a file.
     *
     * @param schema the keys that it may hold
     * @param file the file
     * @param overrides settings of the form {@code key=value}, which hold instead of the file's
     * @return the configuration
     * @throws ConfigException if the file cannot be read, a key is not known or missing, or a value is not allowed
     */
    public static Configuration read(ConfigSchema schema, Path file, List<String> overrides) throws ConfigException {
        Path parent = file.toAbsolutePath().normalize().getParent();
        try {
            return parse(schema, text(file), parent == null ? Path.of("") : parent, overrides);
        } catch (ConfigException e) {
            throw new ConfigException(file + ": " + e.getMessage());
        }
    }

    /**
     * Reads the content of a file.
     *
     * @param schema the keys that it may hold
     * @param text the content
     * @param folder where relative paths start
     * @param overrides settings of the form {@code key=value}
     * @return the configuration
     * @throws ConfigException as {@link #read}, without the name of a file
     */
    static Configuration parse(ConfigSchema schema, String text, Path folder, List<String> overrides)
            throws ConfigException {
        return of(schema, YamlReader.read(text), folder, overrides);
    }

    /**
     * Takes what stands in a file, or in one section of it.
     *
     * @param schema the keys that it may hold
     * @param root what stands there
     * @param folder where relative paths start
     * @param overrides settings of the form {@code key=value}
     * @return the configuration
     * @throws ConfigException as {@link #parse}
     */
    static Configuration of(ConfigSchema schema, YamlValue root, Path folder, List<String> overrides)
            throws ConfigException {
        Map<ConfigKey<?>, Object> set = new HashMap<>();
        for (Map.Entry<ConfigKey<?>, YamlValue> each : schema.assign(root).entrySet()) {
            set.put(each.getKey(), value(each.getKey(), each.getValue(), "line " + each.getValue().line() + ": "));
        }
        for (String override : overrides) {
            int equals = override.indexOf('=');
            if (equals < 1) {
                throw new ConfigException("a setting must be key=value, but is '" + YamlReader.printable(override) + "'");
            }
            ConfigKey<?> key = schema.key(override.substring(0, equals), 0);
            set.put(key, value(key, written(override.substring(equals + 1)), ""));
        }
        for (ConfigKey<?> key : schema.keys()) {
            if (key.isRequired() && !set.containsKey(key)) {
                throw new ConfigException(key.path() + " must be set");
            }
        }
        return new Configuration(schema, folder, set);
    }

    /**
     * The value of a key that is required or has a default.
     *
     * @param key the key
     * @param <T> what its values are
     * @return the value
     */
    public <T> T get(ConfigKey<T> key) {
        T value = find(key);
        if (value == null) {
            throw new IllegalArgumentException(key.path() + " is not set and has no default");
        }
        return value;
    }

    /**
     * The value of a key.
     *
     * @param key the key
     * @param <T> what its values are
     * @return the value, or null if it is not set and has no default
     */
    @SuppressWarnings("unchecked") // a key's own type read the value that is kept under it
    public <T> @Nullable T find(ConfigKey<T> key) {
        Object value = set.get(key);
        return value == null ? key.defaultValue() : (T) value;
    }

    /**
     * Where a path leads.
     *
     * @param key a key that is required or has a default
     * @return the path, from the folder of the file if it is relative
     */
    public Path path(ConfigKey<Path> key) {
        return folder.resolve(get(key)).normalize();
    }

    /**
     * Where a path leads.
     *
     * @param key the key
     * @return the path, or null if it is not set
     */
    public @Nullable Path findPath(ConfigKey<Path> key) {
        Path value = find(key);
        return value == null ? null : folder.resolve(value).normalize();
    }

    /**
     * Whether a key was set, and does not hold by default.
     *
     * @param key the key
     * @return true if it was
     */
    boolean isSet(ConfigKey<?> key) {
        return set.containsKey(key);
    }

    /**
     * The keys.
     *
     * @return those of the file's kind
     */
    ConfigSchema schema() {
        return schema;
    }

    /** A list is written as in a file, and what is not YAML at all, such as an IPv6 address, is taken as it is. */
    private static YamlValue written(String text) {
        try {
            return YamlReader.read(text);
        } catch (ConfigException e) {
            return new YamlValue.Scalar(text, 0);
        }
    }

    private static Object value(ConfigKey<?> key, YamlValue value, String where) throws ConfigException {
        try {
            Object read = key.type().read(value);
            if (read == null) {
                throw new IllegalStateException("no value was read for " + key.path());
            }
            return read;
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            throw new ConfigException(where + key.path() + (message.startsWith("[") ? "" : " ") + message);
        }
    }

    private static String text(Path file) throws ConfigException {
        try {
            if (Files.size(file) > YamlReader.MAX_CHARACTERS) {
                throw new ConfigException("longer than " + YamlReader.MAX_CHARACTERS + " bytes");
            }
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new ConfigException("there is no such file");
        } catch (MalformedInputException e) {
            throw new ConfigException("not UTF-8");
        } catch (IOException e) {
            throw new ConfigException("cannot be read: " + YamlReader.printable(e.toString()));
        }
    }
}
