package dev.moraine.node.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection: takes one request after the other, and the next only when the answer to the last is out.
 * What a client does wrong is answered, and ends its connection if nobody can tell any more where its next request
 * begins. Belongs to its event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A write that fails closes the channel, and the session learns of that.
final class HttpSession extends ChannelInboundHandlerAdapter {
    private static final System.Logger LOG = System.getLogger(HttpSession.class.getName());

    /** What the connection is doing. */
    private enum Phase {
        /** Waits for the header of a request, or for the rest of it. */
        HEAD,
        /** Takes the body of a request. */
        BODY,
        /** Has a whole request, and waits until its answer is known and out. */
        ANSWERING,
        /** Has refused a request, and lets its rest run into the void so that the client gets to read the answer. */
        DRAINING,
        /** Is over. */
        CLOSED
    }

    private final HttpServer server;
    private final HttpLimits limits;
    private final HttpCounters counters;
    private final ArrayDeque<HttpObject> waiting = new ArrayDeque<>();
    private int waitingRequests;
    private Phase phase = Phase.HEAD;
    private final PhaseClock phaseClock;
    private boolean hasHeadBegun;
    private boolean isInputOver;
    private boolean hasClientEnded;
    private boolean isLast;
    private boolean isPumping;
    private boolean isHead;
    private @Nullable HttpProblem refusal;
    private @Nullable HttpRequest request;
    private @Nullable HttpRoute route;
    private @Nullable BodyIntake intake;
    private @Nullable AnswerWriter writer;
    private @Nullable Future<?> ticks;

    /**
     * The session of a connection that was let in.
     *
     * @param server knows routes, limits and counters
     */
    HttpSession(HttpServer server) {
        this.server = server;
        this.limits = server.limits();
        this.counters = server.counters();
        this.phaseClock = new PhaseClock(server.clock(), limits);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        begin(Phase.HEAD);
        ticks = context.channel()
                .eventLoop()
                .scheduleWithFixedDelay(() -> tick(context), limits.tickNs(), limits.tickNs(), TimeUnit.NANOSECONDS);
        context.read();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (phase == Phase.BODY || (phase == Phase.HEAD && hasHeadBegun)) {
            counters.add(HttpCounter.BROKEN_OFF);
        }
        phase = Phase.CLOSED;
        if (ticks != null) {
            ticks.cancel(false);
        }
        dropInput();
        context.fireChannelInactive();
    }

