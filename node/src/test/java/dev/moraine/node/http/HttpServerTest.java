package dev.moraine.node.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.testing.Seed;
import dev.moraine.wire.transport.BindFailedException;
import dev.moraine.wire.transport.TransportKind;
import java.io.ByteArrayInputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HttpServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private HttpResponse<byte[]> get(EchoServer echo, String path) throws Exception {
        return client.send(
                java.net.http.HttpRequest.newBuilder(echo.uri(path)).timeout(PATIENCE).build(),
                BodyHandlers.ofByteArray());
    }

    private static java.net.http.HttpRequest put(EchoServer echo, String path, BodyPublisher body, boolean expects) {
        return java.net.http.HttpRequest.newBuilder(echo.uri(path))
                .timeout(PATIENCE)
                .expectContinue(expects)
                .PUT(body)
                .build();
    }

    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void everyTransportCarriesBodiesBothWays(TransportKind kind) throws Exception {
        Assumptions.assumeTrue(kind.isAvailable(), kind + " is not available here");
        Random random = Seed.random("HttpServerTest");
        try (EchoServer echo = new EchoServer(HttpLimits.defaults(), kind)) {
            for (int length : new int[] {1, 100, 65_536, 65_537, 700_000, EchoServer.MAX_BODY_BYTES}) {
                byte[] body = new byte[length];
                random.nextBytes(body);
                BodyPublisher known = BodyPublishers.ofByteArray(body);
                BodyPublisher chunked = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
                assertArrayEquals(body, client.send(put(echo, "/echo", known, false), BodyHandlers.ofByteArray())
                        .body());
                assertArrayEquals(body, client.send(put(echo, "/echo", chunked, false), BodyHandlers.ofByteArray())
                        .body());
                assertArrayEquals(body, client.send(put(echo, "/echo", known, true), BodyHandlers.ofByteArray())
                        .body());
            }
            for (int length : new int[] {1, 131_072, 131_073, 5_000_000}) {
                byte[] body = get(echo, "/long/" + length).body();
                assertEquals(length, body.length);
                assertEquals(7, body[length - 1]);
            }
            assertEquals(4, echo.lentAndBack.get());
            assertEquals(0, echo.server.counters().bodyBytes());
            assertEquals(1, echo.count(HttpCounter.CONNECTIONS_OPENED), "one connection carries all requests");
        }
    }

    @Test
    void headSaysWhatGetWouldSay() throws Exception {
        try (EchoServer echo = new EchoServer(HttpLimits.defaults());
                RawClient raw = echo.connect()) {
            raw.send("HEAD /hello?name=a%20b HTTP/1.1\r\nHost: x\r\n\r\nGET /hello?name=c HTTP/1.1\r\nHost: x\r\n\r\n");
            // The client would take a body for the beginning of the next answer.
            String head = raw.answer().headers().toString();
            assertTrue(head.contains("content-length=9"), head);
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        try (EchoServer echo = new EchoServer(HttpLimits.defaults());
                RawClient raw = echo.connect()) {
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < 40; i++) {
                String body = "body " + i;
                requests.append(i % 2 == 0
                        ? "GET /hello?name=" + i + " HTTP/1.1\r\nHost: x\r\n\r\n"
                        : "PUT /echo HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            }
            raw.send(requests.toString());
            for (int i = 0; i < 40; i++) {
                assertEquals(i % 2 == 0 ? "hello " + i : "body " + i, raw.answer().body());
            }
        }
    }

    @Test
    void problemsNameFieldValueAndLimit() throws Exception {
        try (EchoServer echo = new EchoServer(HttpLimits.defaults())) {
            assertProblem(get(echo, "/nothing"), 404, "NO_SUCH_PATH");
            assertProblem(get(echo, "/item/"), 404, "NO_SUCH_PATH");
            assertProblem(get(echo, "/echo"), 405, "WRONG_METHOD");
            assertProblem(get(echo, "/hello?nme=x"), 400, "UNKNOWN_PARAMETER");
            assertProblem(get(echo, "/hello?name=x&name=y"), 400, "REPEATED_PARAMETER");
            assertEquals("{\"id\":\"a%2Fb\"}", new String(get(echo, "/item/a%2Fb").body(), StandardCharsets.UTF_8));
        }
    }

    private static void assertProblem(HttpResponse<byte[]> answer, int status, String code) {
        String body = new String(answer.body(), StandardCharsets.UTF_8);
        assertEquals(status, answer.statusCode(), body);
        assertTrue(body.startsWith("{\"error\":{\"code\":\"" + code + "\",\"field\":"), body);
        assertEquals("application/json", answer.headers().firstValue("content-type").orElse(""));
    }

    @Test
    void aHandlerThatFailsGivesNothingAway() throws Exception {
        try (EchoServer echo = new EchoServer(HttpLimits.defaults())) {
            HttpResponse<byte[]> answer = get(echo, "/fails");
            assertProblem(answer, 500, "INTERNAL");
            assertFalse(new String(answer.body(), StandardCharsets.UTF_8).contains("secret"));
            assertEquals(1, echo.count(HttpCounter.HANDLER_FAILURES));
            assertEquals(200, get(echo, "/hello").statusCode(), "the server goes on");
        }
    }

    @Test
    void bodiesAreRefusedBeforeTheyAreReadWhenTheirMemoryIsTaken() throws Exception {
        HttpLimits limits =
                new HttpLimits.Context().maxBodyBytes(600_000).bodyMemoryBytes(1_000_000).conclude();
        try (EchoServer echo = new EchoServer(limits);
                RawClient first = echo.connect();
                RawClient second = echo.connect()) {
            first.send("PUT /held HTTP/1.1\r\nHost: x\r\nContent-Length: 600000\r\nExpect: 100-continue\r\n\r\n");
            assertEquals(100, first.answer().status());
            second.send("PUT /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 400001\r\nExpect: 100-continue\r\n\r\n");
            RawClient.Answer refusal = second.answer();
            assertEquals(429, refusal.status());
            assertEquals("1", refusal.headers().get("retry-after"));
            assertEquals(1, echo.count(HttpCounter.BODY_MEMORY_REFUSED));

            first.send(new byte[600_000]);
            Waiting.until(() -> !echo.held.isEmpty());
            assertEquals(600_000, echo.server.counters().bodyBytes());
            HttpReply reply = echo.held.remove();
            reply.send(HttpAnswer.empty(204));
            reply.send(HttpAnswer.text(200, "text/plain", "an answer too many"));
            assertEquals(204, first.answer().status());
            assertEquals(0, echo.server.counters().bodyBytes());

            assertEquals(
                    400_001,
                    client.send(put(echo, "/echo", BodyPublishers.ofByteArray(new byte[400_001]), true),
                                    BodyHandlers.ofByteArray())
                            .body()
                            .length);
        }
    }

    @Test
    void aRouteThatRefusesDoesNotReadTheBody() throws Exception {
        try (EchoServer echo = new EchoServer(HttpLimits.defaults());
                RawClient raw = echo.connect()) {
            raw.send("PUT /echo?wrong=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n");
            RawClient.Answer answer = raw.answer();
            assertEquals(400, answer.status());
            assertEquals("close", answer.headers().get("connection"));
            assertEquals(0, echo.handled.get());
        }
    }

    @Test
    void workersBeyondTheLimitAreRefusedAndTheRestIsAnswered() throws Exception {
        try (EchoServer echo = new EchoServer(HttpLimits.defaults())) {
            List<CompletableFuture<HttpResponse<byte[]>>> answers = IntStream.range(0, 64)
                    .mapToObj(_ -> client.sendAsync(
                            put(echo, "/echo", BodyPublishers.ofByteArray(new byte[1000]), false),
                            BodyHandlers.ofByteArray()))
                    .toList();
            long good = 0;
            for (CompletableFuture<HttpResponse<byte[]>> answer : answers) {
                HttpResponse<byte[]> given = answer.get();
                assertTrue(given.statusCode() == 200 || given.statusCode() == 429, () -> given.statusCode() + "");
                good += given.statusCode() == 200 ? 1 : 0;
            }
            assertTrue(good >= 1);
            assertEquals(good, echo.handled.get());
            assertEquals(0, echo.server.counters().bodyBytes());
        }
    }

    @Test
    void aPortInUseIsNamed() throws Exception {
        try (EchoServer echo = new EchoServer(HttpLimits.defaults())) {
            HttpServer.Context same = new HttpServer.Context().address(echo.address());
            BindFailedException failure = assertThrows(
                    BindFailedException.class,
                    () -> HttpServer.open(same, new HttpRoutes.Context().conclude()).close());
            assertNotNull(failure.getMessage());
            assertTrue(failure.getMessage().contains(":" + echo.address().getPort() + ": address already in use"));
        }
    }

    @Test
    void limitsOutOfRangeAreNamed() {
        IllegalArgumentException failure = assertThrows(
                IllegalArgumentException.class,
                () -> new HttpLimits.Context().maxBodyBytes(100).bodyMemoryBytes(99).conclude());
        assertEquals("bodyMemoryBytes must be from 100 to 9223372036854775807, but is 99", failure.getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> new HttpLimits.Context().maxBodyBytes(HttpLimits.MAX_BODY_BYTES + 1).conclude());
        new HttpLimits.Context()
                .maxBodyBytes(HttpLimits.MAX_BODY_BYTES)
                .bodyMemoryBytes(HttpLimits.MAX_BODY_BYTES)
                .conclude();
    }
}
