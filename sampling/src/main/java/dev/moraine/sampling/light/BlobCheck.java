package dev.moraine.sampling.light;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.sampling.read.Answer;
import dev.moraine.sampling.read.BlameReport;
import dev.moraine.sampling.read.BlobReader;
import dev.moraine.sampling.read.CommitteeReader;
import dev.moraine.sampling.read.Deadline;
import dev.moraine.sampling.read.ReadResult;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a certified blob can be had, with a wanted confidence: by samples, or, where so many would cost more
 * than the blob, by reading it, which is certain (protocol, section 8).
 *
 * <p>Thread-safe if the client is.
 */
public final class BlobCheck {
    private final CommitteeReader committee;
    private final BlobReader reader;
    private final LightClient client;
    private final int samples;

    /** What was found. */
    public sealed interface Finding {
        /**
         * Who failed on the way.
         *
         * @return the report
         */
        BlameReport blame();

        /**
         * How sure one can be that the blob can be had.
         *
         * @return from 0 to 1
         */
        double confidence();
    }

    /**
     * It was sampled.
     *
     * @param report what came of it
     * @param blame who failed, the certificate included
     */
    public record Sampled(SamplingReport report, BlameReport blame) implements Finding {
        @Override
        public double confidence() {
            return report.confidence();
        }
    }

    /**
     * It was read, and so can be had.
     *
     * @param isWhole whether its encoding led to its id; if not, the blob counts as empty
     * @param blame who failed on the way
     */
    public record WasRead(boolean isWhole, BlameReport blame) implements Finding {
        @Override
        public double confidence() {
            return 1;
        }
    }

    /**
     * Nothing was shown: there is no certificate, or too little came of the blob.
     *
     * @param missing what could not be had, for people
     * @param blame who failed on the way
     */
    public record NotShown(String missing, BlameReport blame) implements Finding {
        @Override
        public double confidence() {
            return 0;
        }
    }

    /**
     * A check with as many samples as the client's wanted confidence takes.
     *
     * @param committee whom to ask; the client asks the same
     * @param client samples
     */
    public BlobCheck(CommitteeReader committee, LightClient client) {
        this.committee = committee;
        this.client = client;
        reader = new BlobReader(committee);
        samples = client.confidence().samplesFor(client.wantedConfidence());
    }

    /**
     * How many samples the wanted confidence takes.
     *
     * @return m
     */
    public int samples() {
        return samples;
    }

    /**
     * Checks a blob, if it is certified.
     *
     * @param blobId the blob
     * @param deadline when to stop waiting for answers
     * @return what was found
     * @throws SamplingRefusedException if the blob's symbols are over the limit
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public Finding check(BlobId blobId, Deadline deadline) throws SamplingRefusedException, InterruptedException {
        if (!client.confidence().isReadingCheaper(samples)) {
            return sample(blobId, deadline);
        }
        Answer<BlobCertificate> certificate = committee.certificate(blobId, deadline);
        if (certificate.value().isEmpty()) {
            return noCertificate(certificate.blame());
        }
        Finding read = read(blobId, certificate.blame(), deadline);
        return read != null ? read : sample(blobId, deadline);
    }

    private Finding sample(BlobId blobId, Deadline deadline) throws SamplingRefusedException, InterruptedException {
        Answer<SamplingReport> answer = client.sampleIfCertified(blobId, samples, deadline);
        return answer.value().isEmpty()
                ? noCertificate(answer.blame())
                : new Sampled(answer.value().get(), answer.blame());
    }

    /** Null if the blob is longer than whole blobs may be here. */
    private @Nullable Finding read(BlobId blobId, BlameReport earlier, Deadline deadline)
            throws InterruptedException {
        try (ReadResult result = reader.read(blobId, deadline)) {
            BlameReport blame = earlier.and(result.blame());
            return switch (result) {
                case ReadResult.Read _ -> new WasRead(true, blame);
                case ReadResult.Inconsistent _ -> new WasRead(false, blame);
                case ReadResult.Unavailable unavailable -> new NotShown(unavailable.missing(), blame);
                case ReadResult.OverLimit _ -> null;
            };
        }
    }

    private static Finding noCertificate(BlameReport blame) {
        return new NotShown("no certificate came that the committee's signatures verify", blame);
    }
}
