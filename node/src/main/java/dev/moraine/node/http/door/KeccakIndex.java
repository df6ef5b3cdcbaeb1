package dev.moraine.node.http.door;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.hash.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Which blob holds the bytes with a Keccak-256 hash, in a file that only grows: 16 bytes of magic, then records
 * {@code keccak 32 ‖ blobId 32 ‖ expiryEpoch u64 ‖ CRC-32C u32}. All of it is in memory too, bounded by a number of
 * entries; when they are used up, the file is written anew without those that have expired.
 *
 * <p>A record that a power cut tore off at the end was not acknowledged, and is removed. A damaged record before a good
 * one is a loss: the index then says of itself that it is not complete, and no key counts as definitely missing any
 * more, until every batch is posted again that is still wanted. Thread-safe; writes block.
 */
final class KeccakIndex implements AutoCloseable {
    /** Entries where no other number is set: about 60 MB of heap. */
    static final int DEFAULT_MAX_ENTRIES = 1 << 18;

    private static final System.Logger LOG = System.getLogger(KeccakIndex.class.getName());
    private static final byte[] MAGIC = "moraine/keccak/1".getBytes(StandardCharsets.US_ASCII);
    private static final int CHECKED_BYTES = Digest.BYTES + BlobId.BYTES + Long.BYTES;
    private static final int RECORD_BYTES = CHECKED_BYTES + Integer.BYTES;

    private final Path file;
    private final int maxEntries;
    private final FileChannel lockChannel;
    private final Map<Digest, Entry> entries = new HashMap<>();
    private final Object forcing = new Object();
    private FileChannel channel;
    private boolean isComplete = true;
    private boolean hasFailed;
    private long appended;
    private int rewrites;
    private long forced;

    /**
     * Where the bytes with a hash are.
     *
     * @param blobId the blob that holds them
     * @param expiryEpoch the last epoch in which it is kept
     */
    record Entry(BlobId blobId, long expiryEpoch) {}

    private KeccakIndex(Path file, int maxEntries, FileChannel lockChannel, FileChannel channel) {
        this.file = file;
        this.maxEntries = maxEntries;
        this.lockChannel = lockChannel;
        this.channel = channel;
    }

