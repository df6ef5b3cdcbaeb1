package dev.moraine.node.http;

/** What an HTTP server counts, besides requests by route and answers by status. */
public enum HttpCounter {
    /** Connections that were taken. */
    CONNECTIONS_OPENED,
    /** Connections that were turned away because there were too many. */
    CONNECTIONS_REFUSED,
    /** Connections that were turned away because there were too many from the same address. */
    ADDRESS_REFUSED,
    /** Requests that are no HTTP, or in a form that servers and proxies read differently. */
    MALFORMED,
    /** Requests whose line, header or body is too long. */
    OVERSIZED,
    /** Bodies that there was no memory for. */
    BODY_MEMORY_REFUSED,
    /** Requests that there was no worker for. */
    WORKER_REFUSED,
    /** Requests that ended too slowly, header or body. */
    SLOW_REQUESTS,
    /** Answers that were taken too slowly. */
    SLOW_READERS,
    /** Connections that were closed because no request came. */
    IDLE_CLOSED,
    /** Connections with too many requests that wait. */
    PIPELINE_OVERFLOWS,
    /** Requests that ended in the middle, and answers that were not taken to the end. */
    BROKEN_OFF,
    /** Handlers that failed in a way that nobody foresaw. */
    HANDLER_FAILURES,
    /** Bytes that came. */
    BYTES_IN,
    /** Bytes of bodies that went. */
    BODY_BYTES_OUT
}
