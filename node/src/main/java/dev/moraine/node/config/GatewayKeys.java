package dev.moraine.node.config;

import dev.moraine.codec.Geometry;
import dev.moraine.ingest.journal.JournalContext;
import dev.moraine.ingest.pipeline.IngestContext;
import dev.moraine.node.http.HttpLimits;
import dev.moraine.node.http.door.AltDaSettings;
import dev.moraine.node.http.door.GatewayDoorSettings;
import dev.moraine.proofs.certificate.Bundle;
import dev.moraine.proofs.certificate.Namespace;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/** The keys of a gateway's file. */
public final class GatewayKeys {
    private static final long TEBIBYTE = 1L << 40;
    private static final long MAX_TIMEOUT_MS = 3_600_000;
    private static final long MIN_JOURNAL_BYTES = 32L << 20;

    private static final int MAX_SERVED = 1 << 20;
    private static final HttpLimits HTTP = new HttpLimits.Context().conclude();

    /** The interface for batches. */
    public static final ConfigKey<InetSocketAddress> HTTP_ADDRESS = ConfigKey.of(
            "http.address",
            ValueTypes.address(),
            InetSocketAddress.createUnresolved("127.0.0.1", GatewayDoorSettings.DEFAULT_PORT),
            "Where batches are posted and read over HTTP, port 0 for any free one.");

    /** Connections. */
    public static final ConfigKey<Long> HTTP_MAX_CONNECTIONS = ConfigKey.of(
            "http.maxConnections",
            ValueTypes.whole(1, MAX_SERVED),
            (long) HTTP.maxConnections(),
            "HTTP connections at a time; further ones are refused.");

    /** Connections of one address. */
    public static final ConfigKey<Long> HTTP_MAX_CONNECTIONS_PER_ADDRESS = ConfigKey.of(
            "http.maxConnectionsPerAddress",
            ValueTypes.whole(1, MAX_SERVED),
            (long) HTTP.maxConnectionsPerAddress(),
            "HTTP connections of one address at a time.");

    /** Memory of bodies. */
    public static final ConfigKey<Long> HTTP_BODY_MEMORY = ConfigKey.of(
            "http.bodyMemoryBytes",
            ValueTypes.bytes(1, TEBIBYTE),
            HTTP.bodyMemoryBytes(),
            "Memory for batches that are arriving; at least ingest.maxBlobBytes.");

    /** The OP Stack's interface. */
    public static final ConfigKey<InetSocketAddress> ALT_DA_ADDRESS = ConfigKey.of(
            "altDa.address",
            ValueTypes.address(),
            InetSocketAddress.createUnresolved("127.0.0.1", AltDaSettings.DEFAULT_PORT),
            "Where the OP Stack's alt-DA interface is served, if altDa.namespace is set.");

    /** Whose batches come through it. */
    public static final ConfigKey<Namespace> ALT_DA_NAMESPACE = ConfigKey.optional(
            "altDa.namespace",
            ValueTypes.text("64 hex digits or a name of 1 to 32 ASCII characters", Namespace::parse),
            "Whose batches come through the OP Stack's interface. Not set: it is not served.");

    /** How long they are kept. */
    public static final ConfigKey<Long> ALT_DA_RETAIN_EPOCHS = ConfigKey.of(
            "altDa.retainEpochs",
            ValueTypes.whole(1, 1L << 32),
            24L,
            "For how many epochs batches from there are kept; not more than the deployment allows.");

    /** Where Keccak commitments are. */
    public static final ConfigKey<Path> ALT_DA_FOLDER = ConfigKey.of(
            "altDa.folder",
            ValueTypes.path(),
            Path.of("alt-da"),
            "The folder of the index of Keccak commitments; made if it is missing.");

    /** Where certificates are kept. */
    public static final ConfigKey<Path> JOURNAL_FOLDER = ConfigKey.of(
            "journal.folder",
            ValueTypes.path(),
            Path.of("journal"),
            "The folder of the certificates that were handed out, kept before they are; made if it is missing.");

    /** Size of the journal. */
    public static final ConfigKey<Long> JOURNAL_MAX_BYTES = ConfigKey.of(
            "journal.maxBytes",
            ValueTypes.bytes(MIN_JOURNAL_BYTES, JournalContext.MAX_BYTES),
            1L << 30,
            "Most bytes of the journal. When it is full, the oldest certificates that the nodes keep give way.");

    /** Blobs in the journal. */
    public static final ConfigKey<Long> JOURNAL_MAX_ENTRIES = ConfigKey.of(
            "journal.maxEntries",
            ValueTypes.whole(1, JournalContext.MAX_ENTRIES),
            1_000_000L,
            "Most blobs whose certificates the journal remembers, at some fifty bytes of heap each.");

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
            SharedKeys.TLS_CERTIFICATE,
            SharedKeys.TLS_KEY,
            SharedKeys.ALLOW_PLAINTEXT,
            SharedKeys.WARM_UP_MS,
            HTTP_ADDRESS,
            HTTP_MAX_CONNECTIONS,
            HTTP_MAX_CONNECTIONS_PER_ADDRESS,
            HTTP_BODY_MEMORY,
            ALT_DA_ADDRESS,
            ALT_DA_NAMESPACE,
            ALT_DA_RETAIN_EPOCHS,
            ALT_DA_FOLDER,
            SharedKeys.TRANSPORT_KIND,
            SharedKeys.TRANSPORT_THREADS,
            JOURNAL_FOLDER,
            JOURNAL_MAX_BYTES,
            JOURNAL_MAX_ENTRIES,
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
