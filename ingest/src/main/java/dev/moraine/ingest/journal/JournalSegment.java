package dev.moraine.ingest.journal;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.certificate.Certificate;
import dev.moraine.proofs.certificate.InvalidEncodingException;
import dev.moraine.proofs.hash.Digest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.agrona.collections.Long2LongHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One file of a journal: a header, then records, each at a multiple of eight bytes. Integers are big-endian.
 *
 * <pre>
 * header = "moraine/journal1" 16 ‖ deploymentId 32 ‖ sequence u64 ‖ zero u32 ‖ CRC-32C of the 60 bytes before it u32
 * record = magic u32 ‖ type u32 ‖ body length u32 ‖ CRC-32C of the body u32 ‖ zero u32
 *          ‖ CRC-32C of sequence u64, position u64 and the 20 bytes before it u32 ‖ body ‖ zeros
 * </pre>
 *
 * <p>Sequence and position in the checksum keep a record from being taken for one of another place, so that the good
 * records behind a damaged one can be found by looking for them.
 *
 * <p>The index finds entries by the first eight bytes of their blob's id, and by the keys after that one where several
 * have the same. Appending and indexing belong to one thread; reading a file is safe beside them, reading the index is
 * not. The file is a {@link RandomAccessFile} because a channel is closed when a thread that reads it is interrupted.
 */
final class JournalSegment implements AutoCloseable {
    /** Bytes of the header. */
    static final int HEADER_BYTES = 64;

    /** Bytes of a record's head. */
    static final int HEAD_BYTES = 24;

    /** No body is longer: a certificate with the entries of the largest bundle is not. */
    static final int MAX_BODY_BYTES = 1 << 20;

    private static final byte[] MAGIC = "moraine/journal1".getBytes(StandardCharsets.US_ASCII);
    private static final int RECORD_MAGIC = 0x6d4a5231;
    private static final int ALIGNMENT_BYTES = 8;
    private static final int ENTRY_BITS = 12;
    private static final long NOT_FOUND = -1;

    private final Path path;
    private final long sequence;
    private final RandomAccessFile file;
    private final Long2LongHashMap index = new Long2LongHashMap(NOT_FOUND);
    private final TreeMap<Long, Long> bytesByExpiry = new TreeMap<>();
    private long sizeBytes;

    private JournalSegment(Path path, long sequence, RandomAccessFile file) {
        this.path = path;
        this.sequence = sequence;
        this.file = file;
    }

    /** Learns of every good record of a file, in order. */
    @FunctionalInterface
    interface Visitor {
        /**
         * A record.
         *
         * @param position where it begins
         * @param record what it says
         */
        void onRecord(long position, JournalRecord record);
    }

    /** Creates an empty file, which survives a power cut when its folder was synced. */
    static JournalSegment create(Path path, long sequence, Digest deploymentId) throws IOException {
        FileAttribute<?>[] attributes = path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        Files.createFile(path, attributes);
        JournalSegment segment = new JournalSegment(path, sequence, new RandomAccessFile(path.toFile(), "rw"));
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        header.put(MAGIC).put(deploymentId.toBytes()).putLong(sequence).putInt(0);
        header.putInt(crc(header.array(), 0, HEADER_BYTES - Integer.BYTES));
        segment.file.write(header.array());
        segment.file.getFD().sync();
        segment.sizeBytes = HEADER_BYTES;
        return segment;
    }

    /** Opens a file that is there; {@link #scan} must follow. */
    static JournalSegment open(Path path, long sequence) throws IOException {
        JournalSegment segment = new JournalSegment(path, sequence, new RandomAccessFile(path.toFile(), "rw"));
        segment.sizeBytes = segment.file.length();
        return segment;
    }

    long sequence() {
        return sequence;
    }

    Path path() {
        return path;
    }

    /** The bytes written, synced or not. */
    long sizeBytes() {
        return sizeBytes;
    }

    /** Entries in the index. */
    int entryCount() {
        return index.size();
    }

