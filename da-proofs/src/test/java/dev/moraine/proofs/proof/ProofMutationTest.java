package dev.moraine.proofs.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.testing.Seed;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Proofs that were damaged, spliced or asked about wrongly: none is accepted, none makes a verifier throw. */
class ProofMutationTest {
    private static final int ROUNDS = 10_000;

    private final Random random = Seed.random("ProofMutationTest");
    private final List<ProvedBlob> blobs = List.of(
            ProvedBlob.random(random, 4, 300),
            ProvedBlob.random(random, 4, 300),
            ProvedBlob.random(random, 5, 9000),
            ProvedBlob.random(random, 7, 40_000));

    /** What a verifier asks for; {@code kind} is the proof's type. */
    private record Question(int kind, int blob, int row, int column, int chunk, long offset, int length) {
        Axis axis() {
            return kind == 0 ? Axis.ROW : Axis.COLUMN;
        }
    }

    @Test
    void nothingButTheOneProofOfTheQuestionIsAccepted() {
        int accepted = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Question question = randomQuestion();
            byte[] proof = prove(question);
            byte[] mutated = random.nextInt(10) == 0 ? proof : mutate(proof);
            Question asked = random.nextInt(3) == 0 ? change(question) : question;
            boolean isItsProof = hasAnswer(asked) && Arrays.equals(mutated, prove(asked));
            assertEquals(isItsProof, isAccepted(asked, mutated), () -> asked + " for a proof of " + question);
            accepted += isItsProof ? 1 : 0;
        }
        assertTrue(accepted > ROUNDS / 100, "the campaign also shows that good proofs are accepted");
    }

    @Test
    void randomBytesOfTheRightLengthAreRejected() {
        for (int round = 0; round < 1000; round++) {
            Question question = randomQuestion();
            byte[] noise = Seed.bytes(random, prove(question).length);
            assertEquals(false, isAccepted(question, noise));
        }
    }

    private Question randomQuestion() {
        int blob = random.nextInt(blobs.size());
        ProvedBlob proved = blobs.get(blob);
        int kind = random.nextInt(4);
        int chunks = (proved.header().symbolSizeBytes() + 1023) / 1024;
        int length = 1 + random.nextInt(Math.min(3000, proved.bytes().length));
        return new Question(
                kind,
                blob,
                random.nextInt(proved.shards()),
                random.nextInt(proved.shards()),
                kind == 2 ? random.nextInt(chunks) : 0,
                kind == 3 ? random.nextInt(proved.bytes().length - length + 1) : 0,
                kind == 3 ? length : 0);
    }

    private Question change(Question q) {
        int other = random.nextInt(5) == 0 ? random.nextInt() : random.nextInt(9) - 1;
        return switch (random.nextInt(6)) {
            case 0 -> new Question(q.kind == 2 ? 2 : q.kind ^ 1, q.blob, q.row, q.column, q.chunk, q.offset, q.length);
            case 1 -> new Question(q.kind, q.blob ^ 1, q.row, q.column, q.chunk, q.offset, q.length);
            case 2 -> q.kind == 3 ? q : new Question(q.kind, q.blob, other, q.column, q.chunk, q.offset, q.length);
            case 3 -> q.kind == 3 ? q : new Question(q.kind, q.blob, q.row, other, q.chunk, q.offset, q.length);
            case 4 -> q.kind == 2 ? new Question(q.kind, q.blob, q.row, q.column, other, q.offset, q.length) : q;
            default -> q.kind == 3
                    ? new Question(q.kind, q.blob, q.row, q.column, q.chunk, q.offset + random.nextInt(3) - 1, other)
                    : q;
        };
    }

    private boolean hasAnswer(Question q) {
        ProvedBlob blob = blobs.get(q.blob);
        boolean hasSymbol = q.row >= 0 && q.row < blob.shards() && q.column >= 0 && q.column < blob.shards();
        return switch (q.kind) {
            case 0, 1 -> hasSymbol;
            case 2 -> hasSymbol && q.chunk >= 0 && q.chunk < (blob.header().symbolSizeBytes() + 1023) / 1024;
            default -> q.offset >= 0 && q.length >= 1 && q.offset <= (long) blob.bytes().length - q.length;
        };
    }

    private byte[] prove(Question q) {
        ProvedBlob blob = blobs.get(q.blob);
        return switch (q.kind) {
            case 0, 1 -> SymbolProof.of(blob.commitment(), blob.matrixBytes(), q.row, q.column, q.axis()).encode();
            case 2 -> ChunkProof.of(blob.commitment(), blob.matrixBytes(), new ChunkRun(q.row, q.column, q.chunk, 1))
                    .get(0)
                    .encode();
            default -> ByteRangeProof.of(blob.commitment(), blob.matrixBytes(), q.offset, q.length).encode();
        };
    }

    private boolean isAccepted(Question q, byte[] bytes) {
        ProvedBlob blob = blobs.get(q.blob);
        BlobHeader header = blob.header();
        BlobId id = blob.id();
        return switch (q.kind) {
            case 0, 1 -> {
                SymbolProof proof = SymbolProof.decode(bytes, header, q.row, q.column, q.axis());
                yield proof != null
                        && proof.verify(header, id, q.row, q.column, q.axis()) == ProofVerdict.ACCEPT;
            }
            case 2 -> {
                ChunkProof proof = ChunkProof.decode(bytes, header, q.row, q.column, q.chunk);
                yield proof != null && proof.verify(header, id, q.row, q.column, q.chunk) == ProofVerdict.ACCEPT;
            }
            default -> {
                ByteRangeProof proof = ByteRangeProof.decode(bytes, blob.geometry());
                yield proof != null
                        && proof.verify(blob.geometry(), id, q.offset, q.length) == ProofVerdict.ACCEPT;
            }
        };
    }

    private byte[] mutate(byte[] proof) {
        byte[] mutated = proof.clone();
        int at = random.nextInt(proof.length);
        int blocks = proof.length / 32;
        switch (random.nextInt(9)) {
            case 0 -> mutated[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> mutated[at] = (byte) random.nextInt();
            case 2 -> mutated = Arrays.copyOf(proof, random.nextInt(proof.length));
            case 3 -> mutated = Arrays.copyOf(proof, proof.length + 1 + random.nextInt(70));
            case 4 -> {
                int one = proof.length - 32 * (1 + random.nextInt(blocks));
                int two = proof.length - 32 * (1 + random.nextInt(blocks));
                System.arraycopy(proof, one, mutated, two, 32);
                System.arraycopy(proof, two, mutated, one, 32);
            }
            case 5 -> Arrays.fill(mutated, at, Math.min(proof.length, at + 32), (byte) 0);
            case 6 -> {
                byte[] other = prove(randomQuestion());
                int length = Math.min(other.length, proof.length) - Math.min(at, Math.min(other.length, proof.length));
                System.arraycopy(other, other.length - length, mutated, proof.length - length, length);
            }
            case 7 -> mutated = prove(randomQuestion());
            default -> random.nextBytes(mutated);
        }
        return mutated;
    }
}
