package dev.moraine.sampling.read;

import dev.moraine.proofs.proof.Axis;
import dev.moraine.proofs.proof.SymbolProof;
import dev.moraine.wire.message.Coordinate;
import org.jspecify.annotations.Nullable;

/**
 * What became of one question for a symbol.
 *
 * @param coordinate the symbol
 * @param axis the line whose holder was asked
 * @param proof the symbol with its proof, verified; null if the holder did not give one
 */
public record SymbolReply(Coordinate coordinate, Axis axis, @Nullable SymbolProof proof) {
    /**
     * The proof of a reply that is known to have one.
     *
     * @return the proof
     * @throws IllegalStateException if the holder did not give one
     */
    public SymbolProof proved() {
        if (proof == null) {
            throw new IllegalStateException("the holder did not prove " + coordinate);
        }
        return proof;
    }
}
