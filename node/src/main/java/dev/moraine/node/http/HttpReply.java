package dev.moraine.node.http;

/** Where the answer to one request goes. Thread-safe. */
@FunctionalInterface
public interface HttpReply {
    /**
     * Answers. The first answer counts; a later one is released unsent. The request's body is gone afterwards.
     *
     * @param answer the answer
     */
    void send(HttpAnswer answer);
}
