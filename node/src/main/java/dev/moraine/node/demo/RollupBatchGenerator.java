package dev.moraine.node.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * Makes batcher data in the form of the OP Stack (its derivation specification, "Batcher transaction", "Frame",
 * "Channel" and "Batch" formats): version byte 0, then frames of a zlib-compressed stream of RLP-encoded singular
 * batches, each with EIP-1559 transactions that look like transfers, token transfers and swaps.
 *
 * <p>The same seed gives the same bytes. Signatures are random numbers: nothing here can be executed. Not thread-safe.
 */
public final class RollupBatchGenerator {
    /** Version byte in front of the frames of a batcher transaction. */
    static final int DERIVATION_VERSION = 0;

    /** Most data that a frame may carry by the specification. */
    static final int MAX_FRAME_DATA_BYTES = 1_000_000;

    static final int CHANNEL_ID_BYTES = 16;

    private static final int SINGULAR_BATCH_VERSION = 0;
    private static final int DYNAMIC_FEE_TRANSACTION = 2;
    private static final long CHAIN_ID = 10;
    private static final long BLOCK_SECONDS = 2;
    private static final long BLOCKS_PER_EPOCH = 6;
    private static final int ACCOUNTS = 400;
    private static final int MAX_TRANSACTIONS_PER_BLOCK = 40;
    private static final int TOKEN_TRANSFER_SELECTOR = 0xa9059cbb;
    private static final int SWAP_SELECTOR = 0x04e45aaf;
    private static final BigInteger GWEI = BigInteger.TEN.pow(9);

    private final SplittableRandom random;
    private final List<byte[]> accounts = new ArrayList<>();
    private final long[] nonces = new long[ACCOUNTS];
    private byte[] parentHash;
    private byte[] epochHash;
    private long epochNumber = 21_000_000;
    private long timestampSeconds = 1_790_000_000;
    private long blockNumber;

    /**
     * Starts a chain.
     *
     * @param seed the same seed gives the same chain
     */
    public RollupBatchGenerator(long seed) {
        random = new SplittableRandom(seed);
        for (int i = 0; i < ACCOUNTS; i++) {
            accounts.add(randomBytes(20));
        }
        parentHash = randomBytes(32);
        epochHash = randomBytes(32);
    }

    /**
     * Makes the next batcher transaction's data: one whole channel, as large as asked for within a block's worth.
     *
     * @param compressedBytes the least size of the compressed channel, at least 1
     * @return version byte and frames
     */
    public byte[] next(int compressedBytes) {
        if (compressedBytes < 1) {
            throw new IllegalArgumentException("compressedBytes must be at least 1, but is " + compressedBytes);
        }
        return frames(randomBytes(CHANNEL_ID_BYTES), channel(compressedBytes));
    }

