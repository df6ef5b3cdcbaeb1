package dev.moraine.node.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;

class RollupBatchGeneratorTest {
    @Test
    void theSameSeedGivesTheSameBatches() {
        assertArrayEquals(new RollupBatchGenerator(7).next(50_000), new RollupBatchGenerator(7).next(50_000));
        assertFalse(Arrays.equals(new RollupBatchGenerator(7).next(5_000), new RollupBatchGenerator(8).next(5_000)));
    }

    @Test
    void framesCarryAChannelThatInflatesToBatchesOfTransactions() throws Exception {
        byte[] data = new RollupBatchGenerator(3).next(2_100_000);
        byte[] channel = channelOf(data);
        assertTrue(channel.length >= 2_100_000 && channel.length < 2_200_000, "channel of " + channel.length);
        byte[] stream = new InflaterInputStream(new ByteArrayInputStream(channel)).readAllBytes();
        assertTrue(stream.length > channel.length);

        long lastTimestampSeconds = 0;
        int transactions = 0;
        List<byte[]> batches = items(stream);
        for (byte[] batch : batches) {
            assertEquals(0, batch[0]);
            List<byte[]> fields = items(items(Arrays.copyOfRange(batch, 1, batch.length)).get(0));
            assertEquals(5, fields.size());
            assertEquals(32, fields.get(0).length);
            long timestampSeconds = ByteBuffer.wrap(fields.get(3)).getInt();
            assertTrue(timestampSeconds > lastTimestampSeconds);
            lastTimestampSeconds = timestampSeconds;
            for (byte[] transaction : items(fields.get(4))) {
                assertEquals(2, transaction[0]);
                assertEquals(12, items(items(Arrays.copyOfRange(transaction, 1, transaction.length)).get(0)).size());
                transactions++;
            }
        }
        assertTrue(batches.size() > 100 && transactions > 10 * batches.size());
    }

    @Test
    void aChannelOfNoBytesIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new RollupBatchGenerator(1).next(0));
    }

    private static byte[] channelOf(byte[] data) {
        ByteBuffer in = ByteBuffer.wrap(data);
        assertEquals(0, in.get());
        ByteArrayOutputStream channel = new ByteArrayOutputStream();
        byte[] firstId = new byte[16];
        in.get(in.position(), firstId);
        int frameNumber = 0;
        boolean isLast = false;
        while (in.hasRemaining()) {
            assertFalse(isLast);
            byte[] id = new byte[16];
            in.get(id);
            assertArrayEquals(firstId, id);
            assertEquals(frameNumber++, in.getShort());
            byte[] frame = new byte[in.getInt()];
            assertTrue(frame.length <= 1_000_000);
            in.get(frame);
            channel.writeBytes(frame);
            isLast = in.get() == 1;
        }
        assertTrue(isLast);
        return channel.toByteArray();
    }

    /** The payloads of the RLP items in a row. */
    private static List<byte[]> items(byte[] rlp) {
        List<byte[]> payloads = new ArrayList<>();
        int position = 0;
        while (position < rlp.length) {
            int first = rlp[position] & 0xff;
            if (first < 0x80) {
                payloads.add(new byte[] {rlp[position++]});
                continue;
            }
            int base = first < 0xc0 ? 0x80 : 0xc0;
            int length = first - base;
            position++;
            if (length > 55) {
                int lengthBytes = length - 55;
                length = 0;
                for (int i = 0; i < lengthBytes; i++) {
                    length = (length << 8) | (rlp[position++] & 0xff);
                }
            }
            payloads.add(Arrays.copyOfRange(rlp, position, position + length));
            position += length;
        }
        return payloads;
    }
}
