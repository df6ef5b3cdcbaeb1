package dev.moraine.node.config;

/** A configuration that cannot be used. The message is one line and names the file, the key, the value and the limit. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Says what is wrong.
     *
     * @param message one line for whoever wrote the file
     */
    public ConfigException(String message) {
        super(message);
    }
}
