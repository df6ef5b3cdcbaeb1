package dev.moraine.wire.transport;

/** What a server or a connection counts. */
public enum TransportCounter {
    /** Connections that were opened: accepted by a server, or established by a client. */
    OPENED,
    /** Connections that were turned away because the server had as many as it may have. */
    REFUSED_CONNECTIONS,
    /** Connections that were turned away because their address had as many as it may have. */
    REFUSED_ADDRESSES,
    /** Connections that were closed for the memory of their unfinished frames. */
    INBOUND_EVICTIONS,
    /** Connections that were closed for the memory of what they did not read. */
    OUTBOUND_EVICTIONS,
    /** Requests put off because a connection or an address had as many open as it may have. */
    REFUSED_REQUESTS,
    /** Requests with an id that was in use on their connection. */
    REUSED_IDS,
    /** Connections on which TLS failed: other protocols, certificates that are not accepted, forged records. */
    TLS_FAILURES,
    /** Greetings that were refused: wrong version, deployment or node, or no greeting at all. */
    REFUSED_HELLO,
    /** Frames that are not an encoding of a message. */
    MALFORMED,
    /** Frames that announced more bytes than they may have. */
    OVERSIZED,
    /** Messages that do not fit the state or the direction of the connection. */
    UNEXPECTED,
    /** Connections closed because the greeting did not come in time. */
    HANDSHAKE_TIMEOUTS,
    /** Connections closed because a frame that had begun did not end in time. */
    FRAME_TIMEOUTS,
    /** Connections closed because the peer took nothing of what waited for it. */
    WRITE_TIMEOUTS,
    /** Connections closed because nothing moved on them. */
    IDLE_TIMEOUTS,
    /** Messages refused because the connection was closed or had its limit of unsent bytes. */
    REFUSED_SENDS,
    /** Handlers that threw. */
    HANDLER_FAILURES,
    /** Connections that broke. */
    IO_FAILURES,
    /** Times that io_uring had no receive buffer left. */
    BUFFER_RING_EXHAUSTED,
    /** Attempts to connect that failed. */
    FAILED_CONNECTS,
    /** Requests that were not answered in time: their client's, or the server's. */
    REQUEST_TIMEOUTS,
    /** Answers to requests that were over. */
    UNMATCHED_ANSWERS,
    /** Signs of life that a client asked for. */
    PINGS,
    /** Frames that came. */
    FRAMES_IN,
    /** Frames that went. */
    FRAMES_OUT,
    /** Bytes of frames that came, lengths included. */
    BYTES_IN,
    /** Bytes of frames that went, lengths included. */
    BYTES_OUT
}