    /** The bytes of records that somebody may want in an epoch or later. */
    long liveBytes(long epoch) {
        long bytes = 0;
        for (long part : bytesByExpiry.tailMap(epoch).values()) {
            bytes += part;
        }
        return bytes;
    }

    /** The bytes that a record takes. */
    static long recordBytes(long bodyBytes) {
        return HEAD_BYTES + (bodyBytes + ALIGNMENT_BYTES - 1) / ALIGNMENT_BYTES * ALIGNMENT_BYTES;
    }

    /**
     * Writes a record at the end; it is neither synced nor indexed.
     *
     * @return where it begins
     */
    long append(JournalRecord entry) throws IOException {
        byte[] body = entry.body();
        long position = sizeBytes;
        ByteBuffer record = ByteBuffer.allocate((int) recordBytes(body.length));
        record.putInt(RECORD_MAGIC).putInt(entry.type()).putInt(body.length).putInt(crc(body, 0, body.length)).putInt(0);
        record.putInt(headCrc(position, record.array(), 0));
        record.put(body);
        synchronized (file) {
            file.seek(position);
            file.write(record.array());
        }
        sizeBytes += record.capacity();
        return position;
    }

    /** Makes everything written survive a power cut. */
    void sync() throws IOException {
        file.getFD().sync();
    }

    /** Enters a record into the index, and into the account of what lives how long. */
    void enter(long position, JournalRecord entry) {
        bytesByExpiry.merge(entry.expiryEpoch(), recordBytes(bodyBytes(entry)), Long::sum);
        if (entry instanceof JournalRecord.Certified certified) {
            for (int i = 0; i < certified.entries().size(); i++) {
                long key = keyOf(certified.entries().get(i).blobId());
                while (index.containsKey(key)) {
                    key++;
                }
                index.put(key, position << ENTRY_BITS | i);
            }
        }
    }

    private static long bodyBytes(JournalRecord entry) {
        return switch (entry) {
            case JournalRecord.Certified certified ->
                Certificate.encodedBytes(certified.certificate().signerBitmap().length * Byte.SIZE)
                        + (long) certified.entries().size() * BundleEntry.ENCODED_BYTES;
            case JournalRecord.Delivered delivered -> delivered.body().length;
        };
    }

    /** Decides which entry of a blob is wanted. */
    @FunctionalInterface
    interface Choice {
        /** Whether a found entry is better than the best one so far, which is null at first. */
        boolean isBetter(BundleEntry found, @Nullable BundleEntry best);
    }

    /**
     * Finds an entry of a blob.
     *
     * @return a place for {@link #read}, with the entry, or null
     */
    @Nullable Place find(BlobId id, int certificateBytes, Choice choice, @Nullable BundleEntry best)
            throws IOException {
        Place found = null;
        BundleEntry bestEntry = best;
        for (long key = keyOf(id), at = index.get(key); at != NOT_FOUND; at = index.get(++key)) {
            long position = at >>> ENTRY_BITS;
            int entryIndex = (int) (at & ((1 << ENTRY_BITS) - 1));
            byte[] bytes = readBytes(
                    position + HEAD_BYTES + certificateBytes + (long) entryIndex * BundleEntry.ENCODED_BYTES,
                    BundleEntry.ENCODED_BYTES);
            BundleEntry entry = decodeEntry(bytes);
            if (entry != null && entry.blobId().equals(id) && choice.isBetter(entry, bestEntry)) {
                bestEntry = entry;
                found = new Place(this, position, entryIndex, entry);
            }
        }
        return found;
    }

    /** An entry that was found: in which file, in the record at which position, which of its entries. */
    record Place(JournalSegment segment, long position, int entryIndex, BundleEntry entry) {}

    private static @Nullable BundleEntry decodeEntry(byte[] bytes) {
        try {
            return BundleEntry.decode(bytes);
        } catch (InvalidEncodingException damaged) {
            return null;
        }
    }

    /** Reads a record again; null if it is damaged now. */
    @Nullable JournalRecord read(long position, int members) throws IOException {
        byte[] head = readBytes(position, HEAD_BYTES);
        int length = bodyLength(position, head, 0);
        if (length < 0) {
            return null;
        }
        byte[] body = readBytes(position + HEAD_BYTES, length);
        ByteBuffer fields = ByteBuffer.wrap(head);
        return crc(body, 0, length) == fields.getInt(12)
                ? JournalRecord.decode(fields.getInt(4), body, members)
                : null;
    }

