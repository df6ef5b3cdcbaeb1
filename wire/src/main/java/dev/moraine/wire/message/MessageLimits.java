package dev.moraine.wire.message;

/** The limits that a message keeps, and the lengths of what it carries. A decoder checks them before it allocates. */
public final class MessageLimits {
    /** The protocol version that this code speaks. */
    public static final int PROTOCOL_VERSION = 1;

    /** Bytes of a blob id, namespace, root or deployment id. */
    public static final int HASH_BYTES = 32;

    /** Bytes of a writer's Ed25519 public key. */
    public static final int WRITER_KEY_BYTES = 32;

    /** Bytes of a writer's Ed25519 signature. */
    public static final int WRITER_SIGNATURE_BYTES = 64;

    /** Bytes of a node's BLS signature. */
    public static final int NODE_SIGNATURE_BYTES = 96;

    /** Most shards, and so most rows, columns, pairs and nodes, of a deployment. */
    public static final int MAX_SHARDS = 192;

    /** Longest blob in bytes. */
    public static final long MAX_BLOB_BYTES = 1L << 32;

    /** Most entries of a bundle. */
    public static final int MAX_BUNDLE_ENTRIES = 4096;

    /** Most blobs of one {@link GetSymbols}. */
    public static final int MAX_BLOBS = 1024;

    /** Most coordinates of one {@link GetSymbols}. */
    public static final int MAX_COORDINATES = 1024;

    /** Most chunks of one {@link GetChunks}. */
    public static final int MAX_CHUNKS = 4096;

    /** Most 1,024-byte chunks of a symbol: the longest blob in the fewest symbols has 699,051 in each. */
    public static final int MAX_CHUNKS_OF_SYMBOL = 1 << 20;

    /** Longest text of a {@link Failure} in bytes. */
    public static final int MAX_TEXT_BYTES = 256;

    /** Most payload bytes of one {@link SliverData}, {@link ChunksAnswer} or {@link SymbolsAnswer}. */
    public static final int MAX_SLIVER_DATA_BYTES = 1 << 20;

    /** Longest metadata: the header and the root pairs of {@link #MAX_SHARDS} shards. */
    public static final int MAX_METADATA_BYTES = 46 + 64 * MAX_SHARDS;

    /** Longest certificate in bytes; the longest of version 1 has 212. */
    public static final int MAX_CERTIFICATE_BYTES = 512;

    /** Longest blob certificate in bytes; the longest of version 1 has 680. */
    public static final int MAX_BLOB_CERTIFICATE_BYTES = 1024;

    /** Longest symbol with its proof in bytes: above a symbol of the longest blob in the smallest committee. */
    public static final int MAX_SYMBOL_PROOF_BYTES = 1 << 30;

    /** Longest proof of a range of chunks in bytes. */
    public static final int MAX_CHUNKS_PROOF_BYTES = 1 << 24;

    /** Longest delay that a {@link Busy} may ask for, in milliseconds. */
    public static final int MAX_RETRY_DELAY_MS = 60_000;

    /** Longest time that a request may ask a node to wait for something to happen, in milliseconds. */
    public static final int MAX_WAIT_MS = 30_000;

    /** Most namespaces of one {@link GetFeed}. */
    public static final int MAX_FEED_NAMESPACES = 256;

    /** Most certificates of one {@link FeedAnswer}. */
    public static final int MAX_FEED_ENTRIES = 256;

    /** Largest health state. */
    public static final int MAX_HEALTH_STATE = 255;

    /** Longest frame in bytes, without the length before it: the largest payload and what stands around it. */
    public static final int MAX_FRAME_BYTES = (1 << 20) + (1 << 16);

    /** Longest frame before both sides have greeted each other: a stranger cannot make anyone hold much memory. */
    public static final int MAX_HANDSHAKE_FRAME_BYTES = 512;

    /** Bytes of the message header at the start of every frame. */
    public static final int HEADER_BYTES = 8;

    private MessageLimits() {}

    static byte[] exact(String field, byte[] bytes, int lengthBytes) {
        if (bytes.length != lengthBytes) {
            throw new IllegalArgumentException(field + " must have " + lengthBytes + " bytes, but has " + bytes.length);
        }
        return bytes;
    }

    static byte[] atMost(String field, byte[] bytes, int limitBytes) {
        if (bytes.length == 0 || bytes.length > limitBytes) {
            throw new IllegalArgumentException(
                    field + " must have from 1 to " + limitBytes + " bytes, but has " + bytes.length);
        }
        return bytes;
    }

    static void range(String field, long value, long least, long most) {
        if (!isWithin(value, least, most)) {
            throw new IllegalArgumentException(
                    field + " must be from " + least + " to " + most + ", but is " + value);
        }
    }

    static boolean isWithin(long value, long least, long most) {
        return value >= least && value <= most;
    }
}
