package dev.moraine.storage.segment;

import java.io.IOException;

/** A file that this store must not read, or cannot. Nothing was changed in the folder. */
public final class SegmentRefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Why a segment was refused. */
    public enum Refusal {
        /** The file is of a format version that this program does not know. */
        UNKNOWN_VERSION,
        /** The file belongs to another deployment. */
        FOREIGN_DEPLOYMENT,
        /** The file says another segment id than its name. */
        WRONG_SEGMENT_ID,
        /** Both copies of the header are damaged, or the file is no segment. */
        DAMAGED_HEADER
    }

    private final Refusal refusal;

    /**
     * Says which file was refused for which value.
     *
     * @param refusal the reason
     * @param message names the file, the value, and what to do
     */
    SegmentRefusedException(Refusal refusal, String message) {
        super(message);
        this.refusal = refusal;
    }

    /**
     * Why the file was refused.
     *
     * @return the reason
     */
    public Refusal refusal() {
        return refusal;
    }
}
