package dev.moraine.storage.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The files of the index in a folder, and whether they may be opened. LMDB survives crashes but checks nothing: on a
 * file that was cut or changed from outside it ends the process. So the file is looked at before LMDB is:
 *
 * <ul>
 *   <li>After a clean end a seal with the length and CRC-32C of the file lies beside it, and must be right.
 *   <li>After a crash there is none, and the file must at least be as long as its last commit says.
 * </ul>
 *
 * <p>Threading: owned by one thread.
 */
public final class IndexFile {
    /** The file of LMDB. */
    public static final String NAME = "index.mdb";

    /** What LMDB keeps beside its file. */
    static final String LOCK_NAME = "index.mdb-lock";

    /** The seal of a clean end: length u64, CRC-32C u32, CRC-32C of these twelve bytes; big endian. */
    static final String SEAL_NAME = "index.seal";

    private static final int SEAL_BYTES = 16;
    private static final int READ_BYTES = 1 << 20;

    /** LMDB's page header, before the meta record in each of the first two pages. */
    private static final int PAGE_HEADER_BYTES = 16;

    private static final int META_MAGIC = 0xBEEFC0DE;
    private static final int META_VERSION = 1;
    private static final int VERSION_OFFSET = PAGE_HEADER_BYTES + 4;
    private static final int PAGE_SIZE_OFFSET = PAGE_HEADER_BYTES + 24;
    private static final int LAST_PAGE_OFFSET = PAGE_HEADER_BYTES + 120;
    private static final int META_END = PAGE_HEADER_BYTES + 136;
    private static final int MIN_PAGE_BYTES = 512;
    private static final int MAX_PAGE_BYTES = 64 << 10;

    private final Path folder;

    /**
     * The files of a folder.
     *
     * @param folder where
     */
    public IndexFile(Path folder) {
        this.folder = folder;
    }

    /**
     * The file of LMDB.
     *
     * @return its path
     */
    public Path path() {
        return folder.resolve(NAME);
    }

    /**
     * Whether there is a file that LMDB may open. The seal is broken: whoever opens the file may change it.
     *
     * @return false if it is missing, cut or changed
     * @throws IOException if that cannot be found out
     */
    public boolean breakSeal() throws IOException {
        Path seal = folder.resolve(SEAL_NAME);
        if (Files.notExists(path(), LinkOption.NOFOLLOW_LINKS)) {
            Files.deleteIfExists(seal);
            return false;
        }
        boolean usable = isLongEnough();
        if (Files.exists(seal, LinkOption.NOFOLLOW_LINKS)) {
            byte[] expected = usable ? content() : new byte[0];
            usable = usable && Arrays.equals(expected, Files.readAllBytes(seal));
            Files.delete(seal);
            forceFolder();
        }
        return usable;
    }

    private boolean isLongEnough() throws IOException {
        try (FileChannel channel = FileChannel.open(path(), StandardOpenOption.READ)) {
            ByteBuffer first = ByteBuffer.allocate(META_END).order(ByteOrder.nativeOrder());
            if (!fill(channel, first, 0)) {
                return false;
            }
            int pageBytes = first.getInt(PAGE_SIZE_OFFSET);
            if (pageBytes < MIN_PAGE_BYTES || pageBytes > MAX_PAGE_BYTES || Integer.bitCount(pageBytes) != 1) {
                return false;
            }
            ByteBuffer second = ByteBuffer.allocate(META_END).order(ByteOrder.nativeOrder());
            return fill(channel, second, pageBytes)
                    && isCovered(first, pageBytes, channel.size())
                    && isCovered(second, pageBytes, channel.size());
        }
    }

    private static boolean isCovered(ByteBuffer meta, int pageBytes, long fileBytes) {
        long lastPage = meta.getLong(LAST_PAGE_OFFSET);
        return meta.getInt(PAGE_HEADER_BYTES) == META_MAGIC
                && meta.getInt(VERSION_OFFSET) == META_VERSION
                && lastPage >= 1
                && lastPage < fileBytes / pageBytes;
    }

    private static boolean fill(FileChannel channel, ByteBuffer target, long position) throws IOException {
        while (target.hasRemaining()) {
            if (channel.read(target, position + target.position()) < 0) {
                return false;
            }
        }
        return true;
    }

    private byte[] content() throws IOException {
        CRC32C crc = new CRC32C();
        long length = 0;
        try (FileChannel channel = FileChannel.open(path(), StandardOpenOption.READ)) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
            while (channel.read(buffer) >= 0) {
                length += buffer.position();
                crc.update(buffer.flip());
                buffer.clear();
            }
        }
        byte[] seal = new byte[SEAL_BYTES];
        ByteBuffer content = ByteBuffer.wrap(seal).putLong(length).putInt((int) crc.getValue());
        CRC32C own = new CRC32C();
        own.update(seal, 0, content.position());
        content.putInt((int) own.getValue());
        return seal;
    }

    /**
     * Seals the file after its clean end, so that changes from outside are found at the next opening.
     *
     * @throws IOException if that fails; then there is no seal
     */
    public void seal() throws IOException {
        Path seal = folder.resolve(SEAL_NAME);
        try (FileChannel channel = FileChannel.open(
                seal, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(content()));
            channel.force(true);
        }
        forceFolder();
    }

    /**
     * Removes the file with all that belongs to it: it is built anew from the segments.
     *
     * @throws IOException if a file cannot be deleted
     */
    public void delete() throws IOException {
        Files.deleteIfExists(folder.resolve(SEAL_NAME));
        Files.deleteIfExists(path());
        Files.deleteIfExists(folder.resolve(LOCK_NAME));
        forceFolder();
    }

    private void forceFolder() throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
