package dev.moraine.node.http.door;

import dev.moraine.proofs.hash.Digest;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bouncycastle.crypto.digests.KeccakDigest;

/** The hash that Ethereum names things by: Keccak-256 with the padding from before it became SHA-3. */
final class Keccak256 {
    private static final int BITS = 256;
    private static final int PIECE_BYTES = 64 << 10;

    private Keccak256() {}

    /**
     * Hashes bytes.
     *
     * @param content any bytes
     * @return 32 bytes
     */
    static Digest of(MemorySegment content) {
        KeccakDigest hash = new KeccakDigest(BITS);
        byte[] piece = new byte[(int) Math.min(PIECE_BYTES, content.byteSize())];
        for (long offset = 0; offset < content.byteSize(); offset += piece.length) {
            int pieceBytes = (int) Math.min(piece.length, content.byteSize() - offset);
            MemorySegment.copy(content, ValueLayout.JAVA_BYTE, offset, piece, 0, pieceBytes);
            hash.update(piece, 0, pieceBytes);
        }
        byte[] digest = new byte[Digest.BYTES];
        hash.doFinal(digest, 0);
        return Digest.of(digest);
    }
}
