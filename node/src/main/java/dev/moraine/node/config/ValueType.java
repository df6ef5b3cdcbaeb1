package dev.moraine.node.config;

/**
 * How the values of a key are written.
 *
 * @param <T> what they are
 */
interface ValueType<T> {
    /**
     * Reads a value.
     *
     * @param value as it stands in the file
     * @return what it means
     * @throws IllegalArgumentException if it is not allowed; the message goes on from the name of the key, such as "must
     *     be from 1 to 5, but is 6"
     */
    T read(YamlValue value);

    /**
     * Writes a value.
     *
     * @param value what {@link #read} gave
     * @return a string, number, boolean, or a list or map of such
     */
    Object show(T value);

    /**
     * What may be written, for the comment of a key.
     *
     * @return a phrase, such as "from 1 to 5"
     */
    String rule();
}
