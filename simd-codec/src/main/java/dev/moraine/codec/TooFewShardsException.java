package dev.moraine.codec;

import java.io.Serial;

/** Fewer shards of a codeword are there than its data shards: nothing can be rebuilt, and nothing was written. */
public final class TooFewShardsException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final int available;
    private final int required;

    /**
     * Names how many are there and how many it takes.
     *
     * @param available shards that are there
     * @param required shards that rebuilding takes
     */
    public TooFewShardsException(int available, int required) {
        super(available + " shards are there, but rebuilding takes " + required);
        this.available = available;
        this.required = required;
    }

    /**
     * Shards that are there.
     *
     * @return a count below {@link #required()}
     */
    public int available() {
        return available;
    }

    /**
     * Shards that rebuilding takes.
     *
     * @return the number of data shards of the code
     */
    public int required() {
        return required;
    }
}
