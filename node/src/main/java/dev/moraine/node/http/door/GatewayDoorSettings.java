package dev.moraine.node.http.door;

import dev.moraine.node.http.HttpRoutes;
import dev.moraine.node.http.HttpServer;
import dev.moraine.node.http.MetricsText;
import java.time.Duration;
import java.util.List;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.SystemEpochClock;
import org.jspecify.annotations.Nullable;

/**
 * How a gateway's HTTP servers are. For one thread; not to be changed once the doors are open.
 */
public final class GatewayDoorSettings {
    /** The port of the gateway's own interface. */
    public static final int DEFAULT_PORT = 8480;

    private HttpServer.Context server = new HttpServer.Context();
    private @Nullable AltDaSettings altDa;
    private long maxBlobBytes = 64L << 20;
    private int maxReads = 32;
    private int maxLongPosts = 256;
    private long readMemoryBytes = 1L << 30;
    private long readCacheBytes = 256L << 20;
    private Duration readTimeout = Duration.ofSeconds(20);
    private EpochClock epochClock = SystemEpochClock.INSTANCE;
    private HttpRoutes furtherRoutes = new HttpRoutes.Context().conclude();
    private List<MetricsText.Source> furtherMetrics = List.of();

    /**
     * Sets where the gateway's own interface listens.
     *
     * @param value the server; a free port of the loopback address unless set
     * @return this
     */
    public GatewayDoorSettings server(HttpServer.Context value) {
        server = value;
        return this;
    }

    /**
     * Sets how the OP Stack's interface is served.
     *
     * @param value the settings; it is not served unless set
     * @return this
     */
    public GatewayDoorSettings altDa(@Nullable AltDaSettings value) {
        altDa = value;
        return this;
    }

    /**
     * Sets the longest batch that is taken and given out, the write path's own limit.
     *
     * @param value bytes, at least 1
     * @return this
     */
    public GatewayDoorSettings maxBlobBytes(long value) {
        maxBlobBytes = atLeastOne("maxBlobBytes", value);
        return this;
    }

    /**
     * Sets how many reads may run at a time.
     *
     * @param value at least 1
     * @return this
     */
    public GatewayDoorSettings maxReads(int value) {
        maxReads = (int) atLeastOne("maxReads", value);
        return this;
    }

    /**
     * Sets how many batches of more than 1 MiB may wait for their certificates at a time.
     *
     * @param value at least 1
     * @return this
     */
    public GatewayDoorSettings maxLongPosts(int value) {
        maxLongPosts = (int) atLeastOne("maxLongPosts", value);
        return this;
    }

    /**
     * Sets the memory of all reads in progress together, and half as much for blobs on their way to clients; one that
     * needs more goes alone.
     *
     * @param value bytes, at least 1
     * @return this
     */
    public GatewayDoorSettings readMemoryBytes(long value) {
        readMemoryBytes = atLeastOne("readMemoryBytes", value);
        return this;
    }

    /**
     * Sets the memory of blobs that are kept for whoever asks next.
     *
     * @param value bytes, at least 1
     * @return this
     */
    public GatewayDoorSettings readCacheBytes(long value) {
        readCacheBytes = atLeastOne("readCacheBytes", value);
        return this;
    }

    /**
     * Sets how long a read may take.
     *
     * @param value above zero
     * @return this
     */
    public GatewayDoorSettings readTimeout(Duration value) {
        atLeastOne("readTimeout in ms", value.toMillis());
        readTimeout = value;
        return this;
    }

    /**
     * Sets what tells the epoch.
     *
     * @param value unix time in milliseconds
     * @return this
     */
    public GatewayDoorSettings epochClock(EpochClock value) {
        epochClock = value;
        return this;
    }

    /**
     * Adds routes to the gateway's own interface.
     *
     * @param value the routes
     * @return this
     */
    public GatewayDoorSettings furtherRoutes(HttpRoutes value) {
        furtherRoutes = value;
        return this;
    }

    /**
     * Adds measurements to {@code /metrics}.
     *
     * @param value who knows them
     * @return this
     */
    public GatewayDoorSettings furtherMetrics(List<MetricsText.Source> value) {
        furtherMetrics = List.copyOf(value);
        return this;
    }

    HttpServer.Context server() {
        return server;
    }

    @Nullable AltDaSettings altDa() {
        return altDa;
    }

    long maxBlobBytes() {
        return maxBlobBytes;
    }

    int maxReads() {
        return maxReads;
    }

    int maxLongPosts() {
        return maxLongPosts;
    }

    long readMemoryBytes() {
        return readMemoryBytes;
    }

    long readCacheBytes() {
        return readCacheBytes;
    }

    Duration readTimeout() {
        return readTimeout;
    }

    EpochClock epochClock() {
        return epochClock;
    }

    HttpRoutes furtherRoutes() {
        return furtherRoutes;
    }

    List<MetricsText.Source> furtherMetrics() {
        return furtherMetrics;
    }

    static long atLeastOne(String field, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(field + " must be at least 1, but is " + value);
        }
        return value;
    }
}
