package dev.moraine.wire.transport;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Names one certificate: the SHA-256 of its DER encoding. Whoever shows the certificate of an accepted pin, and has its
 * key, is who it claims to be; issuers, names and dates of certificates do not matter.
 *
 * @param sha256Hex 64 lower-case hexadecimal digits
 */
public record CertificatePin(String sha256Hex) {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");

    /**
     * Checks the form.
     *
     * @throws IllegalArgumentException if these are not 64 lower-case hexadecimal digits
     */
    public CertificatePin {
        if (!FORM.matcher(sha256Hex).matches()) {
            throw new IllegalArgumentException(
                    "a certificate pin must be 64 lower-case hexadecimal digits, but is '" + sha256Hex + "'");
        }
    }

    /**
     * Reads the text form.
     *
     * @param sha256Hex 64 lower-case hexadecimal digits
     * @return the pin
     * @throws IllegalArgumentException if it is anything else
     */
    public static CertificatePin parse(String sha256Hex) {
        return new CertificatePin(sha256Hex);
    }

    /**
     * The pin of a certificate.
     *
     * @param certificate any certificate
     * @return its pin
     */
    public static CertificatePin of(X509Certificate certificate) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return new CertificatePin(HexFormat.of().formatHex(digest));
        } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was decoded cannot be hashed", e);
        }
    }

    /** The 64 digits. */
    @Override
    public String toString() {
        return sha256Hex;
    }
}
