package dev.moraine.codec;

import dev.moraine.codec.field.CantorField;

/**
 * The code {@code RS(k, n)} as evaluations of one polynomial, from which the coefficients of every encoding and
 * every recovery are read off without inverting a matrix.
 *
 * <p>Section 2 of the protocol puts data shard {@code i} at the point {@code pᵢ = m + i} and parity shard {@code j} at
 * the point {@code j}, and gives parity by the Lagrange formula over the m points of the block of each data shard.
 * Those points are a coset of the linear subspace {@code W = {0 … m−1}}, so the products of that formula are the same
 * for a whole block: the coefficient of data shard i in parity shard j is {@code s(pᵢ) / (c·(j + pᵢ))}, where {@code
 * s(x) = Π (x + w)} over all {@code w ∈ W}, and c is the product of the {@code w ≠ 0}.
 *
 * <p>That is a Cauchy matrix with scaled columns, which makes the code a generalised Reed-Solomon code: there are
 * multipliers {@code v} such that shard z of any codeword is {@code v_z·F(x_z)} for one polynomial F of degree below k.
 * With {@code M(x) = Π (x + pᵢ)} over the data points they are {@code 1/M(j)} for parity shard j and
 * {@code c/(s(pᵢ)·M′(pᵢ))} for data shard i. Lagrange's formula through any k shards then gives all others.
 *
 * <p>Immutable and thread-safe.
 */
final class CodePoints {
    private final int dataShards;
    private final int[] points;
    private final int[] multipliers;

    /**
     * Computes points and multipliers.
     *
     * @param dataShards k
     * @param totalShards n, above k, with {@code m + k ≤ 256} for the power of two m at or above {@code n − k}
     */
    CodePoints(int dataShards, int totalShards) {
        this.dataShards = dataShards;
        points = new int[totalShards];
        multipliers = new int[totalShards];
        int blockSize = blockSize(dataShards, totalShards);
        for (int shard = 0; shard < totalShards; shard++) {
            points[shard] = shard < dataShards ? blockSize + shard : shard - dataShards;
        }
        int[] dataIndices = range(0, dataShards);
        int subspaceProduct = 1;
        for (int w = 1; w < blockSize; w++) {
            subspaceProduct = CantorField.multiply(subspaceProduct, w);
        }
        for (int shard = 0; shard < totalShards; shard++) {
            int denominator = productOfDistances(dataIndices, shard);
            int numerator = 1;
            if (shard < dataShards) {
                for (int w = 0; w < blockSize; w++) {
                    denominator = CantorField.multiply(denominator, points[shard] ^ w);
                }
                numerator = subspaceProduct;
            }
            multipliers[shard] = CantorField.multiply(numerator, CantorField.inverse(denominator));
        }
    }

    /**
     * The power of two m at or above the number of parity shards.
     *
     * @param dataShards k
     * @param totalShards n, above k
     * @return m
     */
    static int blockSize(int dataShards, int totalShards) {
        return Integer.highestOneBit(2 * (totalShards - dataShards) - 1);
    }

    /** Data shards, k. */
    int dataShards() {
        return dataShards;
    }

    /** Data and parity shards, n. */
    int totalShards() {
        return points.length;
    }

    /** The points of some shards. */
    int[] pointsOf(int[] shards) {
        int[] found = new int[shards.length];
        for (int i = 0; i < shards.length; i++) {
            found[i] = points[shards[i]];
        }
        return found;
    }

    /** One more than the point of the last data shard; no other point is larger. */
    int endPoint() {
        return blockSize(dataShards, points.length) + dataShards;
    }

    /** The map from the data shards to the parity shards. */
    LinearMap encoding() {
        return mapping(range(0, dataShards), range(dataShards, points.length));
    }

    /**
     * The map from any k shards to any others.
     *
     * @param sources k shard indices, ascending
     * @param targets shard indices, ascending, none of them a source
     * @return the coefficients of the targets
     */
    LinearMap mapping(int[] sources, int[] targets) {
        int[] sourceWeights = new int[sources.length];
        for (int i = 0; i < sources.length; i++) {
            int source = sources[i];
            sourceWeights[i] = CantorField.inverse(
                    CantorField.multiply(multipliers[source], productOfDistances(sources, source)));
        }
        byte[] coefficients = new byte[targets.length * sources.length];
        int next = 0;
        for (int target : targets) {
            int targetWeight = CantorField.multiply(multipliers[target], productOfDistances(sources, target));
            for (int i = 0; i < sources.length; i++) {
                int distance = points[target] ^ points[sources[i]];
                int share = CantorField.multiply(sourceWeights[i], CantorField.inverse(distance));
                coefficients[next++] = (byte) CantorField.multiply(targetWeight, share);
            }
        }
        return new LinearMap(sources, targets, coefficients);
    }

    /**
     * The product of the differences between the point of a shard and the points of the given shards other than
     * itself.
     */
    private int productOfDistances(int[] shards, int from) {
        int product = 1;
        for (int shard : shards) {
            if (shard != from) {
                product = CantorField.multiply(product, points[from] ^ points[shard]);
            }
        }
        return product;
    }

    private static int[] range(int first, int end) {
        int[] indices = new int[end - first];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = first + i;
        }
        return indices;
    }
}