    private byte[] readBytes(long position, int length) throws IOException {
        byte[] bytes = new byte[length];
        synchronized (file) {
            file.seek(position);
            file.readFully(bytes);
        }
        return bytes;
    }

    /**
     * Reads the whole file.
     *
     * @param deploymentId whose journal it must be
     * @param members nodes of the committee
     * @param isLast whether what follows the last good record is a torn write, and is cut off
     * @param counters counts damage
     * @param visitor learns of every good record
     * @throws JournalException if the file belongs to another deployment
     */
    void scan(Digest deploymentId, int members, boolean isLast, JournalCounters counters, Visitor visitor)
            throws IOException, JournalException {
        byte[] bytes = readBytes(0, Math.toIntExact(sizeBytes));
        if (!isHeaderGood(bytes, deploymentId)) {
            counters.countDamagedRegion();
        }
        int end = HEADER_BYTES;
        int at = HEADER_BYTES;
        while (at + HEAD_BYTES <= bytes.length) {
            JournalRecord entry = recordAt(bytes, at, members);
            if (entry == null) {
                at += ALIGNMENT_BYTES;
                continue;
            }
            if (at > end) {
                counters.countDamagedRegion();
            }
            visitor.onRecord(at, entry);
            at += (int) recordBytes(ByteBuffer.wrap(bytes).getInt(at + 8));
            end = at;
        }
        if (isLast && end < bytes.length) {
            counters.countTruncated(bytes.length - (long) end);
            file.setLength(end);
            file.getFD().sync();
            sizeBytes = end;
        } else if (end < bytes.length) {
            counters.countDamagedRegion();
        }
    }

    private boolean isHeaderGood(byte[] bytes, Digest deploymentId) throws JournalException {
        if (bytes.length < HEADER_BYTES
                || ByteBuffer.wrap(bytes).getInt(HEADER_BYTES - Integer.BYTES)
                        != crc(bytes, 0, HEADER_BYTES - Integer.BYTES)) {
            return false;
        }
        if (!Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new JournalException(path + " is no journal of this version");
        }
        Digest owner = Digest.of(bytes, MAGIC.length);
        if (!owner.equals(deploymentId)) {
            throw new JournalException(
                    path + " belongs to deployment " + owner + ", not to " + deploymentId + ": name another folder");
        }
        return true;
    }

    private @Nullable JournalRecord recordAt(byte[] bytes, int at, int members) {
        int length = bodyLength(at, bytes, at);
        int bodyAt = at + HEAD_BYTES;
        if (length < 0 || recordBytes(length) > bytes.length - at) {
            return null;
        }
        ByteBuffer fields = ByteBuffer.wrap(bytes);
        return crc(bytes, bodyAt, length) == fields.getInt(at + 12)
                ? JournalRecord.decode(fields.getInt(at + 4), Arrays.copyOfRange(bytes, bodyAt, bodyAt + length), members)
                : null;
    }

    /** The length of the body behind a good head, or −1. */
    private int bodyLength(long position, byte[] bytes, int at) {
        ByteBuffer fields = ByteBuffer.wrap(bytes);
        if (fields.getInt(at) != RECORD_MAGIC || fields.getInt(at + 20) != headCrc(position, bytes, at)) {
            return -1;
        }
        int length = fields.getInt(at + 8);
        return length >= 0 && length <= MAX_BODY_BYTES ? length : -1;
    }

    private int headCrc(long position, byte[] bytes, int at) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(2 * Long.BYTES).putLong(sequence).putLong(position).flip());
        crc.update(bytes, at, HEAD_BYTES - Integer.BYTES);
        return (int) crc.getValue();
    }

    private static int crc(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    private static long keyOf(BlobId id) {
        return id.digest().w0();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** Closes the file and removes it. */
    void delete() throws IOException {
        close();
        Files.delete(path);
    }
}
