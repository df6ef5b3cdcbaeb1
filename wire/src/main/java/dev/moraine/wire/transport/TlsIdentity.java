package dev.moraine.wire.transport;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;

/** Who a process is on TLS connections: a certificate and its private key. Immutable. */
public final class TlsIdentity {
    private static final int MAX_FILE_BYTES = 64 * 1024;
    private static final int LINE_LENGTH = 64;
    private static final int SERIAL_BITS = 127;
    private static final String KEY_BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String KEY_END = "-----END PRIVATE KEY-----";
    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final X509Certificate certificate;
    private final PrivateKey key;

    private TlsIdentity(X509Certificate certificate, PrivateKey key) {
        this.certificate = certificate;
        this.key = key;
    }

    /**
     * Reads a certificate and its key.
     *
     * @param certificatePem a PEM file with the certificate; of a chain, the first counts
     * @param keyPem a PEM file with the private key as unencrypted PKCS #8, which only its owner may read
     * @return the identity
     * @throws InvalidTlsIdentityException if a file cannot be read, is not what it should be, may be read by others than
     *     its owner, or if the key is not the certificate's
     */
    public static TlsIdentity load(Path certificatePem, Path keyPem) throws InvalidTlsIdentityException {
        X509Certificate certificate = certificate(certificatePem);
        PrivateKey key = key(keyPem, certificate.getPublicKey().getAlgorithm());
        if (!isPair(certificate, key)) {
            throw new InvalidTlsIdentityException(
                    keyPem, "this is not the key of the certificate in " + certificatePem, null);
        }
        return new TlsIdentity(certificate, key);
    }

    /**
     * Makes a new key with a certificate signed by itself, and keeps both. Existing files are not replaced.
     *
     * @param certificatePem where to write the certificate
     * @param keyPem where to write the key, for its owner only
     * @param name goes into the certificate, for people
     * @return the identity
     * @throws IOException if a file exists already or cannot be written
     */
    public static TlsIdentity create(Path certificatePem, Path keyPem, String name) throws IOException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair keys = generator.generateKeyPair();
            // Bit 126 is set so that the number is never zero and of one length.
            BigInteger serialNumber = new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(SERIAL_BITS - 1);
            byte[] certificate = SelfSignedCertificate.encode(keys, serialNumber, name);
            Files.createFile(keyPem, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            Files.writeString(keyPem, pem(KEY_BEGIN, keys.getPrivate().getEncoded(), KEY_END));
            Files.writeString(
                    certificatePem,
                    pem("-----BEGIN CERTIFICATE-----", certificate, "-----END CERTIFICATE-----"),
                    StandardOpenOption.CREATE_NEW);
            return new TlsIdentity(decode(certificate), keys.getPrivate());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no ECDSA over P-256", e);
        }
    }

    /**
     * What others know this identity by.
     *
     * @return the pin of the certificate
     */
    public CertificatePin pin() {
        return CertificatePin.of(certificate);
    }

    X509Certificate certificate() {
        return certificate;
    }

    PrivateKey key() {
        return key;
    }

    private static X509Certificate certificate(Path file) throws InvalidTlsIdentityException {
        try {
            return decode(read(file));
        } catch (CertificateException e) {
            throw new InvalidTlsIdentityException(file, "this is not an X.509 certificate in PEM form", e);
        }
    }

    private static X509Certificate decode(byte[] bytes) throws CertificateException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes));
    }

    private static PrivateKey key(Path file, String algorithm) throws InvalidTlsIdentityException {
        String text = new String(read(file), StandardCharsets.US_ASCII);
        checkPermissions(file);
        int begin = text.indexOf(KEY_BEGIN);
        int end = text.indexOf(KEY_END);
        if (begin < 0 || end < begin) {
            throw new InvalidTlsIdentityException(
                    file, "this is not an unencrypted private key in PEM form (PKCS #8, '" + KEY_BEGIN + "')", null);
        }
        try {
            byte[] encoded = Base64.getMimeDecoder().decode(text.substring(begin + KEY_BEGIN.length(), end));
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new InvalidTlsIdentityException(file, "this is not a private key for " + algorithm, e);
        }
    }

    private static byte[] read(Path file) throws InvalidTlsIdentityException {
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new InvalidTlsIdentityException(file, "longer than " + MAX_FILE_BYTES + " bytes", null);
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new InvalidTlsIdentityException(file, "cannot be read", e);
        }
    }

    private static void checkPermissions(Path file) throws InvalidTlsIdentityException {
        try {
            if (Files.getFileStore(file).supportsFileAttributeView("posix")
                    && !OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
                throw new InvalidTlsIdentityException(
                        file, "others than its owner may read this key: chmod 600 it", null);
            }
        } catch (IOException e) {
            throw new InvalidTlsIdentityException(file, "cannot be read", e);
        }
    }

    private static boolean isPair(X509Certificate certificate, PrivateKey key) {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "EC" -> "SHA256withECDSA";
                    case "RSA" -> "SHA256withRSA";
                    default -> key.getAlgorithm();
                };
        try {
            byte[] probe = CertificatePin.of(certificate).sha256Hex().getBytes(StandardCharsets.US_ASCII);
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(probe);
            byte[] signature = signer.sign();
            signer.initVerify(certificate.getPublicKey());
            signer.update(probe);
            return signer.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static String pem(String begin, byte[] content, String end) {
        byte[] lineEnd = "\n".getBytes(StandardCharsets.US_ASCII);
        return begin + "\n" + Base64.getMimeEncoder(LINE_LENGTH, lineEnd).encodeToString(content) + "\n" + end + "\n";
    }
}