    /** Called for raw bytes, before they are decoded. */
    void onBytes(int count) {
        counters.add(HttpCounter.BYTES_IN, count);
        if (phase == Phase.HEAD && !hasHeadBegun) {
            hasHeadBegun = true;
            phaseClock.start();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (phase == Phase.CLOSED || phase == Phase.DRAINING || isInputOver || !(message instanceof HttpObject part)) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (part instanceof io.netty.handler.codec.http.HttpRequest && ++waitingRequests > limits.maxPipelinedRequests()) {
            counters.add(HttpCounter.PIPELINE_OVERFLOWS);
            isInputOver = true;
            isLast = true;
            return;
        }
        waiting.add(part);
        pump(context);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.flush();
        readMore(context);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            hasClientEnded = true;
            if (phase != Phase.ANSWERING) {
                context.close();
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.log(System.Logger.Level.DEBUG, "a connection broke", cause);
        context.close();
    }

    private void readMore(ChannelHandlerContext context) {
        if (phase != Phase.ANSWERING && phase != Phase.CLOSED && waiting.isEmpty()) {
            context.read();
        }
    }

    private void begin(Phase next) {
        phase = next;
        phaseClock.start();
    }

    /** Works on what came, as far as earlier requests are answered. An answer that is ready at once comes back to here. */
    private void pump(ChannelHandlerContext context) {
        if (isPumping) {
            return;
        }
        isPumping = true;
        try {
            while (!waiting.isEmpty() && (phase == Phase.HEAD || phase == Phase.BODY)) {
                HttpObject part = waiting.remove();
                try {
                    take(context, part);
                } finally {
                    ReferenceCountUtil.release(part);
                }
            }
        } finally {
            isPumping = false;
        }
    }

    private void take(ChannelHandlerContext context, HttpObject part) {
        if (part.decoderResult().cause() instanceof PrematureChannelClosureException) {
            context.close();
            return;
        }
        HttpProblem malformed = RequestHead.problemOf(part.decoderResult(), limits);
        if (malformed != null) {
            counters.add(malformed.limit() == null ? HttpCounter.MALFORMED : HttpCounter.OVERSIZED);
            refuseAndClose(context, malformed);
        } else if (part instanceof io.netty.handler.codec.http.HttpRequest head && phase == Phase.HEAD) {
            waitingRequests--;
            takeHead(context, head);
        } else if (part instanceof HttpContent content && phase == Phase.BODY) {
            takeContent(context, content);
        }
    }

    private void takeHead(ChannelHandlerContext context, io.netty.handler.codec.http.HttpRequest head) {
        hasHeadBegun = false;
        refusal = null;
        isHead = false;
        begin(Phase.BODY);
        RequestHead read;
        try {
            read = RequestHead.of(head);
        } catch (HttpProblemException e) {
            counters.add(HttpCounter.MALFORMED);
            refuseAndClose(context, e.problem());
            return;
        }
        isLast |= read.isLast();
        isHead = read.method().equals("HEAD");
        HttpProblem problem = admit(context, read, head);
        if (problem == null) {
            if (read.expectsContinue() && read.lengthBytes() != 0) {
                context.writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
            }
        } else if (read.lengthBytes() == 0) {
            // The next request begins right here, so that the connection can go on after the refusal.
            refusal = problem;
        } else {
            refuseAndClose(context, problem);
        }
    }

    private @Nullable HttpProblem admit(
            ChannelHandlerContext context, RequestHead read, io.netty.handler.codec.http.HttpRequest head) {
        try {
            HttpRoutes.Match match = server.routes().find(read.method(), read.path());
            long maxBytes = Math.min(match.route().maxBodyBytes(), limits.maxBodyBytes());
            if (read.lengthBytes() > maxBytes || (read.lengthBytes() != 0 && maxBytes == 0)) {
                counters.add(HttpCounter.OVERSIZED);
                return BodyIntake.tooLong(Math.max(1, read.lengthBytes()), maxBytes);
            }
            HttpRequest asked = new HttpRequest(
                    read.method(),
                    read.path(),
                    match.pathParameters(),
                    read.query(),
                    head.headers()::get,
                    ReceivedBody.EMPTY);
            match.route().check().check(asked);
            BodyIntake opened = new BodyIntake(server.bodyMemory(), context.alloc(), maxBytes);
            HttpProblem noRoom = opened.open(read.lengthBytes(), match.route().receiver());
            if (noRoom != null) {
                counters.add(HttpCounter.BODY_MEMORY_REFUSED);
                return noRoom;
            }
            request = asked;
            route = match.route();
            intake = opened;
            return null;
        } catch (HttpProblemException e) {
            return e.problem();
        } catch (RuntimeException e) {
            return onHandlerFailure(e);
        }
    }

    private void takeContent(ChannelHandlerContext context, HttpContent content) {
        HttpProblem problem = intake == null ? null : intake.append(content.content());
        if (problem != null) {
            counters.add(problem.retryAfterSeconds() == 0 ? HttpCounter.OVERSIZED : HttpCounter.BODY_MEMORY_REFUSED);
            refuseAndClose(context, problem);
        } else if (content instanceof LastHttpContent) {
            dispatch(context);
        }
    }

    private void dispatch(ChannelHandlerContext context) {
        begin(Phase.ANSWERING);
        HttpRequest asked = request;
        HttpRoute taken = route;
        BodyIntake received = intake;
        request = null;
        route = null;
        intake = null;
        if (refusal != null || asked == null || taken == null || received == null) {
            write(context, (refusal == null ? HttpProblem.of(500, "INTERNAL", "no request") : refusal).toAnswer());
            return;
        }
        HttpRequest whole = asked.with(received.finish());
        OneReply reply = new OneReply(whole, context.channel().eventLoop(), answer -> write(context, answer));
        try {
            taken.handler().handle(whole, reply);
        } catch (HttpProblemException e) {
            reply.send(e.problem().toAnswer());
        } catch (RuntimeException e) {
            reply.send(onHandlerFailure(e).toAnswer());
        }
    }

    private HttpProblem onHandlerFailure(RuntimeException failure) {
        counters.add(HttpCounter.HANDLER_FAILURES);
        LOG.log(System.Logger.Level.ERROR, "a request failed", failure);
        return HttpProblem.of(500, "INTERNAL", "the server failed; its log says how");
    }

    /** Answers a request of which not everything was read, and reads no further request. */
    private void refuseAndClose(ChannelHandlerContext context, HttpProblem problem) {
        isInputOver = true;
        isLast = true;
        dropInput();
        begin(Phase.ANSWERING);
        write(context, problem.toAnswer());
    }

    private void write(ChannelHandlerContext context, HttpAnswer answer) {
        if (phase == Phase.CLOSED) {
            counters.add(HttpCounter.BROKEN_OFF);
            answer.release();
            return;
        }
        counters.addAnswer(answer.status());
        phaseClock.start();
        long contentBytes = isHead ? 0 : answer.content().byteSize();
        writer = new AnswerWriter(context, limits, answer, isSent -> onAnswered(context, isSent, contentBytes));
        writer.start(isHead, isLast);
    }

    private void onAnswered(ChannelHandlerContext context, boolean isSent, long contentBytes) {
        writer = null;
        if (phase == Phase.CLOSED) {
            counters.add(HttpCounter.BROKEN_OFF);
            return;
        }
        counters.add(HttpCounter.BODY_BYTES_OUT, isSent ? contentBytes : 0);
        if (!isSent) {
            counters.add(HttpCounter.BROKEN_OFF);
            context.close();
        } else if (isInputOver && !hasClientEnded) {
            drain(context);
        } else if (isLast || isInputOver || (hasClientEnded && waiting.isEmpty())) {
            context.close();
        } else {
            begin(Phase.HEAD);
            hasHeadBegun = !waiting.isEmpty();
            pump(context);
            readMore(context);
        }
    }

    /** A connection that is closed with bytes unread is reset, and a reset may overtake the answer. */
    private void drain(ChannelHandlerContext context) {
        begin(Phase.DRAINING);
        if (context.channel() instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
        }
        context.read();
    }

    private void dropInput() {
        if (intake != null) {
            intake.release();
            intake = null;
        }
        request = null;
        route = null;
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
    }

    private void tick(ChannelHandlerContext context) {
        long elapsedNs = phaseClock.elapsedNs();
        switch (phase) {
            case HEAD -> {
                if (hasHeadBegun && elapsedNs > limits.headTimeoutNs()) {
                    tooSlow(context, "header");
                } else if (!hasHeadBegun && elapsedNs > limits.idleTimeoutNs()) {
                    counters.add(HttpCounter.IDLE_CLOSED);
                    context.close();
                }
            }
            case BODY -> {
                if (phaseClock.isTooSlow(intake == null ? 0 : intake.receivedBytes())) {
                    tooSlow(context, "body");
                }
            }
            case ANSWERING -> {
                if (writer != null && phaseClock.isTooSlow(writer.sentBytes())) {
                    counters.add(HttpCounter.SLOW_READERS);
                    context.close();
                }
            }
            case DRAINING -> {
                if (elapsedNs > limits.drainTimeoutNs()) {
                    context.close();
                }
            }
            case CLOSED -> {
                // The tick that was on its way when the connection ended.
            }
        }
    }

    private void tooSlow(ChannelHandlerContext context, String part) {
        counters.add(HttpCounter.SLOW_REQUESTS);
        refuseAndClose(context, HttpProblem.of(408, "TOO_SLOW", "the " + part + " of the request came too slowly"));
    }
}