    private byte[] channel(int compressedBytes) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream(compressedBytes + 4096);
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
        try (DeflaterOutputStream out = new DeflaterOutputStream(compressed, deflater, 8192, true)) {
            do {
                out.write(new RlpWriter().bytes(batch()).asItems());
                out.flush();
            } while (compressed.size() < compressedBytes);
        } catch (IOException e) {
            throw new UncheckedIOException("a stream in memory does not fail", e);
        } finally {
            deflater.end();
        }
        return compressed.toByteArray();
    }

    private byte[] batch() {
        RlpWriter transactions = new RlpWriter();
        int count = 1 + random.nextInt(MAX_TRANSACTIONS_PER_BLOCK);
        for (int i = 0; i < count; i++) {
            transactions.bytes(transaction());
        }
        byte[] content = new RlpWriter()
                .bytes(parentHash)
                .integer(epochNumber)
                .bytes(epochHash)
                .integer(timestampSeconds)
                .item(transactions.asList())
                .asList();
        nextBlock();
        return ByteBuffer.allocate(1 + content.length)
                .put((byte) SINGULAR_BATCH_VERSION)
                .put(content)
                .array();
    }

    private void nextBlock() {
        parentHash = randomBytes(32);
        timestampSeconds += BLOCK_SECONDS;
        blockNumber++;
        if (blockNumber % BLOCKS_PER_EPOCH == 0) {
            epochNumber++;
            epochHash = randomBytes(32);
        }
    }

    private byte[] transaction() {
        int sender = skewed();
        int kind = random.nextInt(10);
        boolean isTransfer = kind < 4;
        byte[] callData = isTransfer ? new byte[0] : kind < 8 ? tokenTransfer() : swap();
        byte[] fields = new RlpWriter()
                .integer(CHAIN_ID)
                .integer(nonces[sender]++)
                .integer(GWEI.divide(BigInteger.valueOf(1000)))
                .integer(GWEI.multiply(BigInteger.valueOf(1 + random.nextInt(3))))
                .integer(isTransfer ? 21_000 : 60_000 + 1_000L * random.nextInt(200))
                .bytes(accounts.get(skewed()))
                .integer(isTransfer ? amount() : BigInteger.ZERO)
                .bytes(callData)
                .item(new RlpWriter().asList())
                .integer(random.nextInt(2))
                .integer(new BigInteger(1, randomBytes(32)))
                .integer(new BigInteger(1, randomBytes(32)))
                .asList();
        return ByteBuffer.allocate(1 + fields.length)
                .put((byte) DYNAMIC_FEE_TRANSACTION)
                .put(fields)
                .array();
    }

    private byte[] tokenTransfer() {
        ByteBuffer data = ByteBuffer.allocate(4 + 2 * 32).putInt(TOKEN_TRANSFER_SELECTOR);
        putWord(data, accounts.get(skewed()));
        putWord(data, amount().toByteArray());
        return data.array();
    }

    private byte[] swap() {
        ByteBuffer data = ByteBuffer.allocate(4 + 7 * 32).putInt(SWAP_SELECTOR);
        putWord(data, accounts.get(skewed()));
        putWord(data, accounts.get(skewed()));
        putWord(data, BigInteger.valueOf(500).toByteArray());
        putWord(data, accounts.get(skewed()));
        putWord(data, amount().toByteArray());
        putWord(data, amount().toByteArray());
        putWord(data, new byte[0]);
        return data.array();
    }

    private static void putWord(ByteBuffer data, byte[] value) {
        data.put(new byte[32 - value.length]).put(value);
    }

    /** Round amounts are what people send: they are also what makes real batches compress. */
    private BigInteger amount() {
        return GWEI.multiply(BigInteger.valueOf(1 + random.nextInt(1000)))
                .multiply(BigInteger.TEN.pow(random.nextInt(9)));
    }

    /** A few accounts do most of the work, as on any chain. */
    private int skewed() {
        double uniform = random.nextDouble();
        return (int) (ACCOUNTS * uniform * uniform * uniform);
    }

    private static byte[] frames(byte[] channelId, byte[] channel) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(channel.length + 64);
        out.write(DERIVATION_VERSION);
        int frameNumber = 0;
        for (int offset = 0; offset < channel.length; offset += MAX_FRAME_DATA_BYTES) {
            int dataBytes = Math.min(MAX_FRAME_DATA_BYTES, channel.length - offset);
            boolean isLast = offset + dataBytes == channel.length;
            out.writeBytes(ByteBuffer.allocate(CHANNEL_ID_BYTES + 2 + 4 + dataBytes + 1)
                    .put(channelId)
                    .putShort((short) frameNumber++)
                    .putInt(dataBytes)
                    .put(channel, offset, dataBytes)
                    .put((byte) (isLast ? 1 : 0))
                    .array());
        }
        return out.toByteArray();
    }

    private byte[] randomBytes(int lengthBytes) {
        byte[] bytes = new byte[lengthBytes];
        random.nextBytes(bytes);
        return bytes;
    }
}
