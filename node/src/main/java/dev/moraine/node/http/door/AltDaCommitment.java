package dev.moraine.node.http.door;

import dev.moraine.node.http.HttpProblem;
import dev.moraine.node.http.HttpProblemException;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.hash.Digest;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Locale;

/**
 * A commitment as the OP Stack encodes it: a type byte and what depends on the type. Keccak commitments are
 * {@code 00 ‖ keccak256 32}. Generic ones of this server are {@code 01 ‖ 4d ‖ blobId 32}: the second byte tells the DA
 * layer, and 4d is the ASCII letter M, which nobody else has (00 is EigenDA, 0a Avail, 0c Celestia, ff for tests).
 *
 * @param isKeccak the type
 * @param digest the hash, or the blob's id
 */
record AltDaCommitment(boolean isKeccak, Digest digest) {
    /** The DA layer's byte. */
    static final byte DA_LAYER = 0x4d;

    private static final byte KECCAK_TYPE = 0;
    private static final byte GENERIC_TYPE = 1;
    private static final int KECCAK_BYTES = 1 + Digest.BYTES;
    private static final int GENERIC_BYTES = 2 + BlobId.BYTES;
    private static final int BAD_REQUEST = 400;

    /**
     * The generic commitment to a blob.
     *
     * @param id the blob
     * @return the commitment
     */
    static AltDaCommitment generic(BlobId id) {
        return new AltDaCommitment(false, id.digest());
    }

    /**
     * Reads the last part of a path.
     *
     * @param key hex digits of either case, with or without 0x before them
     * @return the commitment
     * @throws HttpProblemException 400 if it is no commitment of this server's
     */
    static AltDaCommitment parse(String key) throws HttpProblemException {
        String digits = key.startsWith("0x") || key.startsWith("0X") ? key.substring(2) : key;
        byte[] bytes;
        try {
            bytes = HexFormat.of().parseHex(digits.toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw HttpProblem.ofField(BAD_REQUEST, "INVALID_COMMITMENT", "commitment", key, "hex digits after 0x")
                    .toException();
        }
        if (bytes.length == KECCAK_BYTES && bytes[0] == KECCAK_TYPE) {
            return new AltDaCommitment(true, Digest.of(bytes, 1));
        }
        if (bytes.length == GENERIC_BYTES && bytes[0] == GENERIC_TYPE && bytes[1] == DA_LAYER) {
            return new AltDaCommitment(false, Digest.of(bytes, 2));
        }
        throw HttpProblem.ofField(
                        BAD_REQUEST, "INVALID_COMMITMENT", "commitment", key,
                        "00 and a Keccak-256 hash, or 014d and a blob id")
                .toException();
    }

    /** {@return the bytes that go on the chain, without the version of the transaction's data} */
    byte[] encode() {
        ByteBuffer bytes = ByteBuffer.allocate(isKeccak ? KECCAK_BYTES : GENERIC_BYTES);
        bytes.put(isKeccak ? KECCAK_TYPE : GENERIC_TYPE);
        if (!isKeccak) {
            bytes.put(DA_LAYER);
        }
        return bytes.put(digest.toBytes()).array();
    }
}
