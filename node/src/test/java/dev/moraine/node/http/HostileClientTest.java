package dev.moraine.node.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.testing.Seed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostileClientTest {
    private static final String HOST = "Host: x\r\n";

    private EchoServer echo;

    @BeforeEach
    void start() throws Exception {
        echo = new EchoServer(new HttpLimits.Context()
                .maxConnections(1000)
                .maxConnectionsPerAddress(600)
                .headTimeoutNs(TimeUnit.MINUTES.toNanos(1))
                .transferWindowNs(TimeUnit.MINUTES.toNanos(1))
                .drainTimeoutNs(TimeUnit.MINUTES.toNanos(1))
                .conclude());
    }

    /** A server that waits for nobody. */
    private void startImpatiently() throws Exception {
        echo.close();
        echo = new EchoServer(new HttpLimits.Context()
                .headTimeoutNs(TimeUnit.MILLISECONDS.toNanos(500))
                .idleTimeoutNs(TimeUnit.SECONDS.toNanos(30))
                .transferWindowNs(TimeUnit.MILLISECONDS.toNanos(500))
                .conclude());
    }

    @AfterEach
    void stopUnharmed() throws Exception {
        try (EchoServer server = echo;
                RawClient honest = server.connect()) {
            honest.send("GET /hello?name=you HTTP/1.1\r\nHost: x\r\n\r\n");
            assertEquals("hello you", honest.answer().body(), "others are served as before");
            Waiting.until(() -> server.server.counters().bodyBytes() == 0);
        }
    }

    private int statusOf(String request) throws IOException {
        try (RawClient raw = echo.connect()) {
            raw.send(request);
            int status = raw.answer().status();
            assertTrue(raw.isEnded(), "nobody knows where the next request begins");
            assertEquals(0, echo.handled.get());
            return status;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
                "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
                "Content-Length: 3, 4\r\n\r\nabcd",
                "Content-Length: -1\r\n\r\n",
                "Content-Length: +3\r\n\r\nabc",
                "Content-Length: 0x3\r\n\r\nabc",
                "Content-Length: 99999999999999999999\r\n\r\n",
                "Content-Length : 3\r\n\r\nabc",
                "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: xchunked\r\nContent-Length: 3\r\n\r\nabc",
                "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding:\u000bchunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\nabc",
                "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nabc",
                "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n3\nabc\n0\n\n",
                "Bad Name: x\r\n\r\n",
                "X: a\u0000b\r\n\r\n",
                "X: a\nContent-Length: 3\r\n\r\nabc",
            })
    void requestsThatServersReadDifferentlyAreRefused(String rest) throws Exception {
        int status = statusOf("PUT /echo HTTP/1.1\r\n" + HOST + rest);
        assertTrue(status == 400 || status == 413, "status " + status);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "505 | GET /hello HTTP/2.0",
                "400 | GET /hello HTTP/x",
                "400 | GET http://elsewhere/hello HTTP/1.1",
                "400 | CONNECT elsewhere:443 HTTP/1.1",
                "400 | OPTIONS * HTTP/1.1",
                "400 | GET /hello?name=%ZZ HTTP/1.1",
                "400 | garbage",
            })
    void requestLinesOfOtherKindsAreRefused(int status, String line) throws Exception {
        assertEquals(status, statusOf(line + "\r\n" + HOST + "\r\n"));
    }

    @Test
    void aRequestHasOneHost() throws Exception {
        assertEquals(400, statusOf("GET /hello HTTP/1.1\r\n\r\n"));
        assertEquals(400, statusOf("GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"));
    }

    @Test
    void lengthsAreLimitedAtTheirLimits() throws Exception {
        HttpLimits limits = HttpLimits.defaults();
        assertEquals(414, statusOf("GET /" + "a".repeat(limits.maxRequestLineBytes()) + " HTTP/1.1\r\n" + HOST + "\r\n"));
        assertEquals(
                431, statusOf("GET /hello HTTP/1.1\r\n" + HOST + "X: " + "a".repeat(limits.maxHeaderBytes()) + "\r\n\r\n"));
        int tooMuch = EchoServer.MAX_BODY_BYTES + 1;
        assertEquals(413, statusOf("PUT /echo HTTP/1.1\r\n" + HOST + "Content-Length: " + tooMuch + "\r\n\r\n"));
        assertEquals(413, statusOf("GET /hello HTTP/1.1\r\n" + HOST + "Content-Length: 1\r\n\r\n"));
        assertEquals(417, statusOf("PUT /echo HTTP/1.1\r\n" + HOST + "Content-Length: 1\r\nExpect: tea\r\n\r\n"));
    }

    @Test
    void chunksThatAddUpToTooMuchAreCut() throws Exception {
        try (RawClient raw = echo.connect()) {
            raw.send("PUT /echo HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n");
            String chunk = "10000\r\n" + "a".repeat(0x10000) + "\r\n";
            for (int i = 0; i < EchoServer.MAX_BODY_BYTES / 0x10000; i++) {
                raw.send(chunk);
            }
            raw.send("1\r\na\r\n0\r\n\r\n");
            RawClient.Answer answer = raw.answer();
            assertEquals(413, answer.status());
            assertTrue(answer.body().contains("at most " + EchoServer.MAX_BODY_BYTES), answer.body());
            assertEquals(0, echo.handled.get());
        }
    }

    @Test
    void aRefusedClientThatKeepsSendingStillReadsWhy() throws Exception {
        try (RawClient raw = echo.connect()) {
            raw.send("PUT /nowhere HTTP/1.1\r\n" + HOST + "Content-Length: 1000000\r\n\r\n");
            raw.send(new byte[1_000_000]);
            assertEquals(404, raw.answer().status());
        }
    }

    @Test
    void clientsThatSendAByteNowAndThenAreCut() throws Exception {
        startImpatiently();
        try (RawClient head = echo.connect();
                RawClient body = echo.connect()) {
            head.send("GET /hel");
            body.send("PUT /echo HTTP/1.1\r\n" + HOST + "Content-Length: 1000\r\n\r\nabc");
            assertEquals(408, head.answer().status());
            assertEquals(408, body.answer().status());
            assertTrue(head.isEnded());
            assertTrue(body.isEnded());
            assertEquals(2, echo.count(HttpCounter.SLOW_REQUESTS));
            assertEquals(0, echo.handled.get());
        }
    }

    @Test
    void aClientThatDoesNotReadLosesItsAnswer() throws Exception {
        startImpatiently();
        try (RawClient raw = echo.connect()) {
            raw.send("GET /long/200000000 HTTP/1.1\r\n" + HOST + "\r\n");
            Waiting.until(() -> echo.count(HttpCounter.SLOW_READERS) == 1);
            Waiting.until(() -> echo.lentAndBack.get() == 1);
        }
    }

    @Test
    void requestsThatBreakOffLeaveNothingBehind() throws Exception {
        for (String part : List.of(
                "GET /hello HTTP/1.1\r\nHo", "PUT /echo HTTP/1.1\r\n" + HOST + "Content-Length: 1000\r\n\r\nabc")) {
            long before = echo.count(HttpCounter.BROKEN_OFF);
            try (RawClient raw = echo.connect()) {
                raw.send(part);
            }
            Waiting.until(() -> echo.count(HttpCounter.BROKEN_OFF) == before + 1);
        }
        assertEquals(0, echo.handled.get());
    }

    @Test
    void aClientMayEndItsSideAndStillGetsItsAnswers() throws Exception {
        try (RawClient raw = echo.connect()) {
            raw.send("GET /hello?name=1 HTTP/1.1\r\n" + HOST + "\r\nGET /hello?name=2 HTTP/1.1\r\n" + HOST + "\r\n");
            assertEquals("hello 1", raw.answer().body());
            raw.end();
            assertEquals("hello 2", raw.answer().body());
            assertTrue(raw.isEnded());
        }
    }

    @Test
    void aConnectionHasOnlySoManyRequestsThatWait() throws Exception {
        try (RawClient raw = echo.connect()) {
            raw.send("GET /held HTTP/1.1\r\n" + HOST + "\r\n");
            Waiting.until(() -> !echo.held.isEmpty());
            raw.send(("GET /hello HTTP/1.1\r\n" + HOST + "\r\n").repeat(3000));
            echo.held.remove().send(HttpAnswer.empty(204));
            assertEquals(204, raw.answer().status());
            Waiting.until(() -> echo.count(HttpCounter.PIPELINE_OVERFLOWS) > 0);
        }
    }

    @Test
    void connectionsBeyondTheLimitAreToldSo() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 600; i++) {
                clients.add(echo.connect());
            }
            Waiting.until(() -> echo.server.counters().openConnections() == 600);
            for (int i = 0; i < 400; i++) {
                try (RawClient extra = echo.connect()) {
                    assertEquals(503, extra.answer().status());
                    assertTrue(extra.isEnded());
                }
            }
            assertEquals(400, echo.count(HttpCounter.ADDRESS_REFUSED));
            clients.getFirst().send("GET /hello?name=a HTTP/1.1\r\n" + HOST + "\r\n");
            assertEquals("hello a", clients.getFirst().answer().body());
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
        Waiting.until(() -> echo.server.counters().openConnections() == 0);
    }

    @Test
    void randomBytesAreRefusedOrCut() throws Exception {
        Random random = Seed.random("HostileClientTest");
        byte[] valid = ("PUT /echo HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < 200; i++) {
            byte[] request = valid.clone();
            if (i % 4 == 0) {
                random.nextBytes(request);
            } else {
                request[random.nextInt(request.length)] = (byte) random.nextInt(256);
            }
            try (RawClient raw = echo.connect()) {
                raw.send(request);
                raw.end();
                raw.isEnded();
            }
        }
        assertEquals(0, echo.count(HttpCounter.HANDLER_FAILURES));
    }
}
