package dev.moraine.proofs.certificate;

/**
 * Why bytes are not the encoding of an object. Every object has exactly one.
 */
public enum EncodingFault {
    /** Bytes are missing or trailing. */
    WRONG_LENGTH,
    /** The bytes do not start with the tag of the object: they are another object, or another version of it. */
    WRONG_TAG,
    /** A number is outside its range. */
    OUT_OF_RANGE,
    /** A bit of a bitmap is set that stands for nobody. */
    UNUSED_BITS_SET,
    /** The bytes of a signature are not a usable point; the cause is an {@link InvalidPointException} and says why. */
    BAD_POINT
}
