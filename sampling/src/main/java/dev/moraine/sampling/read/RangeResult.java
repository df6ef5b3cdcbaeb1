package dev.moraine.sampling.read;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.proof.ByteRangeProof;

/** How the read of a range ended (protocol, sections 6 and 9). */
public sealed interface RangeResult {
    /**
     * Who failed on the way.
     *
     * @return the report; not empty, maybe, even when the range was read
     */
    BlameReport blame();

    /**
     * The range came, and its proof leads to the blob id.
     *
     * @param proof the verified proof, which holds the bytes
     * @param isUnchecked true as long as this reader has not read the whole blob: then the proof shows what the rows
     *     commit to, but not that the blob counts, and needs a WHOLE verdict before it is relied on
     * @param blame who failed on the way
     */
    record Proved(ByteRangeProof proof, boolean isUnchecked, BlameReport blame) implements RangeResult {}

    /**
     * The blob is encoded wrongly and counts as the empty byte string, so that it has no such range.
     *
     * @param blobId the blob
     * @param blame who failed on the way
     */
    record Inconsistent(BlobId blobId, BlameReport blame) implements RangeResult {}

    /**
     * Too little came before the deadline. It says nothing about the blob.
     *
     * @param blobId the blob
     * @param missing what could not be had, for people
     * @param blame who failed, and how
     */
    record Unavailable(BlobId blobId, String missing, BlameReport blame) implements RangeResult {}
}
