package dev.moraine.node.client;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.committee.Committee;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a client works.
 *
 * @param gateway where the gateway is: scheme, host and port, without a slash at the end
 * @param committee who must have signed, or null to believe the gateway's genesis file
 * @param maxRequestsInFlight most requests without an answer, from 1
 * @param maxBytesInFlight most bytes of batches without an answer, from 1; a longer batch goes alone
 * @param maxBlobBytes longest blob that is read, from 1
 * @param timeout how long a request may take with all its repetitions
 */
public record ClientSettings(
        String gateway,
        @Nullable Committee committee,
        int maxRequestsInFlight,
        long maxBytesInFlight,
        long maxBlobBytes,
        Duration timeout) {
    /** Where a gateway is unless it is told otherwise. */
    public static final String DEFAULT_GATEWAY = "http://127.0.0.1:8480";

    /**
     * Checks everything.
     *
     * @throws IllegalArgumentException if a value is out of its range; names field, value and limit
     */
    public ClientSettings {
        URI uri = URI.create(gateway);
        boolean isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (!isHttp || uri.getHost() == null || !uri.getRawPath().isEmpty() || uri.getRawQuery() != null) {
            throw new IllegalArgumentException("gateway must be like " + DEFAULT_GATEWAY + ", but is " + gateway);
        }
        range("maxRequestsInFlight", maxRequestsInFlight, Integer.MAX_VALUE);
        range("maxBytesInFlight", maxBytesInFlight, Long.MAX_VALUE);
        range("maxBlobBytes", maxBlobBytes, Geometry.MAX_BLOB_BYTES);
        range("timeout in ms", timeout.toMillis(), Duration.ofDays(1).toMillis());
    }

    /**
     * The usual bounds: 64 requests and 256 MiB in flight, blobs up to 64 MiB, a minute for each request.
     *
     * @param gateway where the gateway is
     * @param committee who must have signed, or null to believe the gateway's genesis file
     * @return the settings
     */
    public static ClientSettings of(String gateway, @Nullable Committee committee) {
        return new ClientSettings(gateway, committee, 64, 256L << 20, 64L << 20, Duration.ofMinutes(1));
    }

    /**
     * The same with another deadline.
     *
     * @param value how long a request may take
     * @return the settings
     */
    public ClientSettings withTimeout(Duration value) {
        return new ClientSettings(gateway, committee, maxRequestsInFlight, maxBytesInFlight, maxBlobBytes, value);
    }

    /**
     * The same with another limit on what is read.
     *
     * @param value longest blob
     * @return the settings
     */
    public ClientSettings withMaxBlobBytes(long value) {
        return new ClientSettings(gateway, committee, maxRequestsInFlight, maxBytesInFlight, value, timeout);
    }

    private static void range(String field, long value, long most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(field + " must be from 1 to " + most + ", but is " + value);
        }
    }
}
