package dev.moraine.codec;

import java.lang.foreign.MemorySegment;

/**
 * The additive Fourier transform of S.-J. Lin, W.-H. Chung and Y. S. Han, "Novel polynomial basis and its application
 * to Reed-Solomon erasure codes" (2014), over rows of bytes: row j holds the value at {@code point + j}, or the
 * coefficient of the j-th polynomial of their basis, for as many polynomials at once as a row has bytes. In the Cantor
 * basis, a layer whose butterflies span {@code 2^i} points has the factor {@code x >> i} in the block that begins
 * at the point x, as bytes.
 *
 * <p>Rows follow each other without gaps. A transform of more than {@value #BLOCK_ROWS} rows does its layers within
 * blocks apart from those across blocks, each on parts that stay in the first-level cache.
 */
final class StripTransform {
    /** Rows of a block. Blocks that hold only zeros, or that nobody wants, are left out. */
    static final int BLOCK_ROWS = 16;

    /** The set of all blocks. */
    static final int ALL_BLOCKS = -1;

    /** Says that a result stays in its rows. */
    static final long IN_PLACE = -1;

    /** What is worked on at once stays below this. */
    private static final int CACHE_BYTES = 32 * 1024;

    private StripTransform() {}

    /**
     * From values to coefficients.
     *
     * @param strips holds the rows
     * @param at offset of the first row
     * @param rows number of rows, a power of two
     * @param rowBytes bytes of a row, a multiple of 64
     * @param point the point of the first row, a multiple of rows
     * @param blocks the blocks that are not all zero, the first in the lowest bit
     * @param usedRows the rows from this one on are zero too
     * @param onto offset of as many rows to which the result is added (the rows themselves are then used up), or
     *     {@link #IN_PLACE}
     */
    static void inverse(
            MemorySegment strips, long at, int rows, int rowBytes, int point, int blocks, int usedRows, long onto) {
        if (rows == 1) {
            if (onto != IN_PLACE) {
                Butterflies.add(strips, at, onto, rowBytes);
            }
            return;
        }
        if (rows <= BLOCK_ROWS) {
            inverseLayers(strips, at, rows, rowBytes, point, 1, rowBytes, ALL_BLOCKS, usedRows, onto);
            return;
        }
        long blockBytes = (long) BLOCK_ROWS * rowBytes;
        for (int block = 0; block < rows / BLOCK_ROWS; block++) {
            if ((blocks >>> block & 1) != 0) {
                int blockPoint = point + block * BLOCK_ROWS;
                inverseLayers(
                        strips,
                        at + block * blockBytes,
                        BLOCK_ROWS,
                        rowBytes,
                        blockPoint,
                        1,
                        rowBytes,
                        ALL_BLOCKS,
                        usedRows - block * BLOCK_ROWS,
                        IN_PLACE);
            }
        }
        int chunkBytes = chunkBytes(rows, rowBytes);
        for (long chunk = 0; chunk < blockBytes; chunk += chunkBytes) {
            long chunkOnto = onto == IN_PLACE ? IN_PLACE : onto + chunk;
            inverseLayers(
                    strips, at + chunk, rows, rowBytes, point, BLOCK_ROWS, chunkBytes, blocks, rows, chunkOnto);
        }
    }

    /**
     * From coefficients to values.
     *
     * @param strips holds the rows
     * @param at offset of the first row
     * @param rows number of rows, a power of two
     * @param rowBytes bytes of a row, a multiple of 64
     * @param point the point of the first row, a multiple of rows
     * @param blocks the blocks whose values are wanted, the first in the lowest bit; the others hold garbage afterwards
     * @param wantedRows the rows from this one on are not wanted either
     */
    static void forward(
            MemorySegment strips, long at, int rows, int rowBytes, int point, int blocks, int wantedRows) {
        if (rows <= BLOCK_ROWS) {
            forwardLayers(strips, at, rows, rowBytes, point, 1, rowBytes, ALL_BLOCKS, wantedRows);
            return;
        }
        long blockBytes = (long) BLOCK_ROWS * rowBytes;
        int chunkBytes = chunkBytes(rows, rowBytes);
        for (long chunk = 0; chunk < blockBytes; chunk += chunkBytes) {
            forwardLayers(strips, at + chunk, rows, rowBytes, point, BLOCK_ROWS, chunkBytes, blocks, rows);
        }
        for (int block = 0; block < rows / BLOCK_ROWS; block++) {
            if ((blocks >>> block & 1) != 0) {
                int blockPoint = point + block * BLOCK_ROWS;
                forwardLayers(
                        strips,
                        at + block * blockBytes,
                        BLOCK_ROWS,
                        rowBytes,
                        blockPoint,
                        1,
                        rowBytes,
                        ALL_BLOCKS,
                        wantedRows - block * BLOCK_ROWS);
            }
        }
    }

    /**
     * Turns coefficients into those of the formal derivative. In this basis row j becomes the sum of the rows
     * {@code j + 2^i} over all bits i that are not set in j.
     *
     * @param strips holds the rows
     * @param at offset of the first row
     * @param rows number of rows, a power of two
     * @param rowBytes bytes of a row, a multiple of 64
     */
    static void derive(MemorySegment strips, long at, int rows, int rowBytes) {
        for (int row = 1; row < rows; row++) {
            int width = Integer.lowestOneBit(row);
            long from = at + (long) row * rowBytes;
            Butterflies.add(strips, from, from - (long) width * rowBytes, width * rowBytes);
        }
    }

