package dev.moraine.node.http;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A request that a route was found for. */
public final class HttpRequest {
    private final String method;
    private final String path;
    private final Map<String, String> pathParameters;
    private final Map<String, List<String>> query;
    private final Function<String, @Nullable String> headers;
    private final ReceivedBody body;

    HttpRequest(
            String method,
            String path,
            Map<String, String> pathParameters,
            Map<String, List<String>> query,
            Function<String, @Nullable String> headers,
            ReceivedBody body) {
        this.method = method;
        this.path = path;
        this.pathParameters = pathParameters;
        this.query = query;
        this.headers = headers;
        this.body = body;
    }

    /** The same request, with a body. */
    HttpRequest with(ReceivedBody received) {
        return new HttpRequest(method, path, pathParameters, query, headers, received);
    }

    /** {@return the method, upper case} */
    public String method() {
        return method;
    }

    /** {@return the path as it came, without the query} */
    public String path() {
        return path;
    }

    /**
     * A part of the path that the route's pattern has a name for.
     *
     * @param name the name between braces
     * @return the part, as it came
     * @throws IllegalArgumentException if the route has no such name
     */
    public String pathParameter(String name) {
        String value = pathParameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the route has no parameter " + name);
        }
        return value;
    }

    /**
     * A parameter of the query.
     *
     * @param name its name
     * @return its value, or null if it is not there
     * @throws HttpProblemException if it is there more than once
     */
    public @Nullable String parameter(String name) throws HttpProblemException {
        List<String> values = query.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw HttpProblem.ofField(400, "REPEATED_PARAMETER", name, values.size() + " values", "one value")
                    .toException();
        }
        return values.isEmpty() ? null : values.getFirst();
    }

    /**
     * A parameter of the query that is a number.
     *
     * @param name its name
     * @param least smallest value
     * @param most largest value
     * @return the number, or null if the parameter is not there
     * @throws HttpProblemException if it is no number or out of range
     */
    public @Nullable Long number(String name, long least, long most) throws HttpProblemException {
        String text = parameter(name);
        if (text == null) {
            return null;
        }
        String limit = "a whole number from " + least + " to " + most;
        try {
            long value = Long.parseLong(text);
            if (value >= least && value <= most && text.charAt(0) != '+') {
                return value;
            }
        } catch (NumberFormatException e) {
            // Says the same as a number that is out of range.
        }
        throw HttpProblem.ofField(400, "INVALID_PARAMETER", name, text, limit).toException();
    }

    /**
     * Refuses parameters that the route does not know, so that a misspelt one is not silently left out.
     *
     * @param names the ones that it knows
     * @throws HttpProblemException if there is another one
     */
    public void allowParameters(String... names) throws HttpProblemException {
        Set<String> known = Set.of(names);
        for (String name : query.keySet()) {
            if (!known.contains(name)) {
                String limit = names.length == 0 ? "nothing: there are no parameters here" : "one of " + Arrays.toString(names);
                throw HttpProblem.ofField(400, "UNKNOWN_PARAMETER", "query parameter", name, limit).toException();
            }
        }
    }

    /**
     * A header field.
     *
     * @param name its name, in any case
     * @return its first value, or null if it is not there
     */
    public @Nullable String header(String name) {
        return headers.apply(name);
    }

    /**
     * Whether the client asks for one content type by name.
     *
     * @param contentType the type
     * @return true if the Accept field lists it
     */
    public boolean accepts(String contentType) {
        String accept = header("Accept");
        return accept != null
                && Arrays.stream(accept.split(","))
                        .anyMatch(range -> range.split(";", -1)[0].strip().equalsIgnoreCase(contentType));
    }

    /**
     * The body, in native memory unless it is empty.
     *
     * @return its bytes, alive until the request is answered or {@link #releaseBody()} was called
     */
    public MemorySegment body() {
        return body.bytes();
    }

    /**
     * The memory that the route's own receiver gave for the body.
     *
     * @return what {@link BodyReceiver#reserve} returned, or memory of the server's
     */
    public ReceivedBody receivedBody() {
        return body;
    }

    /** Lets go of the body before the request is answered. Repeated calls do nothing. */
    public void releaseBody() {
        body.release();
    }
}
