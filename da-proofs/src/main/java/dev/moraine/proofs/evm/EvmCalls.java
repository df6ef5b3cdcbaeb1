package dev.moraine.proofs.evm;

import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.EvmForm;
import dev.moraine.proofs.certificate.SignedVerdict;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.proof.ChunkProof;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * Calldata, in the Solidity ABI, for contracts that offer the library functions of {@code da-proofs/solidity/} under their
 * own names and with their parameters, as {@code test/Verifier.sol} does: selector and arguments.
 *
 * <p>Stateless and thread-safe.
 */
public final class EvmCalls {
    /** The first four bytes of Keccak-256 of {@code wordAt(bytes32,uint256,bytes,bytes,uint256)}. */
    private static final byte[] WORD_AT = HexFormat.of().parseHex("d044026f");

    /** Likewise of {@code verifyBlobCertificate(bytes32,bytes,bytes,bytes)}. */
    private static final byte[] VERIFY_BLOB_CERTIFICATE = HexFormat.of().parseHex("946f4ede");

    /** Likewise of {@code verifyVerdict(bytes32,bytes,bytes,bytes)}. */
    private static final byte[] VERIFY_VERDICT = HexFormat.of().parseHex("88c21c9d");

    private static final int WORD_BYTES = 32;

    private EvmCalls() {}

    /**
     * The 32 bytes of a blob at an offset.
     *
     * @param header the blob's header
     * @param proof the proof of the chunk that holds the offset
     * @param offset a multiple of 32 below the blob's length
     * @return the calldata of {@code wordAt}
     * @throws IllegalArgumentException if no word begins at the offset
     */
    public static byte[] wordAt(BlobHeader header, ChunkProof proof, long offset) {
        if (offset < 0 || offset % WORD_BYTES != 0 || offset >= header.lengthBytes()) {
            throw new IllegalArgumentException("offset must be a multiple of " + WORD_BYTES + " from 0 and below "
                    + header.lengthBytes() + ", but is " + offset);
        }
        return new Arguments(5)
                .word(header.id().digest())
                .word(header.shards())
                .bytes(header.encode())
                .bytes(proof.encode())
                .word(offset)
                .after(WORD_AT);
    }

    /**
     * The certificate of a blob.
     *
     * @param committee whose members signed
     * @param certificate the certificate
     * @return the calldata of {@code verifyBlobCertificate}
     */
    public static byte[] verifyBlobCertificate(Committee committee, BlobCertificate certificate) {
        return signed(
                VERIFY_BLOB_CERTIFICATE,
                committee,
                certificate.certificate().signerBitmap(),
                EvmForm.certificate(certificate));
    }

    /**
     * A verdict on a blob.
     *
     * @param committee whose members signed
     * @param verdict the signed verdict
     * @return the calldata of {@code verifyVerdict}
     */
    public static byte[] verifyVerdict(Committee committee, SignedVerdict verdict) {
        return signed(VERIFY_VERDICT, committee, verdict.signerBitmap(), EvmForm.verdict(verdict));
    }

    private static byte[] signed(byte[] selector, Committee committee, byte[] signerBitmap, byte[] signed) {
        return new Arguments(4)
                .word(committee.deploymentId())
                .bytes(EvmForm.committee(committee))
                .bytes(EvmForm.signerCoordinates(committee, signerBitmap))
                .bytes(signed)
                .after(selector);
    }

    /** Arguments: words stand in the head; of byte strings the head has the place, and the tail length and bytes. */
    private static final class Arguments {
        private final int headBytes;
        private final ByteArrayOutputStream head = new ByteArrayOutputStream();
        private final ByteArrayOutputStream tail = new ByteArrayOutputStream();

        Arguments(int count) {
            headBytes = count * WORD_BYTES;
        }

        Arguments word(Digest value) {
            head.writeBytes(value.toBytes());
            return this;
        }

        Arguments word(long value) {
            head.writeBytes(wordOf(value));
            return this;
        }

        Arguments bytes(byte[] value) {
            head.writeBytes(wordOf((long) headBytes + tail.size()));
            tail.writeBytes(wordOf(value.length));
            tail.writeBytes(value);
            tail.writeBytes(new byte[Math.floorMod(-value.length, WORD_BYTES)]);
            return this;
        }

        byte[] after(byte[] selector) {
            return ByteBuffer.allocate(selector.length + head.size() + tail.size())
                    .put(selector)
                    .put(head.toByteArray())
                    .put(tail.toByteArray())
                    .array();
        }

        private static byte[] wordOf(long value) {
            return ByteBuffer.allocate(WORD_BYTES)
                    .putLong(WORD_BYTES - Long.BYTES, value)
                    .array();
        }
    }
}
