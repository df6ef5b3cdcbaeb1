package dev.moraine.sampling.light;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.sampling.read.BlameReport;
import java.util.List;

/**
 * What a light client learned of a blob.
 *
 * <p>The confidence assumes that the blob is encoded correctly, and that what is withheld does not depend on who asks.
 *
 * @param blobId the blob
 * @param samples every sample, in the order in which they were drawn
 * @param confidence how sure the client is that the blob can be had, from 0 to 1
 * @param wantedConfidence how sure it wanted to be
 * @param isReadingCheaper whether it took so many samples that reading the blob, which is certain, would have cost less
 * @param wrongLines lines that enough verified symbols decoded to, but without the committed root: each shows that
 *     the writer encoded the blob wrongly
 * @param blame who failed, and how
 */
public record SamplingReport(
        BlobId blobId,
        List<Sample> samples,
        double confidence,
        double wantedConfidence,
        boolean isReadingCheaper,
        int wrongLines,
        BlameReport blame) {
    /** Takes a copy. */
    public SamplingReport {
        samples = List.copyOf(samples);
    }

    /**
     * Samples that were drawn and asked for.
     *
     * @return m
     */
    public int taken() {
        return samples.size();
    }

    /**
     * Samples that were answered.
     *
     * @return m − u
     */
    public int verified() {
        return (int) samples.stream()
                .filter(sample -> sample.answer() != SampleAnswer.NOT_ANSWERED)
                .count();
    }

    /**
     * What follows.
     *
     * @return SHOWN if the confidence is at least the wanted one
     */
    public SamplingVerdict verdict() {
        return confidence >= wantedConfidence ? SamplingVerdict.SHOWN : SamplingVerdict.NOT_SHOWN;
    }

    /**
     * How long samples took that were answered.
     *
     * @param percentile from 0 to 100
     * @return nanoseconds from the first request of the sampling, the smallest that so many percent did not exceed;
     *     {@link Sample#NO_LATENCY} if none was answered
     * @throws IllegalArgumentException if the percentile is out of range
     */
    public long latencyNs(double percentile) {
        if (!(percentile >= 0 && percentile <= 100)) {
            throw new IllegalArgumentException("percentile must be from 0 to 100, but is " + percentile);
        }
        long[] sorted = samples.stream()
                .mapToLong(Sample::latencyNs)
                .filter(each -> each != Sample.NO_LATENCY)
                .sorted()
                .toArray();
        if (sorted.length == 0) {
            return Sample.NO_LATENCY;
        }
        int rank = (int) Math.ceil(percentile / 100 * sorted.length);
        return sorted[Math.max(1, rank) - 1];
    }

    /**
     * How the samples were answered.
     *
     * @param answer a way
     * @return how many were answered so
     */
    public int count(SampleAnswer answer) {
        return (int) samples.stream().filter(each -> each.answer() == answer).count();
    }
}
