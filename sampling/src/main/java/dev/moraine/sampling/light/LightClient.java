package dev.moraine.sampling.light;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.CertificateVerdict;
import dev.moraine.sampling.read.Answer;
import dev.moraine.sampling.read.BlameReport;
import dev.moraine.sampling.read.CommitteeReader;
import dev.moraine.sampling.read.Deadline;
import dev.moraine.wire.message.Coordinate;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Samples blobs (protocol, section 8): draws all symbols before the first request, replaces none, and says how sure
 * it is that the blob can be had.
 *
 * <p>The figure holds against holders that cannot tell this client from others: give it connections of its own that
 * are not used for anything else, and an unpredictable generator. From k₁·k₂ samples on, reading the blob is cheaper
 * and certain, see {@link Confidence#isReadingCheaper}; reports say so.
 *
 * <p>Calls block the calling thread, which may be a virtual one. Thread-safe if the generator is.
 */
public final class LightClient {
    private final CommitteeReader committee;
    private final RandomGenerator random;
    private final double wantedConfidence;
    private final int maxSymbolBytes;
    private final long maxRecoveryBytes;
    private final Confidence confidence;
    private final SymbolSink sink;

    private LightClient(Context context, CommitteeReader committee) {
        this.committee = committee;
        this.random = context.random;
        this.wantedConfidence = context.wantedConfidence;
        this.maxSymbolBytes = context.maxSymbolBytes;
        this.maxRecoveryBytes = context.maxRecoveryBytes;
        this.confidence = new Confidence(committee.committee().geometry());
        this.sink = context.sink;
    }

    /**
     * How sure this client wants to be.
     *
     * @return above 0 and below 1
     */
    public double wantedConfidence() {
        return wantedConfidence;
    }

    /**
     * What numbers of samples are worth in this committee.
     *
     * @return the figures
     */
    public Confidence confidence() {
        return confidence;
    }

    /**
     * Samples a blob that is certified.
     *
     * @param certificate the blob's certificate
     * @param sampleCount how many symbols to sample, at least 1; all N, if it is more than that
     * @param deadline when to stop waiting for answers
     * @return what was learned
     * @throws SamplingRefusedException if the certificate is not valid, or the blob's symbols are over the limit
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public SamplingReport sample(BlobCertificate certificate, int sampleCount, Deadline deadline)
            throws SamplingRefusedException, InterruptedException {
        CertificateVerdict verdict = certificate.verify(committee.committee());
        if (verdict != CertificateVerdict.ACCEPT) {
            throw new SamplingRefusedException(
                    SamplingRefusedException.Reason.INVALID_CERTIFICATE, "the certificate is not valid: " + verdict);
        }
        return sample(certificate.entry().blobId(), certificate, draw(sampleCount), deadline);
    }

    /**
     * Samples a blob if it is certified. The samples are drawn before anything is asked, the certificate included.
     *
     * @param blobId the blob
     * @param sampleCount how many symbols to sample, at least 1; all N, if it is more than that
     * @param deadline when to stop waiting for answers
     * @return what was learned; the value is empty if no valid certificate came
     * @throws SamplingRefusedException if the blob's symbols are over the limit
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public Answer<SamplingReport> sampleIfCertified(BlobId blobId, int sampleCount, Deadline deadline)
            throws SamplingRefusedException, InterruptedException {
        List<Coordinate> drawn = draw(sampleCount);
        Answer<BlobCertificate> certificate = committee.certificate(blobId, deadline);
        if (certificate.value().isEmpty()) {
            return new Answer<>(Optional.empty(), certificate.blame());
        }
        SamplingReport report = sample(blobId, certificate.value().get(), drawn, deadline);
        return new Answer<>(Optional.of(report), certificate.blame().and(report.blame()));
    }

    /**
     * Samples a blob that the caller knows to be certified.
     *
     * @param blobId the blob
     * @param sampleCount how many symbols to sample, at least 1; all N, if it is more than that
     * @param deadline when to stop waiting for answers
     * @return what was learned
     * @throws SamplingRefusedException if the blob's symbols are over the limit
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public SamplingReport sample(BlobId blobId, int sampleCount, Deadline deadline)
            throws SamplingRefusedException, InterruptedException {
        return sample(blobId, null, draw(sampleCount), deadline);
    }

    private List<Coordinate> draw(int sampleCount) {
        if (sampleCount < 1) {
            throw new IllegalArgumentException("sampleCount must be at least 1, but is " + sampleCount);
        }
        return SampleDraw.draw(
                random, committee.committee().geometry().shards(), Math.min(sampleCount, confidence.symbols()));
    }

    private SamplingReport sample(
            BlobId blobId, @Nullable BlobCertificate certificate, List<Coordinate> drawn, Deadline deadline)
            throws SamplingRefusedException, InterruptedException {
        Answer<BlobMetadata> metadata = committee.metadata(blobId, deadline);
        if (metadata.value().isEmpty()) {
            List<Sample> none = drawn.stream()
                    .map(each -> new Sample(each, SampleAnswer.NOT_ANSWERED, Sample.NO_LATENCY))
                    .toList();
            return report(blobId, none, 0, metadata.blame());
        }
        checkHeader(metadata.value().get(), certificate);
        try (SamplingRun run =
                new SamplingRun(committee, metadata.value().get(), drawn, maxRecoveryBytes, sink, deadline)) {
            List<Sample> samples = run.run();
            return report(blobId, samples, run.wrongLines(), metadata.blame().and(run.blame()));
        }
    }

    private void checkHeader(BlobMetadata metadata, @Nullable BlobCertificate certificate)
            throws SamplingRefusedException {
        long lengthBytes = metadata.header().lengthBytes();
        if (certificate != null && certificate.entry().lengthBytes() != lengthBytes) {
            throw new SamplingRefusedException(
                    SamplingRefusedException.Reason.WRONG_LENGTH,
                    "the certificate is over " + certificate.entry().lengthBytes() + " bytes, but the blob has "
                            + lengthBytes);
        }
        if (metadata.header().symbolSizeBytes() > maxSymbolBytes) {
            throw new SamplingRefusedException(
                    SamplingRefusedException.Reason.SYMBOLS_OVER_LIMIT,
                    "the blob's symbols have " + metadata.header().symbolSizeBytes()
                            + " bytes, but this client accepts at most " + maxSymbolBytes);
        }
    }

    private SamplingReport report(BlobId blobId, List<Sample> samples, int wrongLines, BlameReport blame) {
        int unanswered = (int) samples.stream()
                .filter(sample -> sample.answer() == SampleAnswer.NOT_ANSWERED)
                .count();
        return new SamplingReport(
                blobId,
                samples,
                confidence.of(samples.size(), unanswered),
                wantedConfidence,
                confidence.isReadingCheaper(samples.size()),
                wrongLines,
                blame);
    }

    /** What a light client needs to know. Not thread-safe. */
    public static final class Context {
        /** How sure a client wants to be. */
        public static final double DEFAULT_WANTED_CONFIDENCE = 0.99;

        /** Longest symbols that are accepted. */
        public static final int DEFAULT_MAX_SYMBOL_BYTES = 8 << 20;

        /**
         * Most bytes that are fetched in order to decode unanswered samples, and most bytes of symbols that are held.
         */
        public static final long DEFAULT_MAX_RECOVERY_BYTES = 64L << 20;

        private @Nullable CommitteeReader committee;
        private RandomGenerator random = new SecureRandom();
        private double wantedConfidence = DEFAULT_WANTED_CONFIDENCE;
        private int maxSymbolBytes = DEFAULT_MAX_SYMBOL_BYTES;
        private long maxRecoveryBytes = DEFAULT_MAX_RECOVERY_BYTES;
        private SymbolSink sink = SymbolSink.NONE;

        /**
         * Whom to ask.
         *
         * @param value a reader over connections that are this client's own
         * @return this
         */
        public Context committee(CommitteeReader value) {
            committee = value;
            return this;
        }

        /**
         * What draws the samples; a {@link SecureRandom} if nothing is set.
         *
         * @param value unpredictable for whoever could withhold symbols
         * @return this
         */
        public Context random(RandomGenerator value) {
            random = value;
            return this;
        }

        /**
         * From which confidence on a blob counts as shown.
         *
         * @param value above 0 and below 1
         * @return this
         */
        public Context wantedConfidence(double value) {
            wantedConfidence = value;
            return this;
        }

        /**
         * The longest symbols that are accepted.
         *
         * @param value bytes, at least {@link Geometry#SYMBOL_ALIGNMENT_BYTES}
         * @return this
         */
        public Context maxSymbolBytes(int value) {
            maxSymbolBytes = value;
            return this;
        }

        /**
         * How much is fetched, and held, in order to decode samples that neither holder answers.
         *
         * @param value bytes, at least 0
         * @return this
         */
        public Context maxRecoveryBytes(long value) {
            maxRecoveryBytes = value;
            return this;
        }

        /**
         * Who keeps the symbols that were verified, in order to serve them to others.
         *
         * @param value called on the threads that sample
         * @return this
         */
        public Context sink(SymbolSink value) {
            sink = value;
            return this;
        }

        /**
         * Checks everything.
         *
         * @return the client
         * @throws IllegalArgumentException if a field is missing or out of range
         */
        public LightClient conclude() {
            if (committee == null) {
                throw new IllegalArgumentException("committee must be set");
            }
            if (!(wantedConfidence > 0 && wantedConfidence < 1)) {
                throw new IllegalArgumentException(
                        "wantedConfidence must be above 0 and below 1, but is " + wantedConfidence);
            }
            if (maxSymbolBytes < Geometry.SYMBOL_ALIGNMENT_BYTES) {
                throw new IllegalArgumentException("maxSymbolBytes must be at least "
                        + Geometry.SYMBOL_ALIGNMENT_BYTES + ", but is " + maxSymbolBytes);
            }
            if (maxRecoveryBytes < 0) {
                throw new IllegalArgumentException("maxRecoveryBytes must be at least 0, but is " + maxRecoveryBytes);
            }
            return new LightClient(this, committee);
        }
    }
}
