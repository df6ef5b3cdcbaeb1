package dev.moraine.proofs.certificate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The native library against vectors of a second implementation, py_ecc. The file says how its lines read; it holds
 * the keys and messages of the Ethereum consensus tests, whose ciphersuite is the same.
 */
class BlsVectorTest {
    private static final HexFormat HEX = HexFormat.of();

    @Test
    void signaturesAreThoseOfTheOtherImplementation() {
        for (String[] row : rows("sign", 14)) {
            BlsSignature signature = key(row[1]).sign(bytes(row[2]));
            assertEquals(row[3], signature.toString());
            assertTrue(key(row[1]).publicKey().verify(bytes(row[2]), signature));
        }
    }

    @Test
    void publicKeysAreThoseOfTheOtherImplementation() {
        for (String[] row : rows("public", 5)) {
            assertEquals(row[2], key(row[1]).publicKey().toString());
        }
    }

    @Test
    void secretKeysAreTakenFromOneToTheOrderLessOne() {
        for (String[] row : rows("secret", 6)) {
            if (Boolean.parseBoolean(row[2])) {
                assertArrayEquals(bytes(row[1]), key(row[1]).copyBytes());
            } else {
                assertThrows(IllegalArgumentException.class, () -> key(row[1]), row[1]);
            }
        }
    }

    @Test
    void proofsOfPossessionAreThoseOfTheOtherImplementation() throws InvalidPointException {
        for (String[] row : rows("possession", 5)) {
            assertEquals(row[2], key(row[1]).proofOfPossession().toString());
            assertTrue(key(row[1]).publicKey().verifyPossession(BlsSignature.parse(row[2])));
        }
    }

    @Test
    void bothImplementationsAcceptTheSameSignatures() throws InvalidPointException {
        for (String[] row : rows("verify", 15)) {
            boolean good = BlsPublicKey.parse(row[1]).verify(bytes(row[2]), BlsSignature.parse(row[3]));
            assertEquals(Boolean.parseBoolean(row[4]), good, String.join(" ", row));
        }
    }

    @Test
    void aggregatesAreThoseOfTheOtherImplementation() throws InvalidPointException {
        for (String[] row : rows("aggregate", 5)) {
            List<BlsSignature> signatures = new ArrayList<>();
            for (String signature : row[1].split(",", -1)) {
                signatures.add(BlsSignature.parse(signature));
            }
            assertEquals(row[2], SignatureAggregator.aggregate(signatures).orElseThrow().toString());
        }
    }

    @Test
    void bothImplementationsAcceptTheSameAggregates() throws InvalidPointException {
        for (String[] row : rows("fast_aggregate_verify", 18)) {
            List<BlsPublicKey> keys = new ArrayList<>();
            for (String key : row[1].split(",", -1)) {
                keys.add(BlsPublicKey.parse(key));
            }
            boolean good = SignatureAggregator.verifyAggregate(keys, bytes(row[2]), BlsSignature.parse(row[3]));
            assertEquals(Boolean.parseBoolean(row[4]), good, String.join(" ", row));
        }
    }

    @Test
    void unusableKeyPointsAreNamed() throws InvalidPointException {
        for (String[] row : rows("point_g1", 20)) {
            if (row[2].equals("GOOD")) {
                assertEquals(row[1], BlsPublicKey.parse(row[1]).toString());
            } else {
                InvalidPointException e =
                        assertThrows(InvalidPointException.class, () -> BlsPublicKey.parse(row[1]), row[1]);
                assertEquals(PointFault.valueOf(row[2]), e.fault(), row[1]);
            }
        }
    }

    @Test
    void unusableSignaturePointsAreNamed() throws InvalidPointException {
        for (String[] row : rows("point_g2", 17)) {
            if (row[2].equals("GOOD")) {
                assertEquals(row[1], BlsSignature.parse(row[1]).toString());
            } else {
                InvalidPointException e =
                        assertThrows(InvalidPointException.class, () -> BlsSignature.parse(row[1]), row[1]);
                assertEquals(PointFault.valueOf(row[2]), e.fault(), row[1]);
            }
        }
    }

    private static BlsSecretKey key(String hex) {
        return BlsSecretKey.fromBytes(bytes(hex));
    }

    private static byte[] bytes(String hex) {
        return hex.equals("-") ? new byte[0] : HEX.parseHex(hex);
    }

    static List<String[]> rows(String kind, int atLeast) {
        return rows("bls-vectors.txt", kind, atLeast);
    }

    static List<String[]> rows(String name, String kind, int atLeast) {
        List<String[]> rows = new ArrayList<>();
        InputStream file = BlsVectorTest.class.getResourceAsStream(name);
        assertNotNull(file, name + " is missing");
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(file, StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(kind + " ")) {
                    rows.add(line.split(" ", -1));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertFalse(rows.size() < atLeast, "only " + rows.size() + " vectors of kind " + kind);
        return rows;
    }
}
