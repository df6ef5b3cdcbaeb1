package dev.moraine.proofs.mutation;

import java.util.Arrays;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Damages encodings in the ways that break verifiers: single bits, whole fields, lengths, hashes in each other's place,
 * pieces of other good encodings.
 */
public final class Mutator {
    private static final int DEFAULT_ROUNDS = 10_000;
    private static final int BLOCK_BYTES = 32;

    private final Random random;

    /**
     * Makes a mutator.
     *
     * @param random decides on everything
     */
    public Mutator(Random random) {
        this.random = random;
    }

    /**
     * How many rounds a campaign has.
     *
     * @return the property {@code moraine.mutations}, or a number that suits a build
     */
    public static int rounds() {
        String wanted = System.getProperty("moraine.mutations", "");
        return wanted.isEmpty() ? DEFAULT_ROUNDS : Integer.parseInt(wanted);
    }

    /**
     * Damages an encoding. Now and then the result is the same or another good one.
     *
     * @param good the encoding, at least {@value #BLOCK_BYTES} bytes; not changed
     * @param others gives other good encodings
     * @return a new array
     */
    public byte[] mutate(byte[] good, Supplier<byte[]> others) {
        byte[] mutated = good.clone();
        int at = random.nextInt(good.length);
        switch (random.nextInt(10)) {
            case 0, 1 -> mutated[at] ^= (byte) (1 << random.nextInt(8));
            case 2 -> mutated[at] = (byte) random.nextInt();
            case 3 -> mutated = Arrays.copyOf(good, random.nextInt(good.length));
            case 4 -> mutated = Arrays.copyOf(good, good.length + 1 + random.nextInt(70));
            case 5 -> swapBlocks(good, mutated);
            case 6 -> Arrays.fill(mutated, at, Math.min(good.length, at + BLOCK_BYTES), (byte) random.nextInt(2));
            case 7 -> splice(others.get(), mutated, at);
            case 8 -> mutated = others.get();
            default -> random.nextBytes(mutated);
        }
        return mutated;
    }

    /** Blocks are counted from the end, where the siblings are. */
    private void swapBlocks(byte[] good, byte[] mutated) {
        int blocks = good.length / BLOCK_BYTES;
        int one = good.length - BLOCK_BYTES * (1 + random.nextInt(blocks));
        int two = good.length - BLOCK_BYTES * (1 + random.nextInt(blocks));
        System.arraycopy(good, one, mutated, two, BLOCK_BYTES);
        System.arraycopy(good, two, mutated, one, BLOCK_BYTES);
    }

    /** The rest of another encoding, from a byte on, or the piece of it that stands at a place. */
    private void splice(byte[] other, byte[] mutated, int at) {
        int common = Math.min(other.length, mutated.length);
        int length = common - Math.min(at, common);
        if (random.nextBoolean()) {
            System.arraycopy(other, other.length - length, mutated, mutated.length - length, length);
        } else {
            int piece = random.nextInt(length + 1);
            System.arraycopy(other, common - length, mutated, common - length, piece);
        }
    }
}
