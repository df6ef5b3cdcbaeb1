package dev.moraine.proofs.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The Ethereum consensus tests of BLS signatures, whose ciphersuite is ours. They know the point at infinity as a
 * point; here it is refused wherever a key or a signature is wanted, which is what their results come to as well.
 */
class EthereumBlsVectorTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final String REFUSED = "null";

    @Test
    void signaturesAreThoseOfTheVectors() {
        for (String[] row : rows("sign", 10)) {
            if (row[4].equals(REFUSED)) {
                assertThrows(IllegalArgumentException.class, () -> BlsSecretKey.fromBytes(bytes(row[2])), row[1]);
            } else {
                assertEquals(row[4], BlsSecretKey.fromBytes(bytes(row[2])).sign(bytes(row[3])).toString(), row[1]);
            }
        }
    }

    @Test
    void theSameSignaturesAreGood() {
        for (String[] row : rows("verify", 29)) {
            boolean isGood;
            try {
                isGood = BlsPublicKey.parse(row[2]).verify(bytes(row[3]), BlsSignature.parse(row[4]));
            } catch (InvalidPointException e) {
                isGood = false;
            }
            assertEquals(Boolean.parseBoolean(row[5]), isGood, row[1]);
        }
    }

    @Test
    void sumsAreThoseOfTheVectors() throws InvalidPointException {
        for (String[] row : rows("aggregate", 6)) {
            List<BlsSignature> signatures = new ArrayList<>();
            if (row[1].equals("aggregate_infinity_signature")) {
                assertEquals(
                        PointFault.INFINITY,
                        assertThrows(InvalidPointException.class, () -> BlsSignature.parse(row[2])).fault());
                continue;
            }
            for (String signature : list(row[2])) {
                signatures.add(BlsSignature.parse(signature));
            }
            String sum = SignatureAggregator.aggregate(signatures)
                    .map(BlsSignature::toString)
                    .orElse(REFUSED);
            assertEquals(row[3], sum, row[1]);
        }
    }

    @Test
    void theSameAggregatesAreGood() {
        for (String[] row : rows("fast_aggregate_verify", 12)) {
            boolean isGood;
            try {
                List<BlsPublicKey> keys = new ArrayList<>();
                for (String key : list(row[2])) {
                    keys.add(BlsPublicKey.parse(key));
                }
                isGood = SignatureAggregator.verifyAggregate(keys, bytes(row[3]), BlsSignature.parse(row[4]));
            } catch (InvalidPointException e) {
                isGood = false;
            }
            assertEquals(Boolean.parseBoolean(row[5]), isGood, row[1]);
        }
    }

    @Test
    void theSamePointsAreReadExceptInfinity() {
        for (String[] row : rows("deserialization_G1", 13)) {
            assertRead(row, () -> BlsPublicKey.parse(row[2]).toString());
        }
        for (String[] row : rows("deserialization_G2", 15)) {
            assertRead(row, () -> BlsSignature.parse(row[2]).toString());
        }
    }

    /** Reads a point and writes it again. */
    private interface Reading {
        String read() throws InvalidPointException;
    }

    private static void assertRead(String[] row, Reading reading) {
        try {
            assertEquals(row[2], reading.read(), row[1]);
            assertEquals("true", row[3], row[1]);
        } catch (InvalidPointException e) {
            boolean isInfinity = row[1].equals("deserialization_succeeds_infinity_with_true_b_flag");
            assertEquals(isInfinity, e.fault() == PointFault.INFINITY, row[1]);
            assertNotEquals(isInfinity ? "false" : "true", row[3], row[1]);
        }
    }

    private static List<String[]> rows(String kind, int atLeast) {
        return BlsVectorTest.rows("ethereum-bls-vectors.txt", kind, atLeast);
    }

    private static List<String> list(String text) {
        return text.equals("-") ? List.of() : List.of(text.split(",", -1));
    }

    private static byte[] bytes(String hex) {
        return hex.equals("-") ? new byte[0] : HEX.parseHex(hex);
    }
}
