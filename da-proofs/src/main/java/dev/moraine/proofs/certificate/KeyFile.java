package dev.moraine.proofs.certificate;

import dev.moraine.proofs.certificate.KeyFileException.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;

/**
 * Secret keys in files that only their owner can open: one line of ASCII, {@code moraine-key-v1}, the scheme
 * ({@code bls12-381} or {@code ed25519}), and the key in 64 lower-case hex digits, separated by single spaces and ended
 * by a newline.
 *
 * <p>A file is created with its permissions, so it is never open to others in between, and never overwritten. A write
 * that a crash interrupts leaves a file that is refused as damaged.
 */
public final class KeyFile {
    private static final String FORMAT = "moraine-key-v1 ";
    private static final String BLS = "bls12-381 ";
    private static final String ED25519 = "ed25519 ";
    private static final int KEY_BYTES = 32;
    private static final int LONGEST_FILE_BYTES = FORMAT.length() + BLS.length() + 2 * KEY_BYTES + 1;

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_ONLY_FOLDER = PosixFilePermissions.fromString("rwx------");
    private static final byte[] HEX_DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private KeyFile() {}

    /**
     * Writes a node's key. Missing folders above the file are made, for their owner only; file and folder survive a
     * power cut when this returns.
     *
     * @param path a file that does not exist
     * @param key the key
     * @throws KeyFileException if it exists or cannot be written
     */
    public static void write(Path path, BlsSecretKey key) throws KeyFileException {
        byte[] secret = key.copyBytes();
        try {
            writeLine(path, FORMAT + BLS, secret);
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    /**
     * Writes a writer's key, as {@link #write(Path, BlsSecretKey)} does.
     *
     * @param path a file that does not exist
     * @param key the key
     * @throws KeyFileException if it exists or cannot be written
     */
    public static void write(Path path, WriterKey key) throws KeyFileException {
        byte[] seed = key.copySeed();
        try {
            writeLine(path, FORMAT + ED25519, seed);
        } finally {
            Arrays.fill(seed, (byte) 0);
        }
    }

    /**
     * Reads a node's key.
     *
     * @param path the file
     * @return the key
     * @throws KeyFileException if there is none, others can open it, or it is not the file of such a key
     */
    public static BlsSecretKey readBls(Path path) throws KeyFileException {
        byte[] secret = readLine(path, BLS, ED25519);
        try {
            return BlsSecretKey.fromBytes(secret);
        } catch (IllegalArgumentException e) {
            throw new KeyFileException(path, Problem.MALFORMED, e);
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    /**
     * Reads a writer's key.
     *
     * @param path the file
     * @return the key
     * @throws KeyFileException if there is none, others can open it, or it is not the file of such a key
     */
    public static WriterKey readWriter(Path path) throws KeyFileException {
        byte[] seed = readLine(path, ED25519, BLS);
        try {
            return WriterKey.fromSeed(seed);
        } finally {
            Arrays.fill(seed, (byte) 0);
        }
    }

    private static void writeLine(Path path, String heading, byte[] key) throws KeyFileException {
        Path folder = path.toAbsolutePath().getParent();
        if (folder == null) {
            throw new KeyFileException(path, Problem.NOT_A_FILE);
        }
        ByteBuffer line = ByteBuffer.allocate(heading.length() + 2 * key.length + 1)
                .put(heading.getBytes(StandardCharsets.US_ASCII));
        for (byte b : key) {
            line.put(HEX_DIGITS[b >> 4 & 0xF]).put(HEX_DIGITS[b & 0xF]);
        }
        line.put((byte) '\n').flip();
        try {
            Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY_FOLDER));
            create(path, line);
            try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
                entries.force(true);
            }
        } catch (FileAlreadyExistsException e) {
            Problem problem = Files.exists(path) ? Problem.ALREADY_EXISTS : Problem.FAILED;
            throw new KeyFileException(path, problem, e);
        } catch (UnsupportedOperationException e) {
            throw new KeyFileException(path, Problem.NO_PERMISSIONS, e);
        } catch (IOException e) {
            throw new KeyFileException(path, Problem.FAILED, e);
        } finally {
            Arrays.fill(line.array(), (byte) 0);
        }
    }

    private static void create(Path path, ByteBuffer line) throws IOException {
        FileAttribute<?> ownerOnly = PosixFilePermissions.asFileAttribute(OWNER_ONLY);
        Set<OpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel file = FileChannel.open(path, options, ownerOnly)) {
            while (line.hasRemaining()) {
                file.write(line);
            }
            file.force(true);
        }
    }

