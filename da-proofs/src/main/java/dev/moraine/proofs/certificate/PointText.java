package dev.moraine.proofs.certificate;

import java.util.HexFormat;

/**
 * The text form of keys and signatures: lower-case hex digits, two a byte, nothing around them.
 */
final class PointText {
    private PointText() {}

    /**
     * Reads a text of known length.
     *
     * @param what what it was meant to be
     * @param text the text
     * @param lengthBytes the bytes that it must stand for
     * @return the bytes
     * @throws InvalidPointException unless it has the length and consists of lower-case hex digits
     */
    static byte[] parse(String what, String text, int lengthBytes) throws InvalidPointException {
        if (text.length() != 2 * lengthBytes) {
            throw new InvalidPointException(what, PointFault.WRONG_LENGTH);
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
                throw new InvalidPointException(what, PointFault.BAD_ENCODING);
            }
        }
        return HexFormat.of().parseHex(text);
    }
}
