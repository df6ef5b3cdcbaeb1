package dev.moraine.proofs.certificate;

import java.security.SecureRandom;
import java.util.Arrays;
import javax.security.auth.Destroyable;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * The secret Ed25519 key of a writer. {@link #destroy()} wipes its bytes; nothing prints it.
 *
 * <p>Thread-safe.
 */
public final class WriterKey implements Destroyable {
    /** Bytes of the secret seed that the key follows from. */
    public static final int SEED_BYTES = 32;

    private final byte[] seed;
    private final WriterPublicKey publicKey;
    private final byte[] encodedPublicKey;
    private boolean isDestroyed;

    private WriterKey(byte[] seed) {
        this.seed = seed;
        this.encodedPublicKey = new byte[WriterPublicKey.ENCODED_BYTES];
        Ed25519.generatePublicKey(seed, 0, encodedPublicKey, 0);
        try {
            this.publicKey = WriterPublicKey.decode(encodedPublicKey);
        } catch (InvalidEncodingException e) {
            throw new IllegalStateException("an unusable public key was computed", e);
        }
    }

    /**
     * Makes a new key.
     *
     * @param random a cryptographic source
     * @return the key
     */
    public static WriterKey generate(SecureRandom random) {
        byte[] seed = new byte[SEED_BYTES];
        random.nextBytes(seed);
        return new WriterKey(seed);
    }

    /**
     * Takes a key from its seed. The key keeps a copy; the caller wipes its own.
     *
     * @param seed {@link #SEED_BYTES} bytes
     * @return the key
     * @throws IllegalArgumentException if they have another length
     */
    public static WriterKey fromSeed(byte[] seed) {
        if (seed.length != SEED_BYTES) {
            throw new IllegalArgumentException("a writer's seed has " + SEED_BYTES + " bytes, not " + seed.length);
        }
        return new WriterKey(seed.clone());
    }

    /**
     * The public key.
     *
     * @return the key that verifies what this one signs
     */
    public WriterPublicKey publicKey() {
        return publicKey;
    }

    /**
     * Grants a right.
     *
     * @param right the right
     * @return the signature, {@link WriterPublicKey#SIGNATURE_BYTES} bytes
     * @throws IllegalStateException if the key was destroyed
     */
    public byte[] sign(WriteRight right) {
        return sign(right.encode());
    }

    /**
     * Signs any bytes.
     *
     * @param message the bytes
     * @return the signature
     */
    synchronized byte[] sign(byte[] message) {
        checkLiving();
        byte[] signature = new byte[WriterPublicKey.SIGNATURE_BYTES];
        Ed25519.sign(seed, 0, encodedPublicKey, 0, message, 0, message.length, signature, 0);
        return signature;
    }

    /**
     * The seed, for the key's file.
     *
     * @return a new array, which the caller wipes
     * @throws IllegalStateException if the key was destroyed
     */
    synchronized byte[] copySeed() {
        checkLiving();
        return seed.clone();
    }

    private void checkLiving() {
        if (isDestroyed) {
            throw new IllegalStateException("the secret key was destroyed");
        }
    }

    /** Wipes the seed; the key signs nothing afterwards. */
    @Override
    public synchronized void destroy() {
        Arrays.fill(seed, (byte) 0);
        isDestroyed = true;
    }

    @Override
    public synchronized boolean isDestroyed() {
        return isDestroyed;
    }

    /** Names the public key and shows nothing of the secret one. */
    @Override
    public String toString() {
        return "WriterKey(of " + publicKey + ")";
    }
}
