package dev.moraine.wire.message;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a node found when it read a whole blob. */
public enum VerdictState {
    /** The re-encoded blob has the id. */
    WHOLE(0),

    /** The blob was encoded wrongly by its writer and counts as empty. */
    WRONG(1),

    /** The node has not read the whole blob, or cannot at present. */
    NOT_YET(2);

    private static final List<VerdictState> ALL = List.of(values());

    private final int wireCode;

    VerdictState(int wireCode) {
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
    public static @Nullable VerdictState ofWireCode(int wireCode) {
        for (VerdictState value : ALL) {
            if (value.wireCode == wireCode) {
                return value;
            }
        }
        return null;
    }
}
