package dev.moraine.sampling.read;

import dev.moraine.wire.message.Part;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A verified sliver, which owns its memory.
 *
 * <p>Any thread may read it; one may close it, and then nobody reads it any more.
 */
public final class Sliver implements AutoCloseable {
    private final int pair;
    private final Part part;
    private final Arena arena;
    private final MemorySegment bytes;

    Sliver(int pair, Part part, Arena arena, MemorySegment bytes) {
        this.pair = pair;
        this.part = part;
        this.arena = arena;
        this.bytes = bytes;
    }

    /**
     * The pair that it belongs to.
     *
     * @return the row of a primary, the column of a secondary sliver
     */
    public int pair() {
        return pair;
    }

    /**
     * Which of the pair it is.
     *
     * @return {@link Part#PRIMARY} or {@link Part#SECONDARY}
     */
    public Part part() {
        return part;
    }

    /**
     * The sliver.
     *
     * @return {@code k₂·s} bytes of a primary, {@code k₁·s} of a secondary sliver, alive until {@link #close()}
     */
    public MemorySegment bytes() {
        return bytes;
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
