package dev.moraine.wire.message;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Through which line of the matrix a symbol is proved. */
public enum WireAxis {
    /** Through its row, by the holder of that pair. */
    ROW(0),

    /** Through its column, by the holder of that pair. */
    COLUMN(1);

    private static final List<WireAxis> ALL = List.of(values());

    private final int wireCode;

    WireAxis(int wireCode) {
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
    public static @Nullable WireAxis ofWireCode(int wireCode) {
        for (WireAxis value : ALL) {
            if (value.wireCode == wireCode) {
                return value;
            }
        }
        return null;
    }
}
