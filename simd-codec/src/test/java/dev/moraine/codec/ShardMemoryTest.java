package dev.moraine.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Positions in shards that lie in pieces. */
class ShardMemoryTest {
    @Test
    void aStripRunsOverTheEdgesOfRuns() {
        byte[] bytes = new byte[4 * 30];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        ShardMemory memory = ShardMemory.in(MemorySegment.ofArray(bytes), 10, 10, 4, 30);
        assertEquals(40, memory.shardBytes());
        byte[] strip = new byte[15];
        memory.read(2, 18, strip, strip.length);
        byte[] expected = {58, 59, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 110, 111, 112};
        assertArrayEquals(expected, strip);

        byte[] before = bytes.clone();
        Arrays.fill(strip, (byte) -1);
        memory.write(2, 18, strip, strip.length);
        for (int i = 0; i < bytes.length; i++) {
            boolean written = (i >= 58 && i < 60) || (i >= 80 && i < 90) || (i >= 110 && i < 113);
            assertEquals(written ? -1 : before[i], bytes[i], "byte " + i);
        }
    }

    @Test
    void offsetsOfTheLongestBlobsDoNotOverflow() {
        Geometry geometry = new Geometry(4);
        int symbolBytes = geometry.symbolSizeBytes(Geometry.MAX_BLOB_BYTES);
        long lineBytes = geometry.lineBytes(symbolBytes);
        MemorySegment any = MemorySegment.ofArray(new byte[1]);
        ShardMemory columns = ShardMemory.in(any, lineBytes, geometry.primarySliverBytes(symbolBytes), 1, 0);
        assertEquals(4 * lineBytes - symbolBytes - 1, columns.offset(3, columns.shardBytes() - 1));
        ShardMemory rows = ShardMemory.in(any, symbolBytes, symbolBytes, 4, lineBytes);
        assertEquals(4 * lineBytes - 1, rows.offset(3, rows.shardBytes() - 1));
        ShardMemory slivers = ShardMemory.of(new MemorySegment[] {any}, symbolBytes, 2);
        assertEquals(2L * symbolBytes - 1, slivers.offset(0, slivers.shardBytes() - 1));
    }
}
