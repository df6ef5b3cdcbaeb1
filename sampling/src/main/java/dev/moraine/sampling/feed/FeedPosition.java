package dev.moraine.sampling.feed;

/**
 * A place in the list of certificates of one node: all before it was seen. It may be kept over restarts of either side.
 *
 * @param feedId the numbering of the node's list, 0 before the first answer
 * @param cursor the number of the next certificate in that numbering, at least 0
 */
public record FeedPosition(long feedId, long cursor) {
    /** Before everything, in any list. */
    public static final FeedPosition START = new FeedPosition(0, 0);

    /**
     * Checks the cursor.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public FeedPosition {
        if (cursor < 0) {
            throw new IllegalArgumentException("cursor must be at least 0, but is " + cursor);
        }
    }
}
