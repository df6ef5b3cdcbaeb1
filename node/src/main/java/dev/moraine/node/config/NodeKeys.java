package dev.moraine.node.config;

import dev.moraine.node.storagenode.NodeLimits;
import dev.moraine.node.storagenode.WriterGrant;
import dev.moraine.storage.store.StoreContext;
import dev.moraine.wire.transport.CertificatePin;
import dev.moraine.wire.transport.ServerLimits;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The keys of a storage node's file. */
public final class NodeKeys {
    private static final NodeLimits LIMITS = NodeLimits.defaults();
    private static final ServerLimits SERVER = ServerLimits.defaults();
    private static final long TEBIBYTE = 1L << 40;
    private static final long MAX_TIMEOUT_MS = 3_600_000;
    private static final int MAX_WRITERS = 1024;
    private static final int MAX_TLS_CLIENTS = 1024;

    /** Segments, index and lock. */
    public static final ConfigKey<Path> DATA =
            ConfigKey.required("data", ValueTypes.path(), "The folder of the store, the node's own; made if it is missing.");

    /** Where to listen. */
    public static final ConfigKey<InetSocketAddress> LISTEN = ConfigKey.optional(
            "listen", ValueTypes.address(), "Where to listen. Not set: at the node's address in the genesis file.");

    /** Where health and metrics are. */
    public static final ConfigKey<InetSocketAddress> HTTP_ADDRESS = ConfigKey.optional(
            "http.address",
            ValueTypes.address(),
            "Where /v1/health and /metrics are answered, port 0 for any free one. Not set: nowhere.");

    /** Grants. */
    public static final ConfigKey<List<WriterGrant>> WRITERS = ConfigKey.of(
            "writers",
            ValueTypes.listOf(new WriterType(), MAX_WRITERS),
            List.of(),
            "Who may store: each writer's key, its namespaces (any, if the list is missing), how many bytes it may hold"
                    + " at once, those of all nodes counted together (quotaBytes), and, if that is to be limited, how"
                    + " fast its bytes may come to this node (bytesPerSecond) and for how many epochs it may have a"
                    + " blob kept (maxRetentionEpochs). Nobody else may store.");

    /** Who may connect. */
    public static final ConfigKey<List<CertificatePin>> TLS_CLIENTS = ConfigKey.of(
            "tls.clients",
            ValueTypes.listOf(
                    ValueTypes.text("the SHA-256 of a certificate, 64 hex digits", CertificatePin::parse),
                    MAX_TLS_CLIENTS),
            List.of(),
            "Whose clients may connect, if connections are encrypted: the pins of their certificates. The other nodes"
                    + " may in any case. Empty: anybody.");

    /** Connections. */
    public static final ConfigKey<Long> MAX_CONNECTIONS = ConfigKey.of(
            "transport.maxConnections",
            ValueTypes.whole(1, 1 << 20),
            (long) SERVER.maxConnections(),
            "Connections at a time; further ones are closed.");

    /** Connections of one address. */
    public static final ConfigKey<Long> MAX_CONNECTIONS_PER_ADDRESS = ConfigKey.of(
            "transport.maxConnectionsPerAddress",
            ValueTypes.whole(1, 1 << 20),
            (long) SERVER.maxConnectionsPerAddress(),
            "Connections of one address at a time.");

    /** Requests of a connection. */
    public static final ConfigKey<Long> MAX_REQUESTS_PER_CONNECTION = ConfigKey.of(
            "transport.maxRequestsPerConnection",
            ValueTypes.whole(1, 1 << 20),
            (long) SERVER.maxRequestsPerConnection(),
            "Requests of one connection that are not answered yet; further ones are put off.");

    /** Requests of one address. */
    public static final ConfigKey<Long> MAX_REQUESTS_PER_ADDRESS = ConfigKey.of(
            "transport.maxRequestsPerAddress",
            ValueTypes.whole(1, 1 << 20),
            (long) SERVER.maxRequestsPerAddress(),
            "Requests of all connections of one address that are not answered yet; further ones are put off.");

    /** Memory of frames. */
    public static final ConfigKey<Long> MAX_INBOUND = ConfigKey.of(
            "transport.maxInboundBytes",
            ValueTypes.bytes(2 << 20, TEBIBYTE),
            SERVER.maxInboundBytes(),
            "Memory for frames that are arriving, of all connections together.");

