package dev.moraine.node.http;

import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the header of a request says about it, checked.
 *
 * @param method the method
 * @param path the path as it came, beginning with a slash
 * @param query the query's parameters, decoded
 * @param lengthBytes length of the body, or {@link #UNKNOWN_LENGTH} if it comes in chunks
 * @param expectsContinue whether the client waits for a word before it sends the body
 * @param isLast whether the client wants the connection closed after the answer
 */
record RequestHead(
        String method,
        String path,
        Map<String, List<String>> query,
        long lengthBytes,
        boolean expectsContinue,
        boolean isLast) {
    /** Stands for a body in chunks. */
    static final long UNKNOWN_LENGTH = -1;

    private static final int BAD_REQUEST = 400;
    private static final int MAX_PARAMETERS = 64;

    /**
     * Reads a header.
     *
     * @param request the header
     * @return what it says
     * @throws HttpProblemException if it is not a request that this server understands
     */
    static RequestHead of(io.netty.handler.codec.http.HttpRequest request) throws HttpProblemException {
        HttpHeaders headers = request.headers();
        boolean isOld = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
        if (!isOld && !request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
            throw HttpProblem.ofField(505, "WRONG_VERSION", "version", request.protocolVersion(), "HTTP/1.1")
                    .toException();
        }
        int hosts = headers.getAll(HttpHeaderNames.HOST).size();
        if (hosts != 1 && !(isOld && hosts == 0)) {
            throw HttpProblem.ofField(BAD_REQUEST, "BAD_HOST", "Host", hosts + " fields", "one field").toException();
        }
        String target = request.uri();
        if (!target.startsWith("/")) {
            throw HttpProblem.ofField(BAD_REQUEST, "BAD_TARGET", "request target", target, "a path from /").toException();
        }
        QueryStringDecoder decoder = new QueryStringDecoder(
                target, java.nio.charset.StandardCharsets.UTF_8, true, MAX_PARAMETERS, true);
        return new RequestHead(
                request.method().name(),
                decoder.rawPath(),
                query(decoder, target),
                length(headers, isOld),
                expectsContinue(headers, isOld),
                isOld || headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true));
    }

    private static Map<String, List<String>> query(QueryStringDecoder decoder, String target)
            throws HttpProblemException {
        try {
            return decoder.parameters();
        } catch (IllegalArgumentException e) {
            throw HttpProblem.ofField(BAD_REQUEST, "BAD_TARGET", "query", target, "percent-encoded UTF-8").toException();
        }
    }

    private static long length(HttpHeaders headers, boolean isOld) throws HttpProblemException {
        List<String> encodings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
        if (!encodings.isEmpty()) {
            boolean isChunked = encodings.size() == 1 && encodings.getFirst().equalsIgnoreCase("chunked");
            if (!isChunked || isOld || length != null) {
                throw HttpProblem.ofField(
                                BAD_REQUEST, "BAD_FRAMING", "Transfer-Encoding", encodings, "chunked, once and alone")
                        .toException();
            }
            return UNKNOWN_LENGTH;
        }
        if (length == null) {
            return 0;
        }
        // The decoder has seen to it that there is only one, and refuses one that is no number.
        try {
            return Long.parseLong(length);
        } catch (NumberFormatException e) {
            throw HttpProblem.ofField(BAD_REQUEST, "BAD_FRAMING", "Content-Length", length, "a number").toException();
        }
    }

    private static boolean expectsContinue(HttpHeaders headers, boolean isOld) throws HttpProblemException {
        String expectation = headers.get(HttpHeaderNames.EXPECT);
        if (expectation == null || isOld) {
            return false;
        }
        if (!expectation.equalsIgnoreCase(HttpHeaderValues.CONTINUE.toString())) {
            throw HttpProblem.ofField(417, "WRONG_EXPECTATION", "Expect", expectation, "100-continue").toException();
        }
        return true;
    }

    /**
     * What is wrong with bytes that could not be decoded.
     *
     * @param result what the decoder found
     * @param limits names the limit, if one is exceeded
     * @return the problem, or null if nothing is wrong
     */
    static @Nullable HttpProblem problemOf(DecoderResult result, HttpLimits limits) {
        Throwable cause = result.isFailure() ? result.cause() : null;
        return switch (cause) {
            case null -> null;
            case TooLongHttpLineException _ -> HttpProblem.ofField(
                    414, "LINE_TOO_LONG", "request line", "longer", "at most " + limits.maxRequestLineBytes() + " bytes");
            case TooLongHttpHeaderException _ -> HttpProblem.ofField(
                    431, "HEADER_TOO_LONG", "header", "longer", "at most " + limits.maxHeaderBytes() + " bytes");
            case TooLongFrameException _ -> HttpProblem.of(BAD_REQUEST, "MALFORMED", "a line is too long");
            default -> HttpProblem.of(
                    BAD_REQUEST, "MALFORMED", "this is not an HTTP/1.1 request, or one that servers read differently");
        };
    }
}
