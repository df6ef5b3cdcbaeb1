package dev.moraine.proofs.certificate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.proofs.certificate.KeyFileException.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class KeyFileTest {
    private final BlsSecretKey nodeKey = BlsSecretKey.generate(new SecureRandom());
    private final WriterKey writerKey = WriterKey.generate(new SecureRandom());

    @TempDir
    private Path folder = Path.of("");

    private Path path = folder;

    @BeforeEach
    void nameTheFile() {
        path = folder.resolve("keys/deep/node.key");
    }

    @Test
    void keysAreReadBack() throws KeyFileException {
        KeyFile.write(path, nodeKey);
        assertArrayEquals(nodeKey.copyBytes(), KeyFile.readBls(path).copyBytes());
        Path writerPath = path.resolveSibling("writer.key");
        KeyFile.write(writerPath, writerKey);
        assertArrayEquals(writerKey.copySeed(), KeyFile.readWriter(writerPath).copySeed());
    }

    @Test
    void theFileIsOneLineThatNamesItsVersionAndScheme() throws IOException {
        KeyFile.write(path, nodeKey);
        String key = HexFormat.of().formatHex(nodeKey.copyBytes());
        assertEquals("moraine-key-v1 bls12-381 " + key + "\n", Files.readString(path));
        Path writerPath = path.resolveSibling("writer.key");
        KeyFile.write(writerPath, writerKey);
        String seed = HexFormat.of().formatHex(writerKey.copySeed());
        assertEquals("moraine-key-v1 ed25519 " + seed + "\n", Files.readString(writerPath));
    }

    @Test
    void filesAndNewFoldersAreForTheirOwnerOnly() throws IOException {
        KeyFile.write(path, nodeKey);
        assertEquals("rw-------", permissions(path));
        assertEquals("rwx------", permissions(folder.resolve("keys/deep")));
        assertEquals("rwx------", permissions(folder.resolve("keys")));
    }

    @Test
    void anExistingKeyIsNotOverwritten() throws KeyFileException {
        KeyFile.write(path, nodeKey);
        BlsSecretKey other = BlsSecretKey.generate(new SecureRandom());
        assertProblem(Problem.ALREADY_EXISTS, () -> KeyFile.write(path, other));
        assertEquals(nodeKey.publicKey(), KeyFile.readBls(path).publicKey());
    }

    @Test
    void aFileThatOthersCanTouchIsRefused() throws IOException {
        KeyFile.write(path, nodeKey);
        for (PosixFilePermission permission : PosixFilePermission.values()) {
            Set<PosixFilePermission> permissions = EnumSet.of(PosixFilePermission.OWNER_READ, permission);
            Files.setPosixFilePermissions(path, permissions);
            if (permission.name().startsWith("OWNER_")) {
                assertEquals(nodeKey.publicKey(), KeyFile.readBls(path).publicKey());
            } else {
                assertProblem(Problem.OPEN_TO_OTHERS, () -> KeyFile.readBls(path));
            }
        }
    }

    @Test
    void aLinkToAFileThatOthersCanTouchIsRefused() throws IOException {
        KeyFile.write(path, nodeKey);
        Path link = Files.createSymbolicLink(folder.resolve("link.key"), path);
        assertEquals(nodeKey.publicKey(), KeyFile.readBls(link).publicKey());
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r-----"));
        assertProblem(Problem.OPEN_TO_OTHERS, () -> KeyFile.readBls(link));
    }

    @Test
    void aKeyOfAnotherSchemeIsRefused() throws KeyFileException {
        KeyFile.write(path, nodeKey);
        assertProblem(Problem.WRONG_SCHEME, () -> KeyFile.readWriter(path));
        Path writerPath = path.resolveSibling("writer.key");
        KeyFile.write(writerPath, writerKey);
        assertProblem(Problem.WRONG_SCHEME, () -> KeyFile.readBls(writerPath));
    }

    @Test
    void unknownVersionsAndSchemesAreRefused() throws IOException {
        String key = "11".repeat(32) + "\n";
        for (String text : new String[] {
            "",
            "moraine-key-v2 bls12-381 " + key,
            "moraine-key-v1",
            "moraine-key-v1 ",
            "moraine-key-v1 rsa " + key,
            "moraine-key-v1  bls12-381 " + key,
            " moraine-key-v1 bls12-381 " + key,
            key
        }) {
            assertProblem(Problem.UNKNOWN_FORMAT, () -> KeyFile.readBls(written(text)));
        }
    }

    @Test
    void damagedKeysAreRefused() throws IOException {
        String heading = "moraine-key-v1 bls12-381 ";
        String key = "11".repeat(32);
        assertEquals(
                BlsSecretKey.fromBytes(HexFormat.of().parseHex(key)).publicKey(),
                KeyFile.readBls(written(heading + key + "\n")).publicKey());
        for (String text : new String[] {
            heading,
            heading + key,
            heading + key + "\r\n",
            heading + key + "\n\n",
            heading + key + " ",
            heading + key.substring(1) + "\n",
            heading + key + "1\n",
            heading + key.substring(1) + "g\n",
            heading + "AB" + key.substring(2) + "\n",
            heading + "00".repeat(32) + "\n",
            heading + "ff".repeat(32) + "\n",
            heading + key.repeat(1_000) + "\n"
        }) {
            assertProblem(Problem.MALFORMED, () -> KeyFile.readBls(written(text)));
        }
    }

    @Test
    void everyCutOfAFileIsRefused() throws IOException {
        KeyFile.write(path, nodeKey);
        String text = Files.readString(path);
        for (int length = 0; length < text.length(); length++) {
            Path cut = written(text.substring(0, length));
            KeyFileException e = assertThrows(KeyFileException.class, () -> KeyFile.readBls(cut));
            assertTrue(Set.of(Problem.UNKNOWN_FORMAT, Problem.MALFORMED).contains(e.problem()));
        }
    }

    @Test
    void missingFilesAndFoldersAreNamed() {
        KeyFileException e = assertProblem(Problem.NOT_FOUND, () -> KeyFile.readBls(path));
        assertTrue(String.valueOf(e.getMessage()).contains(path.toString()));
        assertProblem(Problem.NOT_A_FILE, () -> KeyFile.readBls(folder));
    }

    @Test
    void aFileInTheWayOfAFolderIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("keys"), "x", StandardCharsets.US_ASCII);
        assertProblem(Problem.FAILED, () -> KeyFile.write(path, nodeKey));
        assertEquals("x", Files.readString(file));
    }

    @Test
    void noMessageShowsTheKey() throws IOException {
        KeyFile.write(path, nodeKey);
        String key = HexFormat.of().formatHex(nodeKey.copyBytes());
        Path damaged = written(Files.readString(path) + "x");
        KeyFileException e = assertProblem(Problem.MALFORMED, () -> KeyFile.readBls(damaged));
        assertFalse(String.valueOf(e.getMessage()).contains(key));
    }

    private Path written(String text) throws IOException {
        Path file = folder.resolve("hand-made.key");
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, text, StandardCharsets.US_ASCII);
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static KeyFileException assertProblem(Problem problem, Executable action) {
        KeyFileException e = assertThrows(KeyFileException.class, action);
        assertEquals(problem, e.problem(), e.getMessage());
        return e;
    }
}
