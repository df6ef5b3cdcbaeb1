package dev.moraine.wire.transport;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.moraine.wire.message.Decoded;
import dev.moraine.wire.message.Hello;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.MessageCodec;
import dev.moraine.wire.message.MessageLimits;
import dev.moraine.wire.message.Welcome;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** A plain blocking socket that can say anything, right or wrong. */
final class RawPeer implements AutoCloseable {
    private static final int LENGTH_BYTES = 4;

    private final Socket socket;

    RawPeer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout((int) TimeUnit.NANOSECONDS.toMillis(Loopback.PATIENCE_NS));
        socket.setTcpNoDelay(true);
    }

    static RawPeer to(PeerServer server) throws IOException {
        InetSocketAddress address = server.address();
        return new RawPeer(new Socket(address.getAddress(), address.getPort()));
    }

    /** A client of another loopback address than the one that others have. */
    static RawPeer fromElsewhereTo(PeerServer server) throws IOException {
        InetSocketAddress address = server.address();
        InetAddress elsewhere = InetAddress.getByAddress(new byte[] {127, 0, 0, 2});
        return new RawPeer(new Socket(address.getAddress(), address.getPort(), elsewhere, 0));
    }

    /** A client with a small receive buffer, that soon takes nothing more unless it reads. */
    static RawPeer slowTo(PeerServer server) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(16 * 1024);
        socket.connect(server.address());
        return new RawPeer(socket);
    }

    RawPeer greet() throws IOException {
        send(new Hello(MessageLimits.PROTOCOL_VERSION, Loopback.DEPLOYMENT));
        assertInstanceOf(Welcome.class, read());
        return this;
    }

    void send(Message message) throws IOException {
        sendFrame(encoded(message));
    }

    void sendFrame(byte[] body) throws IOException {
        sendLength(body.length);
        sendBytes(body);
    }

    void sendLength(int length) throws IOException {
        sendBytes(ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(length).array());
    }

    void sendBytes(byte[] bytes) throws IOException {
        try {
            socket.getOutputStream().write(bytes);
        } catch (SocketException e) {
            // The peer closed: what it said before can still be read.
        }
    }

    /** The next message, or null if the peer closed. */
    @Nullable Message read() throws IOException {
        try {
            InputStream in = socket.getInputStream();
            byte[] length = in.readNBytes(LENGTH_BYTES);
            if (length.length < LENGTH_BYTES) {
                return null;
            }
            byte[] body = in.readNBytes(ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getInt());
            return assertInstanceOf(Decoded.Accepted.class, MessageCodec.decode(ByteBuffer.wrap(body))).message();
        } catch (SocketException e) {
            return null;
        }
    }

    /** The next message, of this type. */
    <T extends Message> T read(Class<T> type) throws IOException {
        Message message = read();
        assertNotNull(message, "the peer closed");
        return assertInstanceOf(type, message);
    }

    /** Reads until the peer closes. */
    void awaitClose() throws IOException {
        while (read() != null) {
            // Whatever it still said does not matter.
        }
    }

    static byte[] encoded(Message message) {
        byte[] bytes = new byte[MessageCodec.encodedLength(message)];
        MessageCodec.encode(message, new UnsafeBuffer(bytes), 0);
        return bytes;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
