package dev.moraine.node.devnet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** Lines on the socket between a devnet and whoever commands it. */
final class ControlLine {
    /** Longest line: the status of the largest network fits several times. */
    static final int MAX_BYTES = 1 << 18;

    private ControlLine() {}

    /**
     * Reads a line.
     *
     * @param from the socket
     * @return the line, without its end
     * @throws IOException if the socket ends before the line does, or the line is too long
     */
    static String read(SocketChannel from) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        while (line.size() < MAX_BYTES) {
            buffer.clear();
            if (from.read(buffer) < 0) {
                throw new IOException("the other side closed the socket");
            }
            buffer.flip();
            while (buffer.hasRemaining()) {
                byte next = buffer.get();
                if (next == '\n') {
                    return line.toString(StandardCharsets.UTF_8);
                }
                line.write(next);
            }
        }
        throw new IOException("a line is longer than " + MAX_BYTES + " bytes");
    }

    /**
     * Writes a line.
     *
     * @param to the socket
     * @param line the line, without its end
     * @throws IOException if it cannot be written
     */
    static void write(SocketChannel to, String line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            to.write(bytes);
        }
    }
}
