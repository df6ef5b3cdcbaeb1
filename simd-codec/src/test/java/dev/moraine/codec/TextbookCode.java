package dev.moraine.codec;

import dev.moraine.codec.field.CantorField;

/**
 * Section 2 of the protocol, word by word and one byte at a time: a polynomial for every block of data shards, by
 * Lagrange's formula over all m points of the block, its missing places zero. Slow, and without any of the products
 * that the code under test shares between coefficients.
 */
final class TextbookCode {
    private TextbookCode() {}

    /**
     * Parity of one byte position.
     *
     * @param data the byte of every data shard
     * @param parityShards how many parity bytes to compute
     * @return the byte of every parity shard
     */
    static byte[] parity(byte[] data, int parityShards) {
        int blockSize = 1;
        while (blockSize < parityShards) {
            blockSize *= 2;
        }
        byte[] parity = new byte[parityShards];
        for (int j = 0; j < parityShards; j++) {
            for (int block = 0; block * blockSize < data.length; block++) {
                parity[j] ^= (byte) valueOfBlock(data, blockSize, block, j);
            }
        }
        return parity;
    }

    private static int valueOfBlock(byte[] data, int blockSize, int block, int x) {
        int value = 0;
        for (int place = 0; place < blockSize; place++) {
            int shard = block * blockSize + place;
            int term = shard < data.length ? data[shard] & 0xFF : 0;
            for (int other = 0; other < blockSize && term != 0; other++) {
                if (other != place) {
                    int from = blockSize * (block + 1) + other;
                    int own = blockSize * (block + 1) + place;
                    term = CantorField.multiply(term, x ^ from);
                    term = CantorField.multiply(term, CantorField.inverse(own ^ from));
                }
            }
            value ^= term;
        }
        return value;
    }
}
