package dev.moraine.node.http.door;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.moraine.node.gateway.RunningCommittee;
import dev.moraine.node.http.HttpAnswer;
import dev.moraine.node.http.HttpRoutes;
import dev.moraine.node.http.HttpServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeDoorTest {
    @TempDir
    private Path folder;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private HttpResponse<String> get(NodeDoor door, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + door.address().getPort() + path);
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    @Test
    void aNodeTellsOfItselfAndOfWhatIsAdded() throws Exception {
        HttpRoutes further = new HttpRoutes.Context()
                .get("/v1/more", (_, reply) -> reply.send(HttpAnswer.text(200, "text/plain", "more")))
                .conclude();
        try (RunningCommittee nodes = new RunningCommittee(folder);
                NodeDoor door = NodeDoor.open(
                        nodes.node(0),
                        nodes.committee(),
                        new HttpServer.Context(),
                        further,
                        List.of(metrics -> metrics.gauge("moraine_more", "More.").sample(5)))) {
            JsonNode health = new ObjectMapper().readTree(get(door, "/v1/health").body());
            assertEquals("OK", health.get("status").asText());
            assertEquals(
                    nodes.committee().deploymentId().toString(),
                    health.get("deploymentId").asText());
            assertEquals("more", get(door, "/v1/more").body());
            assertEquals(200, get(door, "/v1/genesis").statusCode());
            assertEquals(404, get(door, "/v1/blobs").statusCode());
            String metrics = get(door, "/metrics").body();
            assertTrue(metrics.contains("\nmoraine_store_writable 1\n"), metrics);
            assertTrue(metrics.contains("\nmoraine_more 5\n"), metrics);
            assertTrue(metrics.contains("\nmoraine_http_answers_total{door=\"node\",status=\"404\"} 1\n"), metrics);
        }
    }
}
