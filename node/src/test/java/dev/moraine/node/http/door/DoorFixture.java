package dev.moraine.node.http.door;

import dev.moraine.node.gateway.Gateway;
import dev.moraine.node.gateway.RunningCommittee;
import dev.moraine.node.http.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/** Seven storage nodes, a gateway, its HTTP doors, and a client of them. */
public final class DoorFixture implements AutoCloseable {
    /** Longest batch. */
    public static final int MAX_BLOB_BYTES = 4 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** The nodes. */
    public final RunningCommittee nodes;
    private final Path folder;
    private final Gateway gateway;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private GatewayDoors doors;

    /** Starts everything; data goes below the folder. */
    public DoorFixture(Path folder) throws Exception {
        this.folder = folder;
        nodes = new RunningCommittee(folder);
        gateway = nodes.gateway();
        doors = open();
    }

    private GatewayDoors open() throws IOException {
        return GatewayDoors.open(
                gateway,
                nodes.committee(),
                new GatewayDoorSettings()
                        .maxBlobBytes(MAX_BLOB_BYTES)
                        .readTimeout(Duration.ofSeconds(10))
                        .epochClock(() -> RunningCommittee.NOW_MS)
                        .altDa(AltDaSettings.of(
                                new HttpServer.Context(), RunningCommittee.GRANTED, 5, folder.resolve("alt-da"))));
    }

    /** Opens the doors anew. */
    void restart() throws IOException {
        doors.close();
        doors = open();
    }

    Path altDaFolder() {
        return folder.resolve("alt-da");
    }

    /** A place of the gateway's own interface. */
    public URI uri(String path) {
        return at(doors.address(), path);
    }

    URI altDa(String path) {
        return at(Objects.requireNonNull(doors.altDaAddress()), path);
    }

    private static URI at(InetSocketAddress address, String path) {
        return URI.create("http://127.0.0.1:" + address.getPort() + path);
    }

    HttpResponse<byte[]> get(URI uri, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(PATIENCE);
        return client.send((headers.length == 0 ? request : request.headers(headers)).build(), BodyHandlers.ofByteArray());
    }

    HttpResponse<byte[]> send(String method, URI uri, byte[] body, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).timeout(PATIENCE).method(method, BodyPublishers.ofByteArray(body));
        return client.send((headers.length == 0 ? request : request.headers(headers)).build(), BodyHandlers.ofByteArray());
    }

    @Override
    public void close() {
        client.shutdownNow();
        doors.close();
        gateway.close();
        nodes.close();
    }
}