    /** Memory of a connection. */
    public static final ConfigKey<Long> MAX_OUTBOUND = ConfigKey.of(
            "transport.maxOutboundBytes",
            ValueTypes.bytes(2 << 20, 4L << 30),
            SERVER.maxOutboundBytes(),
            "Bytes that may wait in a connection to be sent.");

    /** Memory of all connections. */
    public static final ConfigKey<Long> MAX_TOTAL_OUTBOUND = ConfigKey.of(
            "transport.maxTotalOutboundBytes",
            ValueTypes.bytes(2 << 20, TEBIBYTE),
            SERVER.maxTotalOutboundBytes(),
            "Bytes that may wait in all connections to be sent, at least those of one.");

    /** Patience with greetings. */
    public static final ConfigKey<Long> HANDSHAKE_TIMEOUT_MS =
            timeout("transport.handshakeTimeoutMs", SERVER.handshakeTimeoutNs(), "How long the greeting may take.");

    /** Patience with frames. */
    public static final ConfigKey<Long> FRAME_TIMEOUT_MS = timeout(
            "transport.frameTimeoutMs",
            SERVER.frameTimeoutNs(),
            "How long one frame may take from its first byte to its last.");

    /** Patience with silence. */
    public static final ConfigKey<Long> IDLE_TIMEOUT_MS = timeout(
            "transport.idleTimeoutMs",
            SERVER.idleTimeoutNs(),
            "How long nothing may come or go before a connection is closed.");

    /** Patience with requests. */
    public static final ConfigKey<Long> REQUEST_TIMEOUT_MS = timeout(
            "transport.requestTimeoutMs",
            SERVER.requestTimeoutNs(),
            "After how long a request counts as over that nobody has answered.");

    /** Length of segment files. */
    public static final ConfigKey<Long> SEGMENT_BYTES = ConfigKey.of(
            "storage.segmentBytes",
            ValueTypes.bytes(16 << 10, 64L << 30),
            StoreContext.DEFAULT_SEGMENT_BYTES,
            "Length of a segment file, written whole when it is made; a multiple of 4KiB.");

    /** Disk that is left to compaction. */
    public static final ConfigKey<Long> RESERVE_BYTES = ConfigKey.of(
            "storage.reserveBytes",
            ValueTypes.bytes(0, TEBIBYTE),
            2 * StoreContext.DEFAULT_SEGMENT_BYTES,
            "How much of the disk bundles leave free; room for two segments lets a full disk be emptied.");

    /** Rate of compaction. */
    public static final ConfigKey<Long> COMPACTION_BYTES_PER_SECOND = ConfigKey.of(
            "storage.compactionBytesPerSecond",
            ValueTypes.bytes(1, TEBIBYTE),
            StoreContext.DEFAULT_COMPACTION_BYTES_PER_SECOND,
            "How fast live records are copied out of segments that are mostly expired.");

    /** Rate of the scrub. */
    public static final ConfigKey<Long> SCRUB_SECONDS = ConfigKey.of(
            "storage.scrubSeconds",
            ValueTypes.whole(1, TimeUnit.DAYS.toSeconds(366)),
            StoreContext.DEFAULT_SCRUB_SECONDS,
            "In how much time everything stored is read and hashed again once.");

    /** Longest blob. */
    public static final ConfigKey<Long> MAX_BLOB_BYTES = ConfigKey.of(
            "limits.maxBlobBytes", ValueTypes.bytes(1, 4L << 30), LIMITS.maxBlobBytes(), "Longest blob that is stored.");

    /** Memory of a bundle. */
    public static final ConfigKey<Long> MAX_BUNDLE_BYTES = ConfigKey.of(
            "limits.maxBundleBytes",
            ValueTypes.bytes(1, TEBIBYTE),
            LIMITS.maxBundleBytes(),
            "Most memory for the bodies of one bundle, of which a node gets its shards' part.");

    /** Memory of all bundles. */
    public static final ConfigKey<Long> MEMORY_BYTES = ConfigKey.of(
            "limits.memoryBytes",
            ValueTypes.bytes(1, TEBIBYTE),
            LIMITS.memoryBytes(),
            "Memory for the bodies of all bundles, outside of the heap; at least limits.maxBundleBytes.");

