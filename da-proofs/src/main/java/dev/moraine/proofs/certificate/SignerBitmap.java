package dev.moraine.proofs.certificate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * Who signed, as bits: node {@code i} is bit {@code i mod 8}, lowest first, of byte {@code ⌊i/8⌋}. Unused bits are
 * zero.
 */
final class SignerBitmap {
    private SignerBitmap() {}

    /**
     * Bytes of the bitmap.
     *
     * @param members how many nodes the committee has
     * @return {@code ⌈members/8⌉}
     */
    static int encodedBytes(int members) {
        return Math.ceilDiv(members, Byte.SIZE);
    }

    /**
     * Sets bits.
     *
     * @param signers places of members; a repeated one counts once
     * @param members how many nodes the committee has
     * @return the bitmap
     * @throws IndexOutOfBoundsException if a signer is no member
     */
    static byte[] of(Collection<Integer> signers, int members) {
        byte[] bitmap = new byte[encodedBytes(members)];
        for (int signer : signers) {
            Objects.checkIndex(signer, members);
            bitmap[signer / Byte.SIZE] |= (byte) (1 << (signer % Byte.SIZE));
        }
        return bitmap;
    }

    /**
     * The set bits.
     *
     * @param bitmap any bytes
     * @return the places, ascending
     */
    static List<Integer> signers(byte[] bitmap) {
        List<Integer> signers = new ArrayList<>();
        for (int i = 0; i < bitmap.length * Byte.SIZE; i++) {
            if ((bitmap[i / Byte.SIZE] >> (i % Byte.SIZE) & 1) != 0) {
                signers.add(i);
            }
        }
        return signers;
    }

    /**
     * Whether a bit is set that stands for no member.
     *
     * @param bitmap a bitmap of the right length
     * @param members how many nodes the committee has
     * @return whether there is one
     */
    static boolean hasUnusedBits(byte[] bitmap, int members) {
        int usedInLast = members % Byte.SIZE;
        return usedInLast != 0 && (bitmap[bitmap.length - 1] & 0xFF) >>> usedInLast != 0;
    }
}
