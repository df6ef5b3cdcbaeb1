package dev.moraine.proofs.hash;

import static dev.moraine.proofs.hash.LaneWidth.BLOCK_BYTES;
import static dev.moraine.proofs.hash.LaneWidth.BLOCK_WORDS;
import static dev.moraine.proofs.hash.LaneWidth.HASH_WORDS;
import static dev.moraine.proofs.hash.LaneWidth.LANES;
import static dev.moraine.proofs.hash.LaneWidth.ORDER;
import static dev.moraine.proofs.hash.LaneWidth.SPECIES;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Equally long messages that are hashed together, one a lane. A message begins one byte before its bytes in memory, with
 * the tag: its blocks are read from there, so that no byte is ever shifted, and the tag replaces the first byte once the
 * words are in lanes.
 *
 * <p>Confined to a thread.
 */
final class LaneGroup {
    private static final int[] INITIAL_HASHES = {
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19
    };

    /** What is left of a message is padded to two blocks at most. */
    private static final int TAIL_BYTES = 2 * BLOCK_BYTES;

    /** The bit that ends a message, where it follows a single byte. */
    private static final int END_AFTER_BYTE = 0x0080_0000;

    private static final VarHandle BITS_OF_MESSAGE =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final int[] rows = new int[LANES * BLOCK_WORDS];
    private final int[] words = new int[LaneWidth.SCHEDULE_WORDS * LANES];
    private final int[] hashes = new int[LANES * BLOCK_WORDS];
    private final byte[] tails = new byte[LANES * TAIL_BYTES];
    private final ShortBlock shortBlock = new ShortBlock();

    /**
     * Hashes {@code tag ‖ source[first + i·stride, + length)}.
     *
     * @param tag the first byte of every message
     * @param source where the messages are
     * @param first start of the first message
     * @param strideBytes distance from one start to the next
     * @param lengthBytes bytes of a message without its tag
     * @param messages how many, from 1 to the number of lanes; other lanes repeat the last one
     */
    void hash(byte tag, MemorySegment source, long first, long strideBytes, int lengthBytes, int messages) {
        for (int word = 0; word < HASH_WORDS; word++) {
            IntVector.broadcast(SPECIES, INITIAL_HASHES[word]).intoArray(hashes, LaneWidth.hashAt(word));
        }
        long messageBytes = lengthBytes + 1L;
        int blocks = (int) (messageBytes / BLOCK_BYTES);
        int restBytes = (int) (messageBytes % BLOCK_BYTES);
        for (int block = 0; block < blocks; block++) {
            long start = first - 1 + (long) block * BLOCK_BYTES;
            if (start < 0) {
                // Only what the segment begins with has no byte before it.
                MemorySegment.copy(source, ValueLayout.JAVA_BYTE, 0, tails, 1, BLOCK_BYTES - 1);
                readTail(0, 0);
                readBlock(source, start, strideBytes, 1, messages);
            } else {
                readBlock(source, start, strideBytes, 0, messages);
            }
            Sha256Lanes.transpose(rows, words);
            if (block == 0) {
                replaceFirstByte(tag);
            }
            Sha256Lanes.extend(words, BLOCK_WORDS);
            Sha256Lanes.compress(words, hashes);
        }
        if (restBytes == 1 && blocks > 0 && lengthBytes <= ShortBlock.MAX_LENGTH_BYTES) {
            hashLastByte(source, first + lengthBytes - 1, strideBytes, lengthBytes, messages);
        } else {
            hashTails(tag, source, first + lengthBytes, strideBytes, lengthBytes, restBytes, messages);
        }
    }

    /**
     * Writes the digests of the messages in order.
     *
     * @param messages how many
     * @param digests where they go, 32 bytes each
     * @param digestOffset start of the first
     * @param digestStrideBytes distance from one to the next
     */
    void writeDigests(int messages, MemorySegment digests, long digestOffset, long digestStrideBytes) {
        Sha256Lanes.transpose(hashes, words);
        for (int lane = 0; lane < messages; lane++) {
            long at = digestOffset + lane * digestStrideBytes;
            for (int word = 0; word < HASH_WORDS; word += LANES) {
                IntVector part = IntVector.fromArray(LaneWidth.DIGEST_SPECIES, words, (word + lane) * LANES);
                LaneWidth.DIGEST_SWAP
                        .selectFrom(part.reinterpretAsBytes())
                        .intoMemorySegment(digests, at + (long) word * Integer.BYTES, ORDER);
            }
        }
    }

