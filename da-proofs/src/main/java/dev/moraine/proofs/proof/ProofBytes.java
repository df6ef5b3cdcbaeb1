package dev.moraine.proofs.proof;

import dev.moraine.proofs.hash.Digest;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Taking encoded proofs apart and putting them together. */
final class ProofBytes {
    private ProofBytes() {}

    /** Takes the next bytes; there are that many. */
    static byte[] take(ByteBuffer in, int lengthBytes) {
        byte[] bytes = new byte[lengthBytes];
        in.get(bytes);
        return bytes;
    }

    /** Takes the next 32 bytes; there are that many. */
    static Digest takeDigest(ByteBuffer in) {
        return Digest.of(take(in, Digest.BYTES));
    }

    /** Joins parts to a new array. */
    static byte[] concat(byte[]... parts) {
        int lengthBytes = Arrays.stream(parts).mapToInt(part -> part.length).reduce(0, Math::addExact);
        ByteBuffer out = ByteBuffer.allocate(lengthBytes);
        for (byte[] part : parts) {
            out.put(part);
        }
        return out.array();
    }
}
