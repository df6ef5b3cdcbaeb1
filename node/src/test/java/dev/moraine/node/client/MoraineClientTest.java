package dev.moraine.node.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.node.gateway.RunningCommittee;
import dev.moraine.node.http.HttpAnswer;
import dev.moraine.node.http.HttpCheck;
import dev.moraine.node.http.HttpHandler;
import dev.moraine.node.http.HttpProblem;
import dev.moraine.node.http.HttpReply;
import dev.moraine.node.http.HttpRoutes;
import dev.moraine.node.http.HttpServer;
import dev.moraine.node.http.door.DoorFixture;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.testing.Seed;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MoraineClientTest {
    private static final int PATIENCE_SECONDS = 90;
    private static final BlobId UNKNOWN = new BlobId(new Digest(1, 2, 3, 4));

    private final Random random = Seed.random("MoraineClientTest");

    @TempDir
    private Path folder;

    private DoorFixture door;
    private Committee committee;

    @BeforeEach
    void start() throws Exception {
        door = new DoorFixture(folder);
        committee = door.nodes.committee();
    }

    @AfterEach
    void stop() {
        door.close();
    }

    private MoraineClient client(@Nullable Committee trusted) {
        return MoraineClient.open(ClientSettings.of(door.uri("").toString(), trusted));
    }

    private byte[] batch(int lengthBytes) {
        byte[] batch = new byte[lengthBytes];
        random.nextBytes(batch);
        return batch;
    }

    private static <T> T await(CompletableFuture<T> answer) throws Exception {
        return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static ClientException.Kind failure(CompletableFuture<?> answer) {
        ExecutionException failure = assertThrows(ExecutionException.class, () -> await(answer));
        return assertInstanceOf(ClientException.class, failure.getCause()).kind();
    }

    /** A server on which one path answers as told. */
    private static HttpServer server(String method, String path, HttpHandler handler) throws Exception {
        HttpRoutes.Context routes = new HttpRoutes.Context();
        return HttpServer.open(
                new HttpServer.Context(),
                (method.equals("GET")
                                ? routes.get(path, handler)
                                : routes.upload(method, path, 1 << 20, HttpCheck.NONE, null, handler))
                        .conclude());
    }

    private static ClientSettings settings(HttpServer server, Committee committee) {
        return ClientSettings.of("http://127.0.0.1:" + server.address().getPort(), committee);
    }

    @Test
    void whatIsPostedComesBack() throws Exception {
        for (Committee trusted : new Committee[] {committee, null}) {
            try (MoraineClient client = client(trusted)) {
                byte[] batch = batch(1_500_000);
                BlobCertificate certificate =
                        await(client.post(MemorySegment.ofArray(batch), RunningCommittee.GRANTED, 2));
                BlobId id = certificate.entry().blobId();
                assertEquals(RunningCommittee.EPOCH + 2, certificate.entry().expiryEpoch());
                assertArrayEquals(batch, await(client.get(id)));
                assertEquals(new ReportedStatus("CERTIFIED", RunningCommittee.EPOCH + 2), await(client.status(id)));
                assertEquals(id, await(client.certificate(id)).entry().blobId());
                assertEquals("UNKNOWN", await(client.status(UNKNOWN)).status());
                assertEquals(ClientException.Kind.NOT_FOUND, failure(client.get(UNKNOWN)));
                assertEquals(ClientException.Kind.NOT_FOUND, failure(client.certificate(UNKNOWN)));
                assertEquals(
                        ClientException.Kind.REFUSED,
                        failure(client.post(MemorySegment.ofArray(batch), RunningCommittee.GRANTED, 99)));
            }
        }
    }

    @Test
    void aGatewayThatLiesIsFoundOut() throws Exception {
        byte[] batch = batch(10_000);
        BlobCertificate other;
        try (MoraineClient honest = client(committee)) {
            other = await(honest.post(MemorySegment.ofArray(batch(10_000)), RunningCommittee.GRANTED, 2));
        }
        byte[] certificate = other.encode();
        try (HttpServer liar = server("PUT", "/v1/blobs", (_, reply) ->
                        reply.send(HttpAnswer.bytes(200, HttpAnswer.BYTES, certificate)));
                MoraineClient client = MoraineClient.open(settings(liar, committee))) {
            assertEquals(
                    ClientException.Kind.WRONG_ANSWER,
                    failure(client.post(MemorySegment.ofArray(batch), RunningCommittee.GRANTED, 2)));
        }
        try (HttpServer liar = server("GET", "/v1/blobs/{id}", (_, reply) ->
                        reply.send(HttpAnswer.bytes(200, HttpAnswer.BYTES, batch)));
                MoraineClient client = MoraineClient.open(settings(liar, committee))) {
            assertEquals(
                    ClientException.Kind.WRONG_ANSWER,
                    failure(client.get(other.entry().blobId())));
        }
        certificate[certificate.length / 2] ^= 1;
        try (HttpServer liar = server("GET", "/v1/blobs/{id}/certificate", (_, reply) ->
                        reply.send(HttpAnswer.bytes(200, HttpAnswer.BYTES, certificate)));
                MoraineClient client = MoraineClient.open(settings(liar, committee))) {
            assertEquals(
                    ClientException.Kind.WRONG_ANSWER,
                    failure(client.certificate(other.entry().blobId())));
        }
    }

    @Test
    void refusalsForLackOfRoomAreTriedAgain() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        HttpHandler handler = (_, reply) -> {
            HttpProblem busy = HttpProblem.of(attempts.get() % 2 == 0 ? 429 : 503, "BUSY", "come again");
            reply.send(
                    attempts.incrementAndGet() <= 3
                            ? busy.toAnswer()
                            : HttpAnswer.text(200, "application/json", "{\"status\":\"PENDING\"}"));
        };
        try (HttpServer busy = server("GET", "/v1/blobs/{id}/status", handler);
                MoraineClient client = MoraineClient.open(settings(busy, committee))) {
            assertEquals(new ReportedStatus("PENDING", 0), await(client.status(UNKNOWN)));
            assertEquals(4, attempts.get());
        }
    }

    @Test
    void theDeadlineEndsTheAttempts() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        HttpHandler handler = (_, reply) -> {
            attempts.incrementAndGet();
            reply.send(HttpProblem.of(503, "BUSY", "never again").toAnswer());
        };
        try (HttpServer busy = server("GET", "/v1/blobs/{id}/status", handler);
                MoraineClient client = MoraineClient.open(
                        settings(busy, committee).withTimeout(Duration.ofSeconds(1)))) {
            assertEquals(ClientException.Kind.UNAVAILABLE, failure(client.status(UNKNOWN)));
            assertTrue(attempts.get() >= 1);
        }
        try (MoraineClient nobody = MoraineClient.open(ClientSettings.of("http://127.0.0.1:1", committee)
                .withTimeout(Duration.ofSeconds(1)))) {
            assertEquals(ClientException.Kind.UNAVAILABLE, failure(nobody.status(UNKNOWN)));
        }
    }

    @Test
    void requestsInFlightAreBounded() throws Exception {
        ConcurrentLinkedQueue<HttpReply> held = new ConcurrentLinkedQueue<>();
        try (HttpServer slow = server("GET", "/v1/blobs/{id}/status", (_, reply) -> held.add(reply));
                MoraineClient client = MoraineClient.open(new ClientSettings(
                        settings(slow, committee).gateway(), committee, 2, 1000, 1000, Duration.ofSeconds(5)))) {
            CompletableFuture<ReportedStatus> first = client.status(UNKNOWN);
            CompletableFuture<ReportedStatus> second = client.status(UNKNOWN);
            // The call itself waits, for as long as the deadline lets it.
            assertEquals(ClientException.Kind.UNAVAILABLE, failure(client.status(UNKNOWN)));
            assertTrue(held.size() <= 2);
            assertEquals(ClientException.Kind.UNAVAILABLE, failure(first));
            assertEquals(ClientException.Kind.UNAVAILABLE, failure(second));
            CompletableFuture<ReportedStatus> third = client.status(UNKNOWN);
            while (held.size() < 3) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
            }
            held.forEach(reply -> reply.send(HttpAnswer.text(200, "application/json", "{\"status\":\"UNKNOWN\"}")));
            assertEquals("UNKNOWN", await(third).status(), "there is room again");
        }
    }

    @Test
    void settingsOutOfRangeAreNamed() {
        for (String gateway : new String[] {"127.0.0.1:8480", "ftp://x", "http://x/", "http://x?y"}) {
            IllegalArgumentException failure = assertThrows(
                    IllegalArgumentException.class, () -> ClientSettings.of(gateway, null));
            assertTrue(String.valueOf(failure.getMessage()).contains(gateway), failure.getMessage());
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> ClientSettings.of("http://x", null).withMaxBlobBytes(0));
    }
}
