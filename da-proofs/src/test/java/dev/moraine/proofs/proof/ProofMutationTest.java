package dev.moraine.proofs.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.mutation.Mutator;
import dev.moraine.testing.Seed;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Proofs that were damaged, spliced or asked about wrongly: none is accepted, none makes a verifier throw. */
class ProofMutationTest {
    private static final int ROW_PROOF = 0;
    private static final int COLUMN_PROOF = 1;
    private static final int CHUNK = 2;
    private static final int RANGE = 3;
    private static final int PRIMARY_SLIVER = 4;
    private static final int SECONDARY_SLIVER = 5;
    private static final int KINDS = 6;
    private static final int ROUNDS = Mutator.rounds();

    private final Random random = Seed.random("ProofMutationTest");
    private final Mutator mutator = new Mutator(random);
    private final List<ProvedBlob> blobs = List.of(
            ProvedBlob.random(random, 4, 300),
            ProvedBlob.random(random, 4, 300),
            ProvedBlob.random(random, 5, 9000),
            ProvedBlob.random(random, 7, 40_000));

    private final List<SymbolVerifier> verifiers = blobs.stream()
            .map(blob -> new SymbolVerifier(blob.header(), blob.id()))
            .toList();

    /** What a verifier asks for; {@code kind} is the proof's type. */
    private record Question(int kind, int blob, int row, int column, int chunk, long offset, int length) {
        Axis axis() {
            return kind == ROW_PROOF ? Axis.ROW : Axis.COLUMN;
        }
    }

    @Test
    void nothingButTheOneProofOfTheQuestionIsAccepted() {
        int accepted = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Question question = randomQuestion();
            byte[] proof = prove(question);
            byte[] mutated = random.nextInt(10) == 0 ? proof : mutator.mutate(proof, () -> prove(randomQuestion()));
            Question asked = random.nextInt(3) == 0 ? change(question) : question;
            boolean isItsProof =
                    hasAnswer(asked) && Arrays.equals(mutated, asked.equals(question) ? proof : prove(asked));
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
        int kind = random.nextInt(KINDS);
        int chunks = (proved.header().symbolSizeBytes() + 1023) / 1024;
        int length = 1 + random.nextInt(Math.min(3000, proved.bytes().length));
        return new Question(
                kind,
                blob,
                random.nextInt(proved.shards()),
                random.nextInt(proved.shards()),
                kind == CHUNK ? random.nextInt(chunks) : 0,
                kind == RANGE ? random.nextInt(proved.bytes().length - length + 1) : 0,
                kind == RANGE ? length : 0);
    }

    private Question change(Question q) {
        int other = random.nextInt(5) == 0 ? random.nextInt() : random.nextInt(9) - 1;
        return switch (random.nextInt(6)) {
            case 0 -> new Question(
                    q.kind == CHUNK ? CHUNK : q.kind ^ 1, q.blob, q.row, q.column, q.chunk, q.offset, q.length);
            case 1 -> new Question(q.kind, q.blob ^ 1, q.row, q.column, q.chunk, q.offset, q.length);
            case 2 -> q.kind == RANGE ? q : new Question(q.kind, q.blob, other, q.column, q.chunk, q.offset, q.length);
            case 3 -> q.kind == RANGE ? q : new Question(q.kind, q.blob, q.row, other, q.chunk, q.offset, q.length);
            case 4 -> q.kind == CHUNK ? new Question(q.kind, q.blob, q.row, q.column, other, q.offset, q.length) : q;
            default -> q.kind == RANGE
                    ? new Question(q.kind, q.blob, q.row, q.column, q.chunk, q.offset + random.nextInt(3) - 1, other)
                    : q;
        };
    }

    private boolean hasAnswer(Question q) {
        ProvedBlob blob = blobs.get(q.blob);
        boolean hasSymbol = q.row >= 0 && q.row < blob.shards() && q.column >= 0 && q.column < blob.shards();
        return switch (q.kind) {
            case ROW_PROOF, COLUMN_PROOF -> hasSymbol;
            case PRIMARY_SLIVER -> q.row >= 0 && q.row < blob.shards();
            case SECONDARY_SLIVER -> q.column >= 0 && q.column < blob.shards();
            case CHUNK -> hasSymbol && q.chunk >= 0 && q.chunk < (blob.header().symbolSizeBytes() + 1023) / 1024;
            default -> q.offset >= 0 && q.length >= 1 && q.offset <= (long) blob.bytes().length - q.length;
        };
    }

    private byte[] prove(Question q) {
        ProvedBlob blob = blobs.get(q.blob);
        return switch (q.kind) {
            case PRIMARY_SLIVER -> blob.primary(q.row).toArray(ValueLayout.JAVA_BYTE);
            case SECONDARY_SLIVER -> blob.secondary(q.column).toArray(ValueLayout.JAVA_BYTE);
            case ROW_PROOF, COLUMN_PROOF ->
                SymbolProof.of(blob.commitment(), blob.matrixBytes(), q.row, q.column, q.axis()).encode();
            case CHUNK -> ChunkProof.of(
                            blob.commitment(), blob.matrixBytes(), new ChunkRun(q.row, q.column, q.chunk, 1))
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
            case PRIMARY_SLIVER -> SliverVerifier.verifyPrimary(
                    blob.metadata(), q.row, MemorySegment.ofArray(bytes));
            case SECONDARY_SLIVER -> SliverVerifier.verifySecondary(
                    blob.metadata(), q.column, MemorySegment.ofArray(bytes));
            case ROW_PROOF, COLUMN_PROOF -> {
                SymbolProof proof = SymbolProof.decode(bytes, header, q.row, q.column, q.axis());
                boolean isGood = proof != null
                        && proof.verify(header, id, q.row, q.column, q.axis()) == ProofVerdict.ACCEPT;
                ProofVerdict inPlace =
                        verifiers.get(q.blob).verify(bytes, 0, bytes.length, q.row, q.column, q.axis());
                assertEquals(isGood, inPlace == ProofVerdict.ACCEPT);
                yield isGood;
            }
            case CHUNK -> {
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
}
