package dev.moraine.node.config;

import dev.moraine.codec.Geometry;
import dev.moraine.ingest.pipeline.IngestContext;
import dev.moraine.proofs.certificate.Bundle;

/** The keys of a gateway's file. */
public final class GatewayKeys {
    private static final long TEBIBYTE = 1L << 40;
    private static final long MAX_TIMEOUT_MS = 3_600_000;

    /** Longest batch. */
    public static final ConfigKey<Long> MAX_BLOB_BYTES = ConfigKey.of(
            "ingest.maxBlobBytes",
            ValueTypes.bytes(1, Geometry.MAX_BLOB_BYTES),
            64L << 20,
            "Longest batch that is taken; not more than the nodes store.");

    /** Memory of all batches. */
    public static final ConfigKey<Long> MEMORY_BYTES = ConfigKey.of(
            "ingest.memoryBytes",
            ValueTypes.bytes(1, TEBIBYTE),
            1L << 30,
            "Memory for batches and their slivers, outside of the heap; at least that of the longest one.");

    /** Slots. */
    public static final ConfigKey<Long> RING_SLOTS = ConfigKey.of(
            "ingest.ringSlots",
            ValueTypes.whole(2, IngestContext.MAX_RING_SLOTS),
            1024L,
            "Batches that may be on their way from acceptance to a bundle; a power of two.");

    /** Threads that encode. */
    public static final ConfigKey<Long> ENCODERS = ConfigKey.of(
            "ingest.encoders",
            ValueTypes.whole(1, IngestContext.MAX_ENCODERS),
            (long) Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
            "Threads that encode and commit. By default one for two processors.");

    /** Size of a bundle. */
    public static final ConfigKey<Long> MAX_BUNDLE_BATCHES = ConfigKey.of(
            "ingest.maxBundleBatches",
            ValueTypes.whole(1, Bundle.MAX_ENTRIES),
            (long) Bundle.MAX_ENTRIES,
            "Most batches in one bundle, which is signed as one.");

    /** Size of a bundle. */
    public static final ConfigKey<Long> MAX_BUNDLE_BYTES = ConfigKey.of(
            "ingest.maxBundleBytes",
            ValueTypes.bytes(1, TEBIBYTE),
            64L << 20,
            "Most bytes of batches in one bundle; at least ingest.maxBlobBytes.");

    /** Bundles at once. */
    public static final ConfigKey<Long> BUNDLES_IN_FLIGHT = ConfigKey.of(
            "ingest.bundlesInFlight",
            ValueTypes.whole(1, IngestContext.MAX_BUNDLES_IN_FLIGHT),
            4L,
            "Bundles that wait for their quorum at a time.");

    /** Batches without an answer. */
    public static final ConfigKey<Long> MAX_UNANSWERED = ConfigKey.of(
            "ingest.maxUnansweredBatches",
            ValueTypes.whole(1, IngestContext.MAX_UNANSWERED_BATCHES),
            1L << 16,
            "Batches that may wait for their answer; further ones are refused for now.");

    /** Patience with nodes. */
    public static final ConfigKey<Long> NODE_TIMEOUT_MS = ConfigKey.of(
            "ingest.nodeTimeoutMs",
            ValueTypes.whole(1, MAX_TIMEOUT_MS),
            15_000L,
            "How long a node may take to store and sign a bundle.");

    /** Patience with the last nodes. */
    public static final ConfigKey<Long> TAIL_TIMEOUT_MS = ConfigKey.of(
            "ingest.tailTimeoutMs",
            ValueTypes.whole(0, MAX_TIMEOUT_MS),
            3_000L,
            "How long nodes may go on with a bundle that has its certificate.");

    /** Bound of the end. */
    public static final ConfigKey<Long> CLOSE_TIMEOUT_MS = ConfigKey.of(
            "ingest.closeTimeoutMs",
            ValueTypes.whole(0, 60_000),
            5_000L,
            "How long batches in flight may take when the gateway is told to end.");

    /** Unwritten slivers. */
    public static final ConfigKey<Long> SEND_WINDOW_BYTES = ConfigKey.of(
            "ingest.sendWindowBytes",
            ValueTypes.bytes(IngestContext.MIN_SEND_WINDOW_BYTES, 1L << 30),
            IngestContext.DEFAULT_SEND_WINDOW_BYTES,
            "Slivers that may wait in the connection to one node to be sent.");

    /** Certificates for those that come again. */
    public static final ConfigKey<Long> CERTIFICATE_CACHE = ConfigKey.of(
            "ingest.certificateCacheEntries",
            ValueTypes.whole(0, IngestContext.MAX_CERTIFICATE_CACHE_ENTRIES),
            8192L,
            "Certificates that are kept for batches that are posted again.");

    /** Delay of whoever is put off. */
    public static final ConfigKey<Long> RETRY_DELAY_MS = ConfigKey.of(
            "ingest.retryDelayMs",
            ValueTypes.whole(1, 60_000),
            50L,
            "What whoever is put off is told to wait.");

    /** All of them. */
    public static final ConfigSchema SCHEMA = ConfigSchema.of(
            "gateway",
            SharedKeys.GENESIS,
            SharedKeys.KEY,
            SharedKeys.WARM_UP_MS,
            SharedKeys.TRANSPORT_KIND,
            SharedKeys.TRANSPORT_THREADS,
            MAX_BLOB_BYTES,
            MEMORY_BYTES,
            RING_SLOTS,
            ENCODERS,
            MAX_BUNDLE_BATCHES,
            MAX_BUNDLE_BYTES,
            BUNDLES_IN_FLIGHT,
            MAX_UNANSWERED,
            NODE_TIMEOUT_MS,
            TAIL_TIMEOUT_MS,
            CLOSE_TIMEOUT_MS,
            SEND_WINDOW_BYTES,
            CERTIFICATE_CACHE,
            RETRY_DELAY_MS,
            SharedKeys.LOG_LEVEL,
            SharedKeys.LOG_FILE,
            SharedKeys.LOG_FILE_BYTES,
            SharedKeys.LOG_FILES);

    private GatewayKeys() {}
}
