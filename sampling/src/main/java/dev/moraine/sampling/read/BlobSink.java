package dev.moraine.sampling.read;

import dev.moraine.proofs.blob.BlobHeader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * Takes a blob while it is read. What it is given is what the blob's rows commit to; whether the blob counts is known
 * only when the read ends well, so until then the bytes are unchecked (protocol, section 6).
 *
 * <p>Called on the thread that reads, which waits meanwhile.
 */
public interface BlobSink {
    /**
     * Takes the header, before any byte.
     *
     * @param header valid in the deployment, and hashes to the blob's id
     * @throws IOException if nothing more is wanted
     */
    void onHeader(BlobHeader header) throws IOException;

    /**
     * Takes the next bytes.
     *
     * @param offset where they are in the blob; the end of those before
     * @param bytes at least one, valid during the call
     * @throws IOException if nothing more is wanted
     */
    void onBytes(long offset, MemorySegment bytes) throws IOException;
}
