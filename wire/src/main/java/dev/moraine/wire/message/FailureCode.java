package dev.moraine.wire.message;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Why a request, or a connection, failed. */
public enum FailureCode {
    /** The peer speaks another version of the protocol. */
    WRONG_VERSION(1),

    /** The peer belongs to another deployment. */
    WRONG_DEPLOYMENT(2),

    /** What came is not an encoding of a message. */
    MALFORMED(3),

    /** The message does not fit the state of the connection or request. */
    UNEXPECTED_MESSAGE(4),

    /** A named limit of the node is reached. */
    OVER_LIMIT(5),

    /** The node does not hold it. */
    NOT_FOUND(6),

    /** The node held it until its retention ended. */
    EXPIRED(7),

    /** The node holds a damaged copy and set it aside. */
    QUARANTINED(8),

    /** An index or range lies outside of the blob. */
    OUT_OF_RANGE(9),

    /** The writer has no right to this. */
    UNAUTHORISED(10),

    /** The node does not sign for this epoch. */
    WRONG_EPOCH(11),

    /** A certificate, signature or root does not verify. */
    BAD_PROOF(12),

    /** The node cannot write any more. */
    DISK_FAILED(13),

    /** The node failed, and its log says how. */
    INTERNAL(14);

    private static final List<FailureCode> ALL = List.of(values());

    private final int wireCode;

    FailureCode(int wireCode) {
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
    public static @Nullable FailureCode ofWireCode(int wireCode) {
        for (FailureCode value : ALL) {
            if (value.wireCode == wireCode) {
                return value;
            }
        }
        return null;
    }
}
