package dev.moraine.sampling.read;

import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.proof.ByteRangeProof;

/** How each kind of thing is kept that a shared reader gets. */
final class KeptRules {
    /** What remembering costs that a blob is inconsistent or too long. */
    private static final long OUTCOME_BYTES = 256;

    private KeptRules() {}

    /** Whole blobs, which share their memory. */
    static final class OfBlobs implements SingleFlight.Rules<ReadResult> {
        @Override
        public boolean isFinal(ReadResult result) {
            return !(result instanceof ReadResult.Unavailable);
        }

        @Override
        public long keptBytes(ReadResult result) {
            return result instanceof ReadResult.Read read
                    ? read.bytes().byteSize()
                    : OUTCOME_BYTES;
        }

        @Override
        public ReadResult share(ReadResult result) {
            return result instanceof ReadResult.Read read ? read.share() : result;
        }

        @Override
        public void release(ReadResult result) {
            result.close();
        }
    }

    /** Metadata. */
    static final class OfMetadata implements SingleFlight.Rules<Answer<BlobMetadata>> {
        @Override
        public boolean isFinal(Answer<BlobMetadata> answer) {
            return answer.value().isPresent();
        }

        @Override
        public long keptBytes(Answer<BlobMetadata> answer) {
            int shards = answer.value().orElseThrow().header().shards();
            return BlobHeader.ENCODED_BYTES + 2L * Digest.BYTES * shards;
        }

        @Override
        public Answer<BlobMetadata> share(Answer<BlobMetadata> answer) {
            return answer;
        }

        @Override
        public void release(Answer<BlobMetadata> answer) {}
    }

    /** Ranges with their proofs. */
    static final class OfRanges implements SingleFlight.Rules<RangeResult> {
        @Override
        public boolean isFinal(RangeResult result) {
            return !(result instanceof RangeResult.Unavailable);
        }

        @Override
        public long keptBytes(RangeResult result) {
            if (result instanceof RangeResult.Proved(ByteRangeProof proof, _, _)) {
                return ByteRangeProof.encodedBytes(proof.header(), proof.offset(), proof.lengthBytes());
            }
            return OUTCOME_BYTES;
        }

        @Override
        public RangeResult share(RangeResult result) {
            return result;
        }

        @Override
        public void release(RangeResult result) {}
    }
}
