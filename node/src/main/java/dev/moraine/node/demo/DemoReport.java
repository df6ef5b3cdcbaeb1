package dev.moraine.node.demo;

import java.util.List;

/**
 * What the demo showed, as {@code moraine demo --json} prints it.
 *
 * @param shards the shard count n
 * @param faultTolerance the shards f that may be lost
 * @param quorum the weight q that makes a certificate
 * @param transport how bytes moved: io_uring, epoll or nio
 * @param verified whether every step of every blob held
 * @param blobs the blobs, in the order in which they were posted
 */
public record DemoReport(
        int shards, int faultTolerance, int quorum, String transport, boolean verified, List<BlobReport> blobs) {
    /**
     * What was shown of one blob.
     *
     * @param name the file, or the name of the generated batch
     * @param blobId the id, 64 hex digits
     * @param lengthBytes the blob's length L
     * @param symbolSizeBytes the symbol size s
     * @param shards the shard count n
     * @param expansion bytes that the committee stores for a byte of the blob
     * @param certificate the certificate
     * @param timeToCertificateMs from handing the batch in to holding its certificate
     * @param samples what the light client found
     * @param readBack the read while f nodes were stopped
     * @param corruption the read while a sliver was corrupted on disk
     * @param range the range that was proven
     */
    public record BlobReport(
            String name,
            String blobId,
            long lengthBytes,
            int symbolSizeBytes,
            int shards,
            double expansion,
            CertificateReport certificate,
            double timeToCertificateMs,
            SamplesReport samples,
            ReadBackReport readBack,
            CorruptionReport corruption,
            RangeReport range) {
        /**
         * Whether every step held.
         *
         * @return true if nothing failed
         */
        boolean isVerified() {
            return certificate.valid()
                    && samples.verified() == samples.taken()
                    && readBack.identical()
                    && corruption.detected()
                    && corruption.identical()
                    && range.valid();
        }
    }

    /**
     * A certificate.
     *
     * @param signers the names of the nodes that signed
     * @param weight the shards that they hold
     * @param valid whether it verifies against the committee
     */
    public record CertificateReport(List<String> signers, int weight, boolean valid) {}

    /**
     * A light client's samples.
     *
     * @param taken symbols that were asked for
     * @param verified symbols that came with a valid proof
     * @param confidence how sure that makes the client, from 0 to 1
     */
    public record SamplesReport(int taken, int verified, double confidence) {}

    /**
     * A whole read with nodes stopped.
     *
     * @param nodesDown how many nodes were stopped
     * @param identical whether the bytes that came back are the bytes that were posted
     * @param readMs how long the read took
     */
    public record ReadBackReport(int nodesDown, boolean identical, double readMs) {}

    /**
     * A whole read with a sliver corrupted on disk.
     *
     * @param node the node whose file was changed
     * @param sliver which sliver
     * @param detected whether the read noticed it
     * @param identical whether the bytes that came back are the bytes that were posted
     */
    public record CorruptionReport(String node, String sliver, boolean detected, boolean identical) {}

    /**
     * A byte range with its proof.
     *
     * @param offset the first byte
     * @param lengthBytes how many bytes
     * @param proofBytes the size of the proof's canonical form, the proven chunks included
     * @param valid whether it verifies against the blob id and holds the posted bytes
     */
    public record RangeReport(long offset, int lengthBytes, int proofBytes, boolean valid) {}
}
