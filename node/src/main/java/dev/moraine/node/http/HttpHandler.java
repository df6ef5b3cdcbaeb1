package dev.moraine.node.http;

/** What is done with the requests of a route. */
@FunctionalInterface
public interface HttpHandler {
    /**
     * Answers a request, now or later, exactly once. Called on an event loop: it must not block, encode, hash or touch
     * the disk; {@link WorkerThreads#running} makes a handler of work that does.
     *
     * @param request the request with its whole body
     * @param reply takes the answer
     * @throws HttpProblemException in place of an answer
     */
    void handle(HttpRequest request, HttpReply reply) throws HttpProblemException;
}
