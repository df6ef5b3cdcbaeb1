package dev.moraine.node.http;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Writes measurements in the text format that Prometheus scrapes, version 0.0.4: families one after the other, each
 * with its kind and a sentence of help. For one thread.
 */
public final class MetricsText {
    /** Content type of the format. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4";

    private static final Pattern NAME = Pattern.compile("moraine_[a-z][a-z0-9_]*");
    private static final Pattern LABEL = Pattern.compile("[a-z][a-z0-9_]*");

    private final StringBuilder text = new StringBuilder();
    private final Set<String> families = new HashSet<>();
    private String family = "";

    /** Something that knows measurements. */
    @FunctionalInterface
    public interface Source {
        /**
         * Writes what it knows now. Called by any thread.
         *
         * @param metrics where to
         */
        void write(MetricsText metrics);
    }

    /**
     * Begins a family of counters, which only grow while the process lives.
     *
     * @param name the family; begins with {@code moraine_} and ends with {@code _total}
     * @param help what is counted
     * @return this
     */
    public MetricsText counter(String name, String help) {
        if (!name.endsWith("_total")) {
            throw new IllegalArgumentException("a counter's name must end in _total, but is " + name);
        }
        return begin(name, "counter", help);
    }

    /**
     * Begins a family of measurements that go up and down.
     *
     * @param name the family; begins with {@code moraine_}
     * @param help what is measured, with its unit
     * @return this
     */
    public MetricsText gauge(String name, String help) {
        return begin(name, "gauge", help);
    }

    /**
     * Writes one measurement of the family that was begun last.
     *
     * @param value the measurement
     * @param labels names and values by turns
     * @return this
     */
    public MetricsText sample(long value, String... labels) {
        if (family.isEmpty() || labels.length % 2 != 0) {
            throw new IllegalArgumentException("a sample needs a family, and a value for every label");
        }
        text.append(family);
        for (int i = 0; i < labels.length; i += 2) {
            if (!LABEL.matcher(labels[i]).matches()) {
                throw new IllegalArgumentException("a label must match " + LABEL + ", but is " + labels[i]);
            }
            text.append(i == 0 ? '{' : ',').append(labels[i]).append("=\"");
            text.append(escape(labels[i + 1]).replace("\"", "\\\"")).append('"');
        }
        text.append(labels.length == 0 ? " " : "} ").append(value).append('\n');
        return this;
    }

    private MetricsText begin(String name, String kind, String help) {
        if (!NAME.matcher(name).matches() || !families.add(name)) {
            throw new IllegalArgumentException("a family must match " + NAME + " and come once, but is " + name);
        }
        family = name;
        text.append("# HELP ").append(name).append(' ').append(escape(help)).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(kind).append('\n');
        return this;
    }

    private static String escape(String raw) {
        return raw.replace("\\", "\\\\").replace("\n", "\\n");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
