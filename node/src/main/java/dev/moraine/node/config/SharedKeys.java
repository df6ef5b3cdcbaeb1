package dev.moraine.node.config;

import java.nio.file.Path;

/** The keys that files of all processes have. */
public final class SharedKeys {
    /** The committee. */
    public static final ConfigKey<Path> GENESIS = ConfigKey.required(
            "genesis", ValueTypes.path(), "The genesis file of the deployment: who the nodes are and where they listen.");

    /** The secret key. */
    public static final ConfigKey<Path> KEY = ConfigKey.required(
            "key",
            ValueTypes.path(),
            "The secret key, in a file that only its owner can open: a node's BLS key, or a gateway's writer key.");

    /** Driver of sockets. */
    public static final ConfigKey<String> TRANSPORT_KIND = ConfigKey.of(
            "transport.kind",
            ValueTypes.oneOf("auto", "io_uring", "epoll", "nio"),
            "auto",
            "How sockets are driven; auto takes the first of the others that works here.");

    /** Event loops. */
    public static final ConfigKey<Long> TRANSPORT_THREADS =
            ConfigKey.of("transport.threads", ValueTypes.whole(1, 64), 1L, "Event loops, one thread each.");

    /** Bound of the warm-up. */
    public static final ConfigKey<Long> WARM_UP_MS = ConfigKey.of(
            "warmUpMs",
            ValueTypes.whole(0, 60_000),
            3_000L,
            "How long coding, hashing and signatures may be run before the process says that it is ready, until they"
                    + " are compiled. 0: not at all; then the first blobs are many times slower.");

    /** Whether a listener that anybody can read along is wanted. */
    public static final ConfigKey<Boolean> ALLOW_PLAINTEXT = ConfigKey.of(
            "allowPlaintext",
            ValueTypes.flag(),
            false,
            "Whether to listen without encryption where others than this machine can connect.");

    /** Who the process is on encrypted connections. */
    public static final ConfigKey<Path> TLS_CERTIFICATE = ConfigKey.optional(
            "tls.certificate",
            ValueTypes.path(),
            "The certificate by which the process is known on encrypted connections, in PEM form. Nodes need one if"
                    + " the genesis file has a tlsPin for them, gateways if nodes ask for one.");

    /** The key of the certificate. */
    public static final ConfigKey<Path> TLS_KEY = ConfigKey.optional(
            "tls.key",
            ValueTypes.path(),
            "The private key of tls.certificate, in PEM form (PKCS #8), in a file that only its owner can open.");

    /** Least level. */
    public static final ConfigKey<String> LOG_LEVEL = ConfigKey.of(
            "log.level",
            ValueTypes.oneOf("SEVERE", "WARNING", "INFO", "CONFIG", "FINE", "FINER", "FINEST", "OFF"),
            "INFO",
            "What is logged: this level and those above it.");

    /** Where to. */
    public static final ConfigKey<Path> LOG_FILE = ConfigKey.optional(
            "log.file",
            ValueTypes.path(),
            "Where the log goes; a number is put behind it, 0 for the newest. Not set: standard error.");

    /** Rotation. */
    public static final ConfigKey<Long> LOG_FILE_BYTES = ConfigKey.of(
            "log.fileBytes",
            ValueTypes.bytes(64 << 10, 1 << 30),
            16L << 20,
            "How long a log file grows before the next one is begun.");

    /** Rotation. */
    public static final ConfigKey<Long> LOG_FILES =
            ConfigKey.of("log.files", ValueTypes.whole(2, 1000), 8L, "How many log files are kept.");

    private SharedKeys() {}
}