    /**
     * Butterflies of {@link #inverse} for each byte of a row, at points other than those from 0 on.
     *
     * @param rows number of rows, a power of two
     * @param usedRows the rows from this one on are zero
     * @return how many multiply
     */
    static int inverseButterflies(int rows, int usedRows) {
        int count = 0;
        int span = 1;
        for (; 4 * span <= rows; span *= 4) {
            count += 4 * span * Math.ceilDiv(usedRows, 4 * span);
        }
        return span < rows ? count + span : count;
    }

    /**
     * Butterflies of {@link #forward} for each byte of a row, at the points from 0 on.
     *
     * @param rows number of rows, a power of two
     * @param wantedRows the rows from this one on are not wanted
     * @return how many multiply
     */
    static int forwardButterflies(int rows, int wantedRows) {
        int layers = Integer.numberOfTrailingZeros(rows);
        int count = 0;
        for (int span = layers % 2 == 0 ? rows / 4 : rows / 8; span >= 1; span /= 4) {
            count += 4 * span * Math.ceilDiv(wantedRows, 4 * span) - 3 * span;
        }
        return count;
    }

    /** How much of every block is worked on at once: a part of it that is a whole number of rows. */
    private static int chunkBytes(int rows, int rowBytes) {
        int chunkRows = BLOCK_ROWS;
        while (chunkRows > 1 && rows / BLOCK_ROWS * chunkRows * rowBytes > CACHE_BYTES) {
            chunkRows /= 2;
        }
        return chunkRows * rowBytes;
    }

    /**
     * The layers whose butterflies span {@code first} rows and more. Within a block ({@code first} is 1) a butterfly
     * takes all rows of its half at once, since they lie together; across blocks it takes {@code runBytes} of every
     * {@code first} rows.
     */
    private static void inverseLayers(
            MemorySegment strips,
            long at,
            int rows,
            int rowBytes,
            int point,
            int first,
            int runBytes,
            int blocks,
            int usedRows,
            long onto) {
        int span = first;
        for (; 4 * span <= rows; span *= 4) {
            int length = first == 1 ? span * rowBytes : runBytes;
            int step = first == 1 ? span : first;
            long to = 4 * span == rows ? onto : IN_PLACE;
            for (int row = 0; row < rows; row += 4 * span) {
                if (row < usedRows && isAnyIn(blocks, row, 4 * span, first)) {
                    int factor = (point + row) / (2 * span);
                    for (int pair = row; pair < row + span; pair += step) {
                        inverse4(strips, at + (long) pair * rowBytes, (long) span * rowBytes, to, length, factor);
                        to = to == IN_PLACE ? IN_PLACE : to + (long) step * rowBytes;
                    }
                }
            }
        }
        if (span < rows) {
            int length = first == 1 ? span * rowBytes : runBytes;
            int step = first == 1 ? span : first;
            int factor = point / span;
            for (int pair = 0; pair < span; pair += step) {
                long pairAt = (long) pair * rowBytes;
                long to = onto == IN_PLACE ? IN_PLACE : onto + pairAt;
                inverse2(strips, at + pairAt, (long) span * rowBytes, to, length, factor);
            }
        }
    }

    private static void forwardLayers(
            MemorySegment strips,
            long at,
            int rows,
            int rowBytes,
            int point,
            int first,
            int runBytes,
            int blocks,
            int wantedRows) {
        int span = rows / 2;
        if (Integer.numberOfTrailingZeros(rows / first) % 2 != 0) {
            int length = first == 1 ? span * rowBytes : runBytes;
            int step = first == 1 ? span : first;
            int factor = point / span;
            for (int pair = 0; pair < span; pair += step) {
                forward2(strips, at + (long) pair * rowBytes, (long) span * rowBytes, length, factor);
            }
            span /= 2;
        }
        for (span /= 2; span >= first; span /= 4) {
            int length = first == 1 ? span * rowBytes : runBytes;
            int step = first == 1 ? span : first;
            for (int row = 0; row < rows; row += 4 * span) {
                if (row < wantedRows && isAnyIn(blocks, row, 4 * span, first)) {
                    int factor = (point + row) / (2 * span);
                    for (int pair = row; pair < row + span; pair += step) {
                        forward4(strips, at + (long) pair * rowBytes, (long) span * rowBytes, length, factor);
                    }
                }
            }
        }
    }

    private static boolean isAnyIn(int blocks, int row, int rows, int first) {
        int mask = ((1 << (rows / BLOCK_ROWS)) - 1) << (row / BLOCK_ROWS);
        return first == 1 || (blocks & mask) != 0;
    }

    private static void inverse4(
            MemorySegment strips, long at, long distance, long onto, int length, int factor) {
        if (onto != IN_PLACE) {
            Butterflies.inverse4Onto(strips, at, distance, onto, length, factor);
        } else if (factor == 0) {
            Butterflies.inverse4AtZero(strips, at, distance, length);
        } else {
            Butterflies.inverse4(strips, at, distance, length, factor);
        }
    }

    private static void inverse2(
            MemorySegment strips, long at, long distance, long onto, int length, int factor) {
        if (onto != IN_PLACE) {
            Butterflies.inverse2Onto(strips, at, distance, onto, length, factor);
        } else if (factor == 0) {
            Butterflies.add(strips, at, at + distance, length);
        } else {
            Butterflies.inverse2(strips, at, distance, length, factor);
        }
    }

    private static void forward4(MemorySegment strips, long at, long distance, int length, int factor) {
        if (factor == 0) {
            Butterflies.forward4AtZero(strips, at, distance, length);
        } else {
            Butterflies.forward4(strips, at, distance, length, factor);
        }
    }

    private static void forward2(MemorySegment strips, long at, long distance, int length, int factor) {
        if (factor == 0) {
            Butterflies.add(strips, at, at + distance, length);
        } else {
            Butterflies.forward2(strips, at, distance, length, factor);
        }
    }
}
