package dev.moraine.proofs.certificate;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import javax.security.auth.Destroyable;
import org.jspecify.annotations.Nullable;

/**
 * The secret Ed25519 key of a writer. {@link #destroy()} wipes its bytes and drops the JDK's copy; nothing prints it.
 *
 * <p>Thread-safe.
 */
public final class WriterKey implements Destroyable {
    /** Bytes of the secret seed that the key follows from. */
    public static final int SEED_BYTES = 32;

    private final byte[] seed;
    private final WriterPublicKey publicKey;
    /** Null once destroyed. */
    private @Nullable PrivateKey signingKey;

    private WriterKey(byte[] seed) {
        this.seed = seed;
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
            generator.initialize(NamedParameterSpec.ED25519, new FixedBytes(seed));
            KeyPair pair = generator.generateKeyPair();
            this.signingKey = pair.getPrivate();
            this.publicKey = WriterPublicKey.decode(Ed25519Encoding.encode((EdECPublicKey) pair.getPublic()));
        } catch (NoSuchAlgorithmException | InvalidAlgorithmParameterException e) {
            throw new IllegalStateException("the JDK must know Ed25519", e);
        } catch (InvalidEncodingException e) {
            throw new IllegalStateException("the JDK computed an unusable public key", e);
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
    byte[] sign(byte[] message) {
        try {
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(liveKey());
            signer.update(message);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK must sign with its own key", e);
        }
    }

    /**
     * The seed, for the key's file.
     *
     * @return a new array, which the caller wipes
     * @throws IllegalStateException if the key was destroyed
     */
    synchronized byte[] copySeed() {
        liveKey();
        return seed.clone();
    }

    private synchronized PrivateKey liveKey() {
        PrivateKey key = signingKey;
        if (key == null) {
            throw new IllegalStateException("the secret key was destroyed");
        }
        return key;
    }

    /** Wipes the seed; the key signs nothing afterwards. */
    @Override
    public synchronized void destroy() {
        Arrays.fill(seed, (byte) 0);
        signingKey = null;
    }

    @Override
    public synchronized boolean isDestroyed() {
        return signingKey == null;
    }

    /** Names the public key and shows nothing of the secret one. */
    @Override
    public String toString() {
        return "WriterKey(of " + publicKey + ")";
    }

    /**
     * Hands the seed to the JDK's key generator, which takes it for fresh randomness: the JDK has no other way from a
     * seed to its public key, and its arithmetic runs in constant time.
     */
    private static final class FixedBytes extends SecureRandom {
        private static final long serialVersionUID = 1L;

        private final byte[] bytes;

        FixedBytes(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public void nextBytes(byte[] target) {
            if (target.length != bytes.length) {
                throw new IllegalStateException("the JDK must ask for one seed of " + bytes.length + " bytes");
            }
            System.arraycopy(bytes, 0, target, 0, bytes.length);
        }
    }
}