    /**
     * Opens an index, or makes an empty one.
     *
     * @param folder where its file is; made if it is not there
     * @param maxEntries most entries, from 1
     * @return the index, which no other process can open now
     * @throws IOException if the file cannot be read, is no index, or is open elsewhere; the message names it
     */
    static KeccakIndex open(Path folder, int maxEntries) throws IOException {
        if (maxEntries < 1) {
            throw new IllegalArgumentException("maxEntries must be at least 1, but is " + maxEntries);
        }
        Files.createDirectories(folder);
        Path file = folder.resolve("keccak.index");
        FileChannel lockChannel = FileChannel.open(
                folder.resolve("keccak.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileChannel channel = null;
        boolean isOpen = false;
        try {
            if (!isLocked(lockChannel)) {
                throw new IOException(file + " is open in another process");
            }
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            KeccakIndex index = new KeccakIndex(file, maxEntries, lockChannel, channel);
            index.recover();
            isOpen = true;
            return index;
        } finally {
            if (!isOpen) {
                lockChannel.close();
                if (channel != null) {
                    channel.close();
                }
            }
        }
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private void recover() throws IOException {
        ByteBuffer magic = ByteBuffer.allocate(MAGIC.length);
        readAt(0, magic);
        if (magic.position() < MAGIC.length) {
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(MAGIC), 0);
            channel.force(true);
            channel.position(MAGIC.length);
            return;
        }
        if (!Arrays.equals(magic.array(), MAGIC)) {
            throw new IOException(file + " is not a Keccak index of this version");
        }
        long position = MAGIC.length;
        long goodEnd = position;
        long damaged = 0;
        byte[] bytes = new byte[RECORD_BYTES];
        ByteBuffer record = ByteBuffer.wrap(bytes);
        for (readAt(position, record); record.position() == RECORD_BYTES; readAt(position, record)) {
            position += RECORD_BYTES;
            if (record.getInt(CHECKED_BYTES) == checksum(bytes)) {
                // What lies between two good records was good once.
                damaged += (position - goodEnd) / RECORD_BYTES - 1;
                goodEnd = position;
                put(bytes, record.getLong(CHECKED_BYTES - Long.BYTES));
            }
        }
        isComplete = damaged == 0;
        if (!isComplete) {
            LOG.log(System.Logger.Level.ERROR, file + " has " + damaged + " damaged records: their keys are lost");
        }
        channel.truncate(goodEnd);
        channel.position(goodEnd);
    }

    private void readAt(long position, ByteBuffer target) throws IOException {
        target.clear();
        while (target.hasRemaining() && channel.read(target, position + target.position()) >= 0) {
            // One read may give less than was asked for.
        }
    }

    private static int checksum(byte[] record) {
        CRC32C crc = new CRC32C();
        crc.update(record, 0, CHECKED_BYTES);
        return (int) crc.getValue();
    }

    private void put(byte[] record, long expiryEpoch) {
        entries.put(
                Digest.of(record, 0), new Entry(new BlobId(Digest.of(record, Digest.BYTES)), expiryEpoch));
    }

    private static ByteBuffer record(Digest key, Entry entry) {
        ByteBuffer record = ByteBuffer.allocate(RECORD_BYTES)
                .put(key.toBytes())
                .put(entry.blobId().toBytes())
                .putLong(entry.expiryEpoch());
        return record.putInt(checksum(record.array())).flip();
    }

    /**
     * Looks a hash up.
     *
     * @param key the hash
     * @return where its bytes are, or null
     */
    synchronized @Nullable Entry find(Digest key) {
        return entries.get(key);
    }

    /** {@return whether a key that is not found was never put: no record was lost} */
    synchronized boolean isComplete() {
        return isComplete;
    }

    /** {@return how many entries there are} */
    synchronized int size() {
        return entries.size();
    }

    /**
     * Whether another entry can be kept, after those that have expired were dropped if need be.
     *
     * @param epoch the current epoch
     * @return true if it can
     * @throws IOException if the file cannot be written anew
     */
    synchronized boolean hasRoom(long epoch) throws IOException {
        if (entries.size() >= maxEntries && entries.values().removeIf(entry -> entry.expiryEpoch() < epoch)) {
            rewrite();
        }
        return entries.size() < maxEntries;
    }

    private void rewrite() throws IOException {
        Path next = file.resolveSibling("keccak.next");
        boolean isDone = false;
        FileChannel target = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        try {
            writeFully(target, ByteBuffer.wrap(MAGIC));
            for (Map.Entry<Digest, Entry> entry : entries.entrySet()) {
                writeFully(target, record(entry.getKey(), entry.getValue()));
            }
            target.force(true);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent())) {
                folder.force(true);
            }
            isDone = true;
        } finally {
            if (!isDone) {
                hasFailed = true;
                target.close();
            }
        }
        FileChannel old = channel;
        channel = target;
        rewrites++;
        old.close();
    }

    /**
     * Keeps an entry. It survives a power cut once this returns.
     *
     * @param key the hash
     * @param entry where its bytes are; of two entries the one that expires later stays
     * @throws IOException if it could not be written; nothing can be written any more then
     */
    void put(Digest key, Entry entry) throws IOException {
        long mine;
        synchronized (this) {
            Entry before = entries.get(key);
            if (before == null || before.expiryEpoch() < entry.expiryEpoch()) {
                append(record(key, entry));
                entries.put(key, entry);
            }
            mine = appended;
        }
        // Whoever comes here first forces for all that wait.
        synchronized (forcing) {
            if (forced < mine) {
                forced = force();
            }
        }
    }

    private void append(ByteBuffer record) throws IOException {
        if (hasFailed) {
            throw new IOException(file + " could not be written earlier");
        }
        boolean isWritten = false;
        try {
            writeFully(channel, record);
            isWritten = true;
        } finally {
            hasFailed = !isWritten;
        }
        appended++;
    }

    private long force() throws IOException {
        FileChannel current;
        long upTo;
        int generation;
        synchronized (this) {
            current = channel;
            upTo = appended;
            generation = rewrites;
        }
        boolean isForced = false;
        try {
            current.force(false);
            isForced = true;
        } catch (java.nio.channels.ClosedChannelException e) {
            synchronized (this) {
                // The file was written anew meanwhile, and forced.
                isForced = generation != rewrites;
            }
            if (!isForced) {
                throw e;
            }
        } finally {
            if (!isForced) {
                synchronized (this) {
                    hasFailed = true;
                }
            }
        }
        return upTo;
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        hasFailed = true;
        channel.close();
        lockChannel.close();
    }
}
