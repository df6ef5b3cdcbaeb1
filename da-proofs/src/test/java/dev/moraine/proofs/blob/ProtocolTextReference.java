package dev.moraine.proofs.blob;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Matrix, roots and id of a blob, written from sections 1 to 4 of the protocol's text with nothing but the JDK: the
 * field by shift and reduce, the code by Lagrange's formula, the trees by recursion. Slow on purpose, and in no place
 * the same computation as the production code.
 */
final class ProtocolTextReference {
    private static final int[] CANTOR_BASIS = {1, 214, 152, 146, 86, 200, 88, 230};
    private static final int[] ELEMENT_OF_BYTE = new int[256];
    private static final int[] BYTE_OF_ELEMENT = new int[256];

    static {
        for (int b = 0; b < 256; b++) {
            int element = 0;
            for (int bit = 0; bit < 8; bit++) {
                if ((b >> bit & 1) == 1) {
                    element ^= CANTOR_BASIS[bit];
                }
            }
            ELEMENT_OF_BYTE[b] = element;
            BYTE_OF_ELEMENT[element] = b;
        }
    }

    /** n. */
    final int shards;

    /** s. */
    final int symbolSize;

    /** The symbol of row r and column c. */
    final byte[][][] matrix;

    /** R_i. */
    final List<byte[]> rowRoots = new ArrayList<>();

    /** C_j. */
    final List<byte[]> columnRoots = new ArrayList<>();

    /** T. */
    final byte[] blobRoot;

    /** n u16 ‖ s u32 ‖ L u64 ‖ T. */
    final byte[] header;

    /** The hash of tag and header, in hexadecimal. */
    final String blobId;

    ProtocolTextReference(byte[] blob, int shards) {
        int f = (shards - 1) / 3;
        int k1 = shards - 2 * f;
        int k2 = shards - f;
        this.shards = shards;
        int step = 64 * k1 * k2;
        this.symbolSize = 64 * ((blob.length + step - 1) / step);
        this.matrix = new byte[shards][shards][];
        byte[] padded = Arrays.copyOf(blob, k1 * k2 * symbolSize);
        for (int r = 0; r < k1; r++) {
            for (int c = 0; c < k2; c++) {
                int start = (r * k2 + c) * symbolSize;
                matrix[r][c] = Arrays.copyOfRange(padded, start, start + symbolSize);
            }
        }
        extend(k1, k2);
        byte[][][] symbolRoots = new byte[shards][shards][];
        for (int r = 0; r < shards; r++) {
            for (int c = 0; c < shards; c++) {
                symbolRoots[r][c] = symbolRoot(matrix[r][c]);
            }
        }
        List<byte[]> pairLeaves = new ArrayList<>();
        for (int i = 0; i < shards; i++) {
            List<byte[]> column = new ArrayList<>();
            for (int r = 0; r < shards; r++) {
                column.add(symbolRoots[r][i]);
            }
            rowRoots.add(treeRoot(Arrays.asList(symbolRoots[i])));
            columnRoots.add(treeRoot(column));
            pairLeaves.add(hash(new byte[] {0}, rowRoots.get(i), columnRoots.get(i)));
        }
        this.blobRoot = treeRoot(pairLeaves);
        this.header = ByteBuffer.allocate(46)
                .putShort((short) shards)
                .putInt(symbolSize)
                .putLong(blob.length)
                .put(blobRoot)
                .array();
        byte[] tag = "moraine/blob/v1\0".getBytes(StandardCharsets.US_ASCII);
        this.blobId = HexFormat.of().formatHex(hash(tag, header));
    }

    /** The n·n symbols, row by row. */
    byte[] matrixBytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[][] row : matrix) {
            for (byte[] symbol : row) {
                out.writeBytes(symbol);
            }
        }
        return out.toByteArray();
    }

    private void extend(int k1, int k2) {
        int[][] columnCode = parityCoefficients(k1, shards);
        for (int c = 0; c < k2; c++) {
            for (int p = 0; p < shards - k1; p++) {
                byte[][] data = new byte[k1][];
                for (int r = 0; r < k1; r++) {
                    data[r] = matrix[r][c];
                }
                matrix[k1 + p][c] = combine(columnCode[p], data);
            }
        }
        int[][] rowCode = parityCoefficients(k2, shards);
        for (int r = 0; r < shards; r++) {
            byte[][] data = Arrays.copyOf(matrix[r], k2);
            for (int p = 0; p < shards - k2; p++) {
                matrix[r][k2 + p] = combine(rowCode[p], data);
            }
        }
    }

    private byte[] combine(int[] coefficients, byte[][] data) {
        byte[] parity = new byte[symbolSize];
        for (int i = 0; i < data.length; i++) {
            byte[] product = new byte[256];
            for (int b = 0; b < 256; b++) {
                product[b] = (byte) BYTE_OF_ELEMENT[multiply(coefficients[i], ELEMENT_OF_BYTE[b])];
            }
            for (int at = 0; at < symbolSize; at++) {
                parity[at] ^= product[data[i][at] & 0xFF];
            }
        }
        return parity;
    }

    /**
     * Parity shard j is the sum over the blocks t of P_t(j), and P_t has the values of block t at the points m·(t+1)
     * to m·(t+1) + m − 1; so data shard i counts with the value at j of the Lagrange polynomial of its own point.
     */
    private static int[][] parityCoefficients(int k, int n) {
        int m = 1;
        while (m < n - k) {
            m *= 2;
        }
        int[][] coefficients = new int[n - k][k];
        for (int j = 0; j < n - k; j++) {
            int at = ELEMENT_OF_BYTE[j];
            for (int i = 0; i < k; i++) {
                int firstPoint = m * (i / m + 1);
                int own = ELEMENT_OF_BYTE[firstPoint + i % m];
                int above = 1;
                int below = 1;
                for (int point = firstPoint; point < firstPoint + m; point++) {
                    int other = ELEMENT_OF_BYTE[point];
                    if (other != own) {
                        above = multiply(above, at ^ other);
                        below = multiply(below, own ^ other);
                    }
                }
                coefficients[j][i] = multiply(above, inverse(below));
            }
        }
        return coefficients;
    }

    private static int multiply(int a, int b) {
        int product = 0;
        int shifted = a;
        for (int bit = 0; bit < 8; bit++) {
            if ((b >> bit & 1) == 1) {
                product ^= shifted;
            }
            shifted <<= 1;
            if (shifted > 0xFF) {
                shifted ^= 0x11D;
            }
        }
        return product;
    }

    private static int inverse(int a) {
        for (int b = 1; b < 256; b++) {
            if (multiply(a, b) == 1) {
                return b;
            }
        }
        throw new ArithmeticException("zero has no inverse");
    }

    private static byte[] symbolRoot(byte[] symbol) {
        List<byte[]> leaves = new ArrayList<>();
        for (int start = 0; start < symbol.length; start += 1024) {
            byte[] chunk = Arrays.copyOfRange(symbol, start, Math.min(symbol.length, start + 1024));
            leaves.add(hash(new byte[] {0}, chunk));
        }
        return treeRoot(leaves);
    }

    private static byte[] treeRoot(List<byte[]> leafHashes) {
        int count = leafHashes.size();
        if (count == 1) {
            return leafHashes.get(0);
        }
        int split = 1;
        while (split * 2 < count) {
            split *= 2;
        }
        byte[] left = treeRoot(leafHashes.subList(0, split));
        byte[] right = treeRoot(leafHashes.subList(split, count));
        return hash(new byte[] {1}, left, right);
    }

    private static byte[] hash(byte[]... parts) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                sha256.update(part);
            }
            return sha256.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