    private static byte[] readLine(Path path, String scheme, String otherScheme) throws KeyFileException {
        checkClosedToOthers(path);
        // One byte more than the longest file, so that a longer one is noticed and not read.
        ByteBuffer content = ByteBuffer.allocate(LONGEST_FILE_BYTES + 1);
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            while (content.hasRemaining() && file.read(content) >= 0) {
                // Reads on until the end of the file or of the buffer.
            }
            return parse(path, content.flip(), scheme, otherScheme);
        } catch (KeyFileException e) {
            throw e;
        } catch (IOException e) {
            throw new KeyFileException(path, Problem.FAILED, e);
        } finally {
            Arrays.fill(content.array(), (byte) 0);
        }
    }

    private static void checkClosedToOthers(Path path) throws KeyFileException {
        try {
            PosixFileAttributes attributes = Files.readAttributes(path, PosixFileAttributes.class);
            if (!attributes.isRegularFile()) {
                throw new KeyFileException(path, Problem.NOT_A_FILE);
            }
            for (PosixFilePermission permission : attributes.permissions()) {
                if (!permission.name().startsWith("OWNER_")) {
                    throw new KeyFileException(path, Problem.OPEN_TO_OTHERS);
                }
            }
        } catch (NoSuchFileException e) {
            throw new KeyFileException(path, Problem.NOT_FOUND, e);
        } catch (UnsupportedOperationException e) {
            throw new KeyFileException(path, Problem.NO_PERMISSIONS, e);
        } catch (KeyFileException e) {
            throw e;
        } catch (IOException e) {
            throw new KeyFileException(path, Problem.FAILED, e);
        }
    }

    private static byte[] parse(Path path, ByteBuffer content, String scheme, String otherScheme)
            throws KeyFileException {
        if (!startsWith(content, FORMAT)) {
            throw new KeyFileException(path, Problem.UNKNOWN_FORMAT);
        }
        if (!startsWith(content, scheme)) {
            boolean isOther = startsWith(content, otherScheme);
            throw new KeyFileException(path, isOther ? Problem.WRONG_SCHEME : Problem.UNKNOWN_FORMAT);
        }
        if (content.remaining() != 2 * KEY_BYTES + 1 || content.get(content.limit() - 1) != '\n') {
            throw new KeyFileException(path, Problem.MALFORMED);
        }
        byte[] key = new byte[KEY_BYTES];
        for (int i = 0; i < KEY_BYTES; i++) {
            int high = digit(content.get());
            int low = digit(content.get());
            if (high < 0 || low < 0) {
                Arrays.fill(key, (byte) 0);
                throw new KeyFileException(path, Problem.MALFORMED);
            }
            key[i] = (byte) (high << 4 | low);
        }
        return key;
    }

    /** Moves past the text if the content goes on with it. */
    private static boolean startsWith(ByteBuffer content, String text) {
        byte[] expected = text.getBytes(StandardCharsets.US_ASCII);
        if (content.remaining() < expected.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if (content.get(content.position() + i) != expected[i]) {
                return false;
            }
        }
        content.position(content.position() + expected.length);
        return true;
    }

    private static int digit(byte ascii) {
        for (int value = 0; value < HEX_DIGITS.length; value++) {
            if (HEX_DIGITS[value] == ascii) {
                return value;
            }
        }
        return -1;
    }
}
