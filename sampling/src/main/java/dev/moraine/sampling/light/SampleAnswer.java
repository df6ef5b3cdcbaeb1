package dev.moraine.sampling.light;

/** How a sample was answered. */
public enum SampleAnswer {
    /** The holder of the symbol's row proved it. */
    ROW_HOLDER,
    /** The holder of the symbol's column proved it. */
    COLUMN_HOLDER,
    /** Verified symbols of its row or column decoded to a line with the committed root. */
    DECODED_LINE,
    /** Not at all, until the deadline. */
    NOT_ANSWERED
}
