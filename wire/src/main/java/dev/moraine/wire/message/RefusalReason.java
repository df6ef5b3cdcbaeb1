package dev.moraine.wire.message;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Why a node refuses an entry of a bundle. */
public enum RefusalReason {
    /** The blob id occurs earlier in the bundle. */
    DUPLICATE(1),

    /** The metadata is not valid, or does not hash to the blob id. */
    BAD_METADATA(2),

    /** The length differs from the one in the metadata. */
    WRONG_LENGTH(3),

    /** The expiry is past, or beyond the retention limit. */
    WRONG_EXPIRY(4),

    /** The writer has no right to the namespace. */
    NAMESPACE_NOT_GRANTED(5),

    /** The quota of the writer does not allow it. */
    OVER_QUOTA(6),

    /** The primary sliver does not have the root in the metadata. */
    WRONG_PRIMARY(7),

    /** The secondary sliver does not have the root in the metadata. */
    WRONG_SECONDARY(8),

    /** Row and column of the pair disagree on the symbol where they cross. */
    WRONG_CROSSING(9),

    /** Bodies did not all come. */
    INCOMPLETE(10);

    private static final List<RefusalReason> ALL = List.of(values());

    private final int wireCode;

    RefusalReason(int wireCode) {
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
    public static @Nullable RefusalReason ofWireCode(int wireCode) {
        for (RefusalReason value : ALL) {
            if (value.wireCode == wireCode) {
                return value;
            }
        }
        return null;
    }
}
