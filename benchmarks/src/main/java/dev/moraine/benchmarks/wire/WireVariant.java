package dev.moraine.benchmarks.wire;

import dev.moraine.wire.transport.IoUringTuning;
import dev.moraine.wire.transport.TransportKind;
import java.util.List;

/**
 * One way to drive sockets.
 *
 * @param name how it is called in results
 * @param kind the kind of transport
 * @param tuning how io_uring moves bytes
 * @param isEncrypted whether connections are protected by TLS
 */
record WireVariant(String name, TransportKind kind, IoUringTuning tuning, boolean isEncrypted) {
    private static final int RING_BUFFERS = 64;
    private static final int RING_BUFFER_BYTES = 64 * 1024;
    private static final int SMALL_BUFFER_BYTES = 16 * 1024;
    private static final int ZERO_COPY_FROM_BYTES = 64 * 1024;

    /**
     * All that are compared.
     *
     * @return those that work here and those that do not
     */
    static List<WireVariant> all() {
        IoUringTuning defaults = IoUringTuning.defaults();
        return List.of(
                new WireVariant("io_uring", TransportKind.IO_URING, defaults, false),
                new WireVariant(
                        "io_uring, no buffer ring",
                        TransportKind.IO_URING,
                        new IoUringTuning(0, RING_BUFFER_BYTES, 0),
                        false),
                new WireVariant(
                        "io_uring, ring of 16 KiB buffers",
                        TransportKind.IO_URING,
                        new IoUringTuning(RING_BUFFERS, SMALL_BUFFER_BYTES, 0),
                        false),
                new WireVariant(
                        "io_uring, zero-copy send",
                        TransportKind.IO_URING,
                        new IoUringTuning(RING_BUFFERS, RING_BUFFER_BYTES, ZERO_COPY_FROM_BYTES),
                        false),
                new WireVariant("epoll", TransportKind.EPOLL, defaults, false),
                new WireVariant("nio", TransportKind.NIO, defaults, false),
                new WireVariant("epoll, TLS 1.3", TransportKind.EPOLL, defaults, true));
    }
}
