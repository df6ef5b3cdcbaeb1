package dev.moraine.node.http;

import dev.moraine.wire.transport.BindFailedException;
import dev.moraine.wire.transport.TransportKind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that gives back what it gets, and one that can be told when to answer. */
final class EchoServer implements AutoCloseable {
    static final int MAX_BODY_BYTES = 1 << 20;

    final HttpServer server;
    final AtomicInteger handled = new AtomicInteger();
    final AtomicInteger lentAndBack = new AtomicInteger();
    final ConcurrentLinkedQueue<HttpReply> held = new ConcurrentLinkedQueue<>();
    private final WorkerThreads workers = new WorkerThreads("echoes", 2);

    EchoServer(HttpLimits limits) throws BindFailedException {
        this(limits, TransportKind.select("auto"));
    }

    EchoServer(HttpLimits limits, TransportKind kind) throws BindFailedException {
        HttpRoutes routes = new HttpRoutes.Context()
                .get("/hello", (request, reply) -> {
                    request.allowParameters("name");
                    handled.incrementAndGet();
                    reply.send(HttpAnswer.text(200, "text/plain", "hello " + request.parameter("name")));
                })
                .get("/item/{id}", (request, reply) ->
                        reply.send(HttpAnswer.json(200, java.util.Map.of("id", request.pathParameter("id")))))
                .get("/long/{bytes}", (request, reply) -> lend(Long.parseLong(request.pathParameter("bytes")), reply))
                .get("/held", (_, reply) -> held.add(reply))
                .get("/fails", (_, _) -> {
                    throw new IllegalStateException("secret");
                })
                .upload("PUT", "/echo", MAX_BODY_BYTES, EchoServer::check, null, workers.running(request -> {
                    handled.incrementAndGet();
                    byte[] body = request.body().toArray(ValueLayout.JAVA_BYTE);
                    return HttpAnswer.bytes(200, HttpAnswer.BYTES, body);
                }))
                .upload("PUT", "/held", MAX_BODY_BYTES, HttpCheck.NONE, null, (_, reply) -> held.add(reply))
                .conclude();
        server = HttpServer.open(new HttpServer.Context().limits(limits).transportKind(kind), routes);
    }

    private static void check(HttpRequest request) throws HttpProblemException {
        if (request.parameter("wrong") != null) {
            throw HttpProblem.ofField(400, "WRONG", "wrong", "there", "absent").toException();
        }
    }

    private void lend(long lengthBytes, HttpReply reply) {
        Arena arena = Arena.ofShared();
        MemorySegment content = arena.allocate(lengthBytes);
        content.set(ValueLayout.JAVA_BYTE, lengthBytes - 1, (byte) 7);
        reply.send(HttpAnswer.lent(200, HttpAnswer.BYTES, content, () -> {
            arena.close();
            lentAndBack.incrementAndGet();
        }));
    }

    InetSocketAddress address() {
        return server.address();
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + address().getPort() + path);
    }

    RawClient connect() throws java.io.IOException {
        return new RawClient(address());
    }

    long count(HttpCounter counter) {
        return server.counters().get(counter);
    }

    @Override
    public void close() {
        server.close();
        workers.close();
    }
}
