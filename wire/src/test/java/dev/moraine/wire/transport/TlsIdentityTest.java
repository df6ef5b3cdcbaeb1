package dev.moraine.wire.transport;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsIdentityTest {
    @TempDir
    private Path folder;

    private Path certificate;
    private Path key;

    @BeforeEach
    void name() {
        certificate = folder.resolve("node.crt");
        key = folder.resolve("node.key");
    }

    @Test
    void whatIsCreatedCanBeLoaded() throws Exception {
        TlsIdentity created = TlsIdentity.create(certificate, key, "node 3");
        TlsIdentity loaded = TlsIdentity.load(certificate, key);
        assertEquals(created.pin(), loaded.pin());
        assertEquals("CN=node 3", loaded.certificate().getSubjectX500Principal().getName());
        assertDoesNotThrow(() -> loaded.certificate().verify(loaded.certificate().getPublicKey()));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
        TlsIdentity other = TlsIdentity.create(folder.resolve("b.crt"), folder.resolve("b.key"), "node 3");
        assertNotEquals(created.pin(), other.pin());
    }

    @Test
    void namesOfAnyLengthFit() throws Exception {
        TlsIdentity.create(certificate, key, "n".repeat(60_000));
        TlsIdentity.create(folder.resolve("empty.crt"), folder.resolve("empty.key"), "");
        assertProblem("longer than", certificate, key);
        TlsIdentity.load(folder.resolve("empty.crt"), folder.resolve("empty.key"));
    }

    @Test
    void existingFilesAreKept() throws IOException {
        Files.writeString(key, "precious");
        assertThrows(FileAlreadyExistsException.class, () -> TlsIdentity.create(certificate, key, "x"));
        assertEquals("precious", Files.readString(key));
    }

    @Test
    void filesThatCannotBeUsedAreNamedWithTheReason() throws Exception {
        TlsIdentity.create(certificate, key, "x");
        Path absent = folder.resolve("absent");
        assertProblem("cannot be read", absent, key);
        assertProblem("cannot be read", certificate, absent);
        assertProblem("not an X.509 certificate", key, key);
        assertProblem("not an unencrypted private key", certificate, copy(certificate, "not.key", "rw-------"));
        assertProblem("chmod 600", certificate, copy(key, "open.key", "rw-r-----"));
        TlsIdentity.create(folder.resolve("b.crt"), folder.resolve("b.key"), "x");
        assertProblem("not the key of the certificate", certificate, folder.resolve("b.key"));
        Path broken = copy(key, "broken.key", "rw-------");
        Files.writeString(broken, Files.readString(key).replace("\nM", "\nN"));
        assertProblem("not a private key for EC", certificate, broken);
    }

    @Test
    void pinsHaveOneForm() {
        String text = "0123456789abcdef".repeat(4);
        assertEquals(text, CertificatePin.parse(text).toString());
        for (String bad : new String[] {"", text.toUpperCase(Locale.ROOT), text + "0", text.substring(1)}) {
            assertThrows(IllegalArgumentException.class, () -> CertificatePin.parse(bad));
        }
    }

    private Path copy(Path file, String name, String permissions) throws IOException {
        Path copy = Files.copy(file, folder.resolve(name));
        return Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString(permissions));
    }

    private static void assertProblem(String expected, Path certificate, Path key) {
        InvalidTlsIdentityException problem =
                assertThrows(InvalidTlsIdentityException.class, () -> TlsIdentity.load(certificate, key));
        String message = String.valueOf(problem.getMessage());
        assertTrue(message.contains(expected), message);
        assertEquals(1, message.lines().count());
    }
}