    /** Bundles of a connection. */
    public static final ConfigKey<Long> MAX_BUNDLES_PER_CONNECTION = ConfigKey.of(
            "limits.maxBundlesPerConnection",
            ValueTypes.whole(1, 1 << 16),
            (long) LIMITS.maxBundlesPerConnection(),
            "Bundles that one connection may offer or send at once.");

    /** Queue. */
    public static final ConfigKey<Long> ADMISSION_QUEUE = ConfigKey.of(
            "limits.admissionQueue",
            ValueTypes.whole(1, 1 << 16),
            (long) LIMITS.admissionQueueCapacity(),
            "Offers and certificates that may wait to be checked.");

    /** Queue. */
    public static final ConfigKey<Long> STORE_QUEUE = ConfigKey.of(
            "limits.storeQueue",
            ValueTypes.whole(1, 1 << 16),
            (long) LIMITS.storeQueueCapacity(),
            "Complete bundles and certificates that may wait to be stored.");

    /** Queue. */
    public static final ConfigKey<Long> READ_QUEUE = ConfigKey.of(
            "limits.readQueue",
            ValueTypes.whole(1, 1 << 20),
            (long) LIMITS.readQueueCapacity(),
            "Reads that may wait to be answered.");

    /** Patience with bodies. */
    public static final ConfigKey<Long> UPLOAD_STALL_MS =
            timeout("limits.uploadStallMs", LIMITS.uploadStallNs(), "How long a body may come to a stop.");

    /** Patience with bodies. */
    public static final ConfigKey<Long> LEAST_UPLOAD_BYTES_PER_SECOND = ConfigKey.of(
            "limits.leastUploadBytesPerSecond",
            ValueTypes.bytes(1, TEBIBYTE),
            LIMITS.leastUploadBytesPerSecond(),
            "How fast bodies must come on average.");

    /** Delay of whoever is put off. */
    public static final ConfigKey<Long> RETRY_DELAY_MS = ConfigKey.of(
            "limits.retryDelayMs",
            ValueTypes.whole(1, 60_000),
            (long) LIMITS.retryDelayMs(),
            "What whoever is put off is told to wait.");

    /** All of them. */
    public static final ConfigSchema SCHEMA = ConfigSchema.of(
            "node",
            SharedKeys.GENESIS,
            SharedKeys.KEY,
            DATA,
            LISTEN,
            SharedKeys.ALLOW_PLAINTEXT,
            SharedKeys.TLS_CERTIFICATE,
            SharedKeys.TLS_KEY,
            TLS_CLIENTS,
            WRITERS,
            SharedKeys.WARM_UP_MS,
            HTTP_ADDRESS,
            SharedKeys.TRANSPORT_KIND,
            SharedKeys.TRANSPORT_THREADS,
            MAX_CONNECTIONS,
            MAX_CONNECTIONS_PER_ADDRESS,
            MAX_REQUESTS_PER_CONNECTION,
            MAX_REQUESTS_PER_ADDRESS,
            MAX_INBOUND,
            MAX_OUTBOUND,
            MAX_TOTAL_OUTBOUND,
            HANDSHAKE_TIMEOUT_MS,
            FRAME_TIMEOUT_MS,
            IDLE_TIMEOUT_MS,
            REQUEST_TIMEOUT_MS,
            SEGMENT_BYTES,
            RESERVE_BYTES,
            COMPACTION_BYTES_PER_SECOND,
            SCRUB_SECONDS,
            MAX_BLOB_BYTES,
            MAX_BUNDLE_BYTES,
            MEMORY_BYTES,
            MAX_BUNDLES_PER_CONNECTION,
            ADMISSION_QUEUE,
            STORE_QUEUE,
            READ_QUEUE,
            UPLOAD_STALL_MS,
            LEAST_UPLOAD_BYTES_PER_SECOND,
            RETRY_DELAY_MS,
            SharedKeys.LOG_LEVEL,
            SharedKeys.LOG_FILE,
            SharedKeys.LOG_FILE_BYTES,
            SharedKeys.LOG_FILES);

    private NodeKeys() {}

    private static ConfigKey<Long> timeout(String path, long defaultNs, String comment) {
        return ConfigKey.of(
                path, ValueTypes.whole(1, MAX_TIMEOUT_MS), TimeUnit.NANOSECONDS.toMillis(defaultNs), comment);
    }
}
