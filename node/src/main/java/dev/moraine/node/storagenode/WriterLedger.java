package dev.moraine.node.storagenode;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.proofs.hash.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.zip.CRC32C;

/**
 * Which writer brought which blob, in a file beside the segments: the store itself does not know writers. After a header
 * of 16 bytes come records of {@value #RECORD_BYTES} bytes, big-endian: {@code writer key 32 ‖ blob id 32 ‖ length u64 ‖
 * expiry epoch u64 ‖ CRC-32C of those u32}. Reading ends at the first record that is torn or damaged.
 *
 * <p>Records are written before a bundle is signed but not forced: {@code kill -9} loses none, a power cut may lose those
 * of the last seconds, whose bytes are then not counted. The file is written anew at every start, without blobs that are
 * gone. Thread-safe.
 */
final class WriterLedger implements AutoCloseable {
    /** The file's name in the data folder. */
    static final String FILE_NAME = "writers.log";

    /** Bytes of a record. */
    static final int RECORD_BYTES = 2 * Digest.BYTES + 2 * Long.BYTES + Integer.BYTES;

    private static final Logger LOGGER = System.getLogger(WriterLedger.class.getName());
    private static final byte[] MAGIC = "moraine-writers1".getBytes(StandardCharsets.US_ASCII);
    private static final int BUFFER_RECORDS = 4096;

    private final Path path;
    private final FileChannel file;
    private boolean hasFailed;

    private WriterLedger(Path path, FileChannel file) {
        this.path = path;
        this.file = file;
    }

    /**
     * Begins a ledger anew; the one that is in the folder stays there until {@link #takeOver}.
     *
     * @param folder the node's data folder, locked by its store
     * @return the ledger, still empty
     * @throws UncheckedIOException if it cannot be written
     */
    static WriterLedger open(Path folder) {
        Path path = folder.resolve(FILE_NAME);
        try {
            FileChannel file = FileChannel.open(
                    freshPath(path),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE);
            writeFully(file, ByteBuffer.wrap(MAGIC));
            return new WriterLedger(path, file);
        } catch (IOException e) {
            throw failed(path, e);
        }
    }

    /**
     * Copies what counts from the folder's ledger, and takes its place.
     *
     * @param isLive is handed the writer's key and the blob of every record, in the order in which they were written, and
     *     says whether it still counts; namespaces are not kept and come as zeros
     * @throws UncheckedIOException if a ledger cannot be read or written; the one in the folder is as it was
     */
    synchronized void takeOver(BiPredicate<Digest, BundleEntry> isLive) {
        try {
            if (Files.exists(path)) {
                copyLive(path, file, isLive);
            }
            file.force(true);
            Files.move(freshPath(path), path, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw failed(path, e);
        }
    }

    private static Path freshPath(Path path) {
        return path.resolveSibling(FILE_NAME + ".new");
    }

    private static UncheckedIOException failed(Path path, IOException cause) {
        return new UncheckedIOException(
                "the ledger of writers " + path + " cannot be read and written anew: " + cause, cause);
    }

    private static void copyLive(Path from, FileChannel to, BiPredicate<Digest, BundleEntry> isLive)
            throws IOException {
        try (FileChannel source = FileChannel.open(from, StandardOpenOption.READ)) {
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER_RECORDS * RECORD_BYTES);
            ByteBuffer live = ByteBuffer.allocate(buffer.capacity());
            ByteBuffer magic = ByteBuffer.allocate(MAGIC.length);
            readFully(source, magic);
            if (!magic.flip().equals(ByteBuffer.wrap(MAGIC))) {
                throw new IOException("it does not begin as a ledger of this version does");
            }
            boolean isWhole = true;
            while (isWhole) {
                readFully(source, buffer.clear());
                isWhole = buffer.flip().hasRemaining() && takeLive(buffer, live.clear(), isLive);
                writeFully(to, live.flip());
            }
        }
    }

    /** Returns false at the end of what can be read. */
    private static boolean takeLive(ByteBuffer records, ByteBuffer live, BiPredicate<Digest, BundleEntry> isLive) {
        while (records.remaining() >= RECORD_BYTES) {
            ByteBuffer each = records.slice(records.position(), RECORD_BYTES);
            records.position(records.position() + RECORD_BYTES);
            if (each.getInt(RECORD_BYTES - Integer.BYTES) != crcOf(each)) {
                return false;
            }
            byte[] writer = new byte[Digest.BYTES];
            byte[] blob = new byte[Digest.BYTES];
            each.get(writer).get(blob);
            long lengthBytes = each.getLong();
            long expiryEpoch = each.getLong();
            BundleEntry entry = new BundleEntry(
                    BlobId.of(blob), Namespace.of(new byte[Namespace.BYTES]), lengthBytes, expiryEpoch);
            if (isLive.test(Digest.of(writer), entry)) {
                live.put(each.rewind());
            }
        }
        return !records.hasRemaining();
    }

    /**
     * Notes that a writer holds blobs. A failure is logged once; from then on the writer's bytes are counted until the
     * node is started again, and no longer.
     *
     * @param writer the writer's key
     * @param entries the blobs
     */
    synchronized void append(Digest writer, List<BundleEntry> entries) {
        if (hasFailed || entries.isEmpty()) {
            return;
        }
        ByteBuffer records = ByteBuffer.allocate(Math.multiplyExact(entries.size(), RECORD_BYTES));
        for (BundleEntry entry : entries) {
            int start = records.position();
            records.put(writer.toBytes())
                    .put(entry.blobId().toBytes())
                    .putLong(entry.lengthBytes())
                    .putLong(entry.expiryEpoch());
            records.putInt(crcOf(records.slice(start, RECORD_BYTES)));
        }
        try {
            writeFully(file, records.flip());
        } catch (IOException e) {
            hasFailed = true;
            LOGGER.log(
                    Level.ERROR,
                    "the ledger of writers " + path + " cannot be written: after a restart, quotas will not count what"
                            + " is stored from now on",
                    e);
        }
    }

    @Override
    public synchronized void close() {
        try {
            file.close();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "closing the ledger of writers " + path, e);
        }
    }

    private static int crcOf(ByteBuffer each) {
        CRC32C crc = new CRC32C();
        crc.update(each.slice(0, RECORD_BYTES - Integer.BYTES));
        return (int) crc.getValue();
    }

    private static void readFully(FileChannel from, ByteBuffer target) throws IOException {
        while (target.hasRemaining() && from.read(target) >= 0) {
            // Reads on until the buffer is full or the file ends.
        }
    }

    private static void writeFully(FileChannel to, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            to.write(bytes);
        }
    }
}
