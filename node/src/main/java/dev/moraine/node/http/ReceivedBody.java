package dev.moraine.node.http;

import java.lang.foreign.MemorySegment;

/** Memory that a request's body is written into while it comes, and then read from. */
public interface ReceivedBody {
    /** A body without bytes. */
    ReceivedBody EMPTY = new ReceivedBody() {
        @Override
        public MemorySegment bytes() {
            return MemorySegment.NULL;
        }

        @Override
        public void release() {}
    };

    /**
     * The memory.
     *
     * @return as many bytes as were reserved
     */
    MemorySegment bytes();

    /** Gives the memory back. May be called by any thread; repeated calls do nothing. */
    void release();
}
