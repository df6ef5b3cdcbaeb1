package dev.moraine.wire.transport;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;

/**
 * The shortest certificate there is: X.509 version 1, signed by its own key, without an end that matters. Where
 * certificates are known by their pins, all that counts is the key in it.
 */
final class SelfSignedCertificate {
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OBJECT_ID = 0x06;
    private static final int UTF8_STRING = 0x0C;
    private static final int GENERALIZED_TIME = 0x18;
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int LONG_FORM = 0x80;
    private static final int MAX_SHORT_LENGTH = 0x7F;
    private static final String NOT_BEFORE = "20200101000000Z";
    private static final String NOT_AFTER = "99991231235959Z";
    // 1.2.840.10045.4.3.2, ECDSA with SHA-256.
    private static final byte[] ECDSA_WITH_SHA256 = {0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 0x04, 0x03, 0x02};
    // 2.5.4.3, common name.
    private static final byte[] COMMON_NAME = {0x55, 0x04, 0x03};

    private SelfSignedCertificate() {}

    /** The DER encoding of a certificate for an elliptic-curve key pair. */
    static byte[] encode(KeyPair keys, BigInteger serialNumber, String name) throws GeneralSecurityException {
        byte[] algorithm = value(SEQUENCE, value(OBJECT_ID, ECDSA_WITH_SHA256));
        byte[] commonName = value(
                SEQUENCE,
                value(OBJECT_ID, COMMON_NAME),
                value(UTF8_STRING, name.getBytes(StandardCharsets.UTF_8)));
        byte[] who = value(SEQUENCE, value(SET, commonName));
        byte[] content = value(
                SEQUENCE,
                value(INTEGER, serialNumber.toByteArray()),
                algorithm,
                who,
                value(SEQUENCE, time(NOT_BEFORE), time(NOT_AFTER)),
                who,
                keys.getPublic().getEncoded());
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(keys.getPrivate());
        signature.update(content);
        byte[] noUnusedBits = {0};
        return value(SEQUENCE, content, algorithm, value(BIT_STRING, noUnusedBits, signature.sign()));
    }

    private static byte[] time(String generalized) {
        return value(GENERALIZED_TIME, generalized.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] value(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (length > MAX_SHORT_LENGTH) {
            byte[] digits = BigInteger.valueOf(length).toByteArray();
            int first = digits[0] == 0 ? 1 : 0;
            out.write(LONG_FORM | digits.length - first);
            out.write(digits, first, digits.length - first);
        } else {
            out.write(length);
        }
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
