package dev.moraine.node.http;

/** What a route demands of a request before its body is read. */
@FunctionalInterface
public interface HttpCheck {
    /** Demands nothing. */
    HttpCheck NONE = _ -> {};

    /**
     * Looks at a request without its body. Called on an event loop; it must not block.
     *
     * @param request the request
     * @throws HttpProblemException if it is to be refused
     */
    void check(HttpRequest request) throws HttpProblemException;
}
