package dev.moraine.storage.segment;

import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;

/** CRC-32C over memory of any length. Owned by one thread. */
final class RecordChecksum {
    /** Buffers address at most 2³¹−1 bytes. */
    private static final long SLICE_BYTES = 1L << 30;

    private final CRC32C crc = new CRC32C();

    /**
     * Goes on with more bytes.
     *
     * @param bytes what to add, all of it
     * @return this
     */
    RecordChecksum add(MemorySegment bytes) {
        for (long done = 0; done < bytes.byteSize(); done += SLICE_BYTES) {
            crc.update(bytes.asSlice(done, Math.min(SLICE_BYTES, bytes.byteSize() - done)).asByteBuffer());
        }
        return this;
    }

    /**
     * The checksum of everything added.
     *
     * @return the CRC
     */
    int value() {
        return (int) crc.getValue();
    }
}
