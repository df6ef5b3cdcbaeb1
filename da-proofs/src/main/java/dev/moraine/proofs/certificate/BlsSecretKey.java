package dev.moraine.proofs.certificate;

import java.security.SecureRandom;
import java.util.Arrays;
import javax.security.auth.Destroyable;

/**
 * The secret key of a storage node. Its bytes are kept in one array that {@link #destroy()} wipes; the copies that a
 * signature needs are wiped when it is made. (What the garbage collector moved, and what the native call copied, is out
 * of reach.) Nothing prints it.
 *
 * <p>Thread-safe; signatures are made in parallel.
 */
public final class BlsSecretKey implements Destroyable {
    /** Bytes of the key: a big-endian integer from 1 to the group's order less one. */
    public static final int ENCODED_BYTES = BlsNative.SECRET_KEY_BYTES;

    private final byte[] secret;
    private final BlsPublicKey publicKey;
    private boolean destroyed;

    private BlsSecretKey(byte[] secret) {
        this.secret = secret;
        try {
            this.publicKey = BlsPublicKey.decode(BlsNative.publicKey(secret));
        } catch (InvalidPointException e) {
            // A product of the generator and 1 to r-1 is a point of the group; else the library itself is broken.
            throw new IllegalStateException("the BLS library computed an unusable public key", e);
        }
    }

    /**
     * Makes a new key.
     *
     * @param random a cryptographic source
     * @return the key
     */
    public static BlsSecretKey generate(SecureRandom random) {
        byte[] keyMaterial = new byte[ENCODED_BYTES];
        random.nextBytes(keyMaterial);
        try {
            return new BlsSecretKey(BlsNative.deriveSecretKey(keyMaterial));
        } finally {
            Arrays.fill(keyMaterial, (byte) 0);
        }
    }

    /**
     * Takes a key from its bytes. The key keeps a copy; the caller wipes its own.
     *
     * @param secret {@link #ENCODED_BYTES} bytes
     * @return the key
     * @throws IllegalArgumentException unless they are an integer from 1 to the group's order less one
     */
    public static BlsSecretKey fromBytes(byte[] secret) {
        if (!BlsNative.isSecretKey(secret)) {
            throw new IllegalArgumentException("a BLS secret key is " + ENCODED_BYTES
                    + " bytes, a big-endian integer from 1 to the group's order less one");
        }
        return new BlsSecretKey(secret.clone());
    }

    /**
     * The public key.
     *
     * @return the key that verifies what this one signs
     */
    public BlsPublicKey publicKey() {
        return publicKey;
    }

    /**
     * Signs a message. Sign only encodings that start with a tag of the protocol: the tag keeps a signature from being
     * read as one over something else.
     *
     * @param message the bytes to sign
     * @return the signature
     * @throws IllegalStateException if the key was destroyed
     */
    public BlsSignature sign(byte[] message) {
        return sign(message, BlsNative.Suite.SIGNATURE);
    }

    /**
     * Proves that the holder of the public key knows this key.
     *
     * @return the proof, which {@link BlsPublicKey#verifyPossession} verifies
     * @throws IllegalStateException if the key was destroyed
     */
    public BlsSignature proofOfPossession() {
        return sign(publicKey.encode(), BlsNative.Suite.POSSESSION);
    }

    private BlsSignature sign(byte[] message, BlsNative.Suite suite) {
        byte[] copy = copyBytes();
        try {
            return new BlsSignature(BlsNative.sign(copy, message, suite));
        } finally {
            Arrays.fill(copy, (byte) 0);
        }
    }

    /**
     * The bytes of the key, for its file.
     *
     * @return a new array, which the caller wipes
     * @throws IllegalStateException if the key was destroyed
     */
    synchronized byte[] copyBytes() {
        if (destroyed) {
            throw new IllegalStateException("the secret key was destroyed");
        }
        return secret.clone();
    }

    /** Wipes the key; it signs nothing afterwards. Signatures that are being made are finished. */
    @Override
    public synchronized void destroy() {
        Arrays.fill(secret, (byte) 0);
        destroyed = true;
    }

    @Override
    public synchronized boolean isDestroyed() {
        return destroyed;
    }

    /** Names the public key and shows nothing of the secret one. */
    @Override
    public String toString() {
        return "BlsSecretKey(of " + publicKey + ")";
    }
}
