package dev.moraine.node.http;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a request is not answered with what it asked for. On the wire it is
 * {@code {"error":{"code","field","value","limit","message"}}}; members that say nothing are null.
 *
 * @param status the HTTP status, from 400
 * @param code a name that programs can rely on
 * @param field what part of the request is wrong, or null
 * @param value what it is, or null
 * @param limit what it may be, or null
 * @param message a sentence for people
 * @param retryAfterSeconds when it is worth to try again, or 0 if the same request fails again
 */
public record HttpProblem(
        int status,
        String code,
        @Nullable String field,
        @Nullable String value,
        @Nullable String limit,
        String message,
        int retryAfterSeconds) {
    /** Most characters of foreign text that are repeated. */
    private static final int MAX_PRINTED_CHARACTERS = 128;

    /**
     * A problem with the request as a whole, or with the server.
     *
     * @param status the HTTP status
     * @param code a name that programs can rely on
     * @param message a sentence for people
     * @return the problem
     */
    public static HttpProblem of(int status, String code, String message) {
        return new HttpProblem(status, code, null, null, null, message, 0);
    }

    /**
     * A problem with one part of a request.
     *
     * @param status the HTTP status
     * @param code a name that programs can rely on
     * @param field what part is wrong
     * @param value what it is; foreign text, which is shortened and made printable
     * @param limit what it may be
     * @return the problem
     */
    public static HttpProblem ofField(int status, String code, String field, Object value, Object limit) {
        String shown = printable(value.toString());
        return new HttpProblem(
                status,
                code,
                field,
                shown,
                limit.toString(),
                field + " must be " + limit + ", but is " + (shown.isEmpty() ? "empty" : shown),
                0);
    }

    /**
     * The same problem, with advice on when to try again.
     *
     * @param seconds from 1
     * @return the problem
     */
    public HttpProblem retryAfter(int seconds) {
        return new HttpProblem(status, code, field, value, limit, message, seconds);
    }

    /**
     * The problem as an answer.
     *
     * @return the answer, in JSON
     */
    public HttpAnswer toAnswer() {
        Map<String, @Nullable String> error = new LinkedHashMap<>();
        error.put("code", code);
        error.put("field", field);
        error.put("value", value);
        error.put("limit", limit);
        error.put("message", message);
        HttpAnswer answer = HttpAnswer.json(status, Map.of("error", error));
        return retryAfterSeconds == 0 ? answer : answer.header("Retry-After", String.valueOf(retryAfterSeconds));
    }

    /**
     * The problem as an exception.
     *
     * @return the exception
     */
    public HttpProblemException toException() {
        return new HttpProblemException(this);
    }

    private static String printable(String text) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), MAX_PRINTED_CHARACTERS); i++) {
            char c = text.charAt(i);
            line.append(c < ' ' || c > '~' ? '?' : c);
        }
        return text.length() > MAX_PRINTED_CHARACTERS ? line + "..." : line.toString();
    }
}
