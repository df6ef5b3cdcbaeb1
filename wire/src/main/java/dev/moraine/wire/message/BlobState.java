package dev.moraine.wire.message;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a node knows of a blob. */
public enum BlobState {
    /** The node holds nothing of it. */
    UNKNOWN(0),

    /** Slivers are stored, but the node has seen no certificate. */
    HELD(1),

    /** Slivers are stored, and the node keeps a certificate. */
    CERTIFIED(2),

    /** The node held it until its retention ended. */
    EXPIRED(3),

    /** The node holds a damaged copy and set it aside. */
    QUARANTINED(4);

    private static final List<BlobState> ALL = List.of(values());

    private final int wireCode;

    BlobState(int wireCode) {
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
    public static @Nullable BlobState ofWireCode(int wireCode) {
        for (BlobState value : ALL) {
            if (value.wireCode == wireCode) {
                return value;
            }
        }
        return null;
    }
}
