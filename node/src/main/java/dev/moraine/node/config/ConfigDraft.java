package dev.moraine.node.config;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A configuration that is about to be written into a new file. For one thread. */
public final class ConfigDraft {
    private final ConfigSchema schema;
    private final Map<ConfigKey<?>, Object> set = new HashMap<>();

    /**
     * A draft in which nothing is set.
     *
     * @param schema the keys
     */
    public ConfigDraft(ConfigSchema schema) {
        this.schema = schema;
    }

    /**
     * Sets a key.
     *
     * @param key the key
     * @param value its value
     * @param <T> what its values are
     * @return this
     */
    public <T> ConfigDraft set(ConfigKey<T> key, T value) {
        set.put(key, value);
        return this;
    }

    /**
     * Writes what was set, each key with its comment.
     *
     * @return YAML
     */
    public String yaml() {
        return "# All keys and their defaults: moraine config show --kind " + schema.name() + "\n\n"
                + ConfigText.yamlOfSet(new Configuration(schema, Path.of(""), Map.copyOf(set)));
    }
}
