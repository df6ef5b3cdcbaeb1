package dev.moraine.sampling.read;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.blob.BlobMetadata;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How the read of a whole blob ended (protocol, section 6). Closing a result frees its memory, if it has any.
 */
public sealed interface ReadResult extends AutoCloseable {
    /**
     * The blob that was asked for.
     *
     * @return its id
     */
    BlobId blobId();

    /**
     * Who failed on the way.
     *
     * @return the report; not empty, maybe, even when the blob was read
     */
    BlameReport blame();

    @Override
    default void close() {}

    /**
     * The blob came, and its encoding gives the id again.
     *
     * <p>Holds the memory of its bytes: they must not be touched after {@link #close()}. Any thread may read and close
     * it; closing it again does nothing.
     */
    final class Read implements ReadResult {
        private final BlobMetadata metadata;
        private final BlobMemory memory;
        private final BlameReport blame;
        private final AtomicBoolean isClosed = new AtomicBoolean();

        /** Takes a hold of the memory over. */
        Read(BlobMetadata metadata, BlobMemory memory, BlameReport blame) {
            this.metadata = metadata;
            this.memory = memory;
            this.blame = blame;
        }

        /** Another result over the same memory, which must be closed by itself; nobody is blamed in it. */
        Read share() {
            if (isClosed.get()) {
                throw new IllegalStateException("the blob was closed before");
            }
            memory.hold();
            return new Read(metadata, memory, BlameReport.NONE);
        }

        @Override
        public BlobId blobId() {
            return metadata.id();
        }

        /**
         * The blob's metadata; every root in it was recomputed from the bytes.
         *
         * @return header and roots
         */
        public BlobMetadata metadata() {
            return metadata;
        }

        /**
         * The blob.
         *
         * @return L bytes, alive until {@link #close()}
         */
        public MemorySegment bytes() {
            return memory.bytes();
        }

        @Override
        public BlameReport blame() {
            return blame;
        }

        @Override
        public void close() {
            if (isClosed.compareAndSet(false, true)) {
                memory.release();
            }
        }
    }

    /**
     * Enough slivers came, each matches its root, and together they do not lead to the id: the writer encoded the
     * blob wrongly. Every reader finds the same, and the blob counts as the empty byte string.
     *
     * @param blobId the blob
     * @param blame who failed on the way; the inconsistency itself is the writer's
     */
    record Inconsistent(BlobId blobId, BlameReport blame) implements ReadResult {}

    /**
     * Too little came before the deadline. It says nothing about the blob.
     *
     * @param blobId the blob
     * @param missing what could not be had, for people
     * @param blame who failed, and how
     */
    record Unavailable(BlobId blobId, String missing, BlameReport blame) implements ReadResult {}

    /**
     * The blob is longer than this reader accepts; nothing but metadata was fetched.
     *
     * @param blobId the blob
     * @param lengthBytes its length L
     * @param limitBytes the longest blob that the reader accepts
     * @param blame who failed on the way
     */
    record OverLimit(BlobId blobId, long lengthBytes, long limitBytes, BlameReport blame) implements ReadResult {}
}