    private void readBlock(MemorySegment source, long start, long strideBytes, int firstLane, int messages) {
        for (int lane = firstLane; lane < LANES; lane++) {
            long at = start + Math.min(lane, messages - 1) * strideBytes;
            for (int word = 0; word < BLOCK_WORDS; word += LANES) {
                long part = at + (long) word * Integer.BYTES;
                LaneWidth.SWAP
                        .selectFrom(ByteVector.fromMemorySegment(LaneWidth.BYTE_SPECIES, source, part, ORDER))
                        .reinterpretAsInts()
                        .intoArray(rows, lane * BLOCK_WORDS + word);
            }
        }
    }

    private void replaceFirstByte(byte tag) {
        IntVector.fromArray(SPECIES, words, 0)
                .lanewise(VectorOperators.AND, 0x00FF_FFFF)
                .lanewise(VectorOperators.OR, tag << 24)
                .intoArray(words, 0);
    }

    /** The last block of messages of a whole number of blocks and one byte. */
    private void hashLastByte(MemorySegment source, long last, long strideBytes, int lengthBytes, int messages) {
        int[] schedule = shortBlock.schedule(lengthBytes);
        for (int lane = 0; lane < LANES; lane++) {
            byte lastByte = source.get(ValueLayout.JAVA_BYTE, last + Math.min(lane, messages - 1) * strideBytes);
            schedule[lane] = lastByte << 24 | END_AFTER_BYTE;
        }
        Sha256Lanes.extendShort(schedule);
        Sha256Lanes.extend(schedule, 2 * BLOCK_WORDS);
        Sha256Lanes.compress(schedule, hashes);
    }

    /** Pads what whole blocks left over to one block or two. The tag belongs to it where there was no whole block. */
    private void hashTails(
            byte tag,
            MemorySegment source,
            long end,
            long strideBytes,
            int lengthBytes,
            int restBytes,
            int messages) {
        int sourceBytes = Math.min(restBytes, lengthBytes);
        int paddedBytes = restBytes + 1 + Long.BYTES <= BLOCK_BYTES ? BLOCK_BYTES : TAIL_BYTES;
        for (int lane = 0; lane < LANES; lane++) {
            int tail = lane * TAIL_BYTES;
            Arrays.fill(tails, tail, tail + paddedBytes, (byte) 0);
            tails[tail] = tag;
            long from = end - sourceBytes + Math.min(lane, messages - 1) * strideBytes;
            MemorySegment.copy(
                    source, ValueLayout.JAVA_BYTE, from, tails, tail + restBytes - sourceBytes, sourceBytes);
            tails[tail + restBytes] = (byte) 0x80;
            BITS_OF_MESSAGE.set(tails, tail + paddedBytes - Long.BYTES, (lengthBytes + 1L) * Byte.SIZE);
        }
        for (int block = 0; block < paddedBytes; block += BLOCK_BYTES) {
            for (int lane = 0; lane < LANES; lane++) {
                readTail(lane * TAIL_BYTES + block, lane);
            }
            Sha256Lanes.transpose(rows, words);
            Sha256Lanes.extend(words, BLOCK_WORDS);
            Sha256Lanes.compress(words, hashes);
        }
    }

    private void readTail(int at, int lane) {
        for (int word = 0; word < BLOCK_WORDS; word += LANES) {
            LaneWidth.SWAP
                    .selectFrom(ByteVector.fromArray(LaneWidth.BYTE_SPECIES, tails, at + word * Integer.BYTES))
                    .reinterpretAsInts()
                    .intoArray(rows, lane * BLOCK_WORDS + word);
        }
    }
}
