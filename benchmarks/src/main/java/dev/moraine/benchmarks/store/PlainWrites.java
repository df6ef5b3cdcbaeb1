package dev.moraine.benchmarks.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Random;

/** What fio does with {@code pwrite} and {@code fdatasync}: writes into a preallocated file, and a force after some. */
final class PlainWrites {
    private final FileChannel channel;
    private final ByteBuffer record;
    private long position;

    /**
     * Prepares records.
     *
     * @param channel a file that is long enough already
     * @param recordBytes length of a record
     */
    PlainWrites(FileChannel channel, int recordBytes) {
        this.channel = channel;
        byte[] content = new byte[recordBytes];
        new Random(recordBytes).nextBytes(content);
        record = ByteBuffer.allocateDirect(recordBytes).put(content);
    }

    /** Writes records one after another behind the last one, and forces the file after every {@code perForce} of them. */
    void write(int count, int perForce) throws IOException {
        for (int i = 1; i <= count; i++) {
            channel.write(record.clear(), position);
            position += record.capacity();
            if (i % perForce == 0) {
                channel.force(false);
            }
        }
    }
}
