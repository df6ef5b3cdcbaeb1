package dev.moraine.node.config;

import org.jspecify.annotations.Nullable;

/**
 * One key of a configuration file. Immutable.
 *
 * @param path its name, with that of its section and a dot before it if it stands in one
 * @param type how its values are written
 * @param defaultValue what holds where nothing is set, or null if nothing does
 * @param isRequired whether it must be set
 * @param comment one or two sentences for whoever writes the file
 * @param <T> what its values are
 */
public record ConfigKey<T>(
        String path, ValueType<T> type, @Nullable T defaultValue, boolean isRequired, String comment) {
    /**
     * A key that must be set.
     *
     * @param path its name
     * @param type how its values are written
     * @param comment for whoever writes the file
     * @param <T> what its values are
     * @return the key
     */
    static <T> ConfigKey<T> required(String path, ValueType<T> type, String comment) {
        return new ConfigKey<>(path, type, null, true, comment);
    }

    /**
     * A key with a default.
     *
     * @param path its name
     * @param type how its values are written
     * @param defaultValue what holds where it is not set
     * @param comment for whoever writes the file
     * @param <T> what its values are
     * @return the key
     */
    static <T> ConfigKey<T> of(String path, ValueType<T> type, T defaultValue, String comment) {
        return new ConfigKey<>(path, type, defaultValue, false, comment);
    }

    /**
     * A key without which something is left out.
     *
     * @param path its name
     * @param type how its values are written
     * @param comment for whoever writes the file; says what holds without it
     * @param <T> what its values are
     * @return the key
     */
    static <T> ConfigKey<T> optional(String path, ValueType<T> type, String comment) {
        return new ConfigKey<>(path, type, null, false, comment);
    }
}
