package dev.moraine.wire.message;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a {@link SliverData} carries a piece of. */
public enum Part {
    /** Blob metadata: header and roots. */
    METADATA(0),

    /** A primary sliver. */
    PRIMARY(1),

    /** A secondary sliver. */
    SECONDARY(2);

    private static final List<Part> ALL = List.of(values());

    private final int wireCode;

    Part(int wireCode) {
        this.wireCode = wireCode;
    }

    /**
     * The number that stands for this on the wire.
     *
     * @return the number of the value in the schema
     */
    public int wireCode() {
        return wireCode;
    }

    /**
     * Finds the value of a number.
     *
     * @param wireCode any number
     * @return the value, or null if the number stands for none
     */
    public static @Nullable Part ofWireCode(int wireCode) {
        for (Part value : ALL) {
            if (value.wireCode == wireCode) {
                return value;
            }
        }
        return null;
    }
}
