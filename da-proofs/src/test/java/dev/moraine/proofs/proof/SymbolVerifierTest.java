package dev.moraine.proofs.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.testing.Seed;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class SymbolVerifierTest {
    private static final int WARM_UP = 20_000;
    private static final int WINDOWS = 20;
    private static final int CALLS = 2_000;

    private final Random random = Seed.random("SymbolVerifierTest");
    private final List<ProvedBlob> blobs = List.of(
            ProvedBlob.random(random, 4, 300),
            ProvedBlob.random(random, 5, 9_000),
            ProvedBlob.random(random, 7, 40_000),
            ProvedBlob.random(random, 31, 20_000));

    @Test
    void everySymbolIsAcceptedByBothAxes() {
        for (ProvedBlob blob : blobs) {
            SymbolVerifier verifier = new SymbolVerifier(blob.header(), blob.id());
            for (int row = 0; row < blob.shards(); row++) {
                for (int column = 0; column < blob.shards(); column++) {
                    for (Axis axis : Axis.values()) {
                        byte[] proof = prove(blob, row, column, axis);
                        assertEquals(
                                ProofVerdict.ACCEPT, verifier.verify(proof, 0, proof.length, row, column, axis));
                    }
                }
            }
        }
    }

    @Test
    void itFindsWhatTheVerifierOfDecodedProofsFinds() {
        for (int round = 0; round < 3_000; round++) {
            ProvedBlob blob = blobs.get(random.nextInt(blobs.size()));
            int row = random.nextInt(blob.shards() + 2) - 1;
            int column = random.nextInt(blob.shards() + 2) - 1;
            Axis axis = random.nextBoolean() ? Axis.ROW : Axis.COLUMN;
            BlobHeader header = random.nextInt(8) == 0
                    ? blob.otherHeaders().get(random.nextInt(blob.otherHeaders().size()))
                    : blob.header();
            BlobId id = random.nextInt(8) == 0 ? blobs.get(0).id() : random.nextInt(8) == 0 ? header.id() : blob.id();
            byte[] proof = prove(
                    blob, Math.clamp(row, 0, blob.shards() - 1), Math.clamp(column, 0, blob.shards() - 1), axis);
            if (random.nextBoolean()) {
                proof[random.nextInt(proof.length)] ^= (byte) (1 << random.nextInt(8));
            }
            if (random.nextInt(4) == 0) {
                proof = Arrays.copyOf(proof, random.nextInt(2 * proof.length));
            }
            SymbolProof decoded = SymbolProof.decode(proof, header, row, column, axis);
            ProofVerdict found = new SymbolVerifier(header, id).verify(proof, 0, proof.length, row, column, axis);
            if (decoded != null) {
                assertEquals(decoded.verify(header, id, row, column, axis), found);
            } else {
                assertEquals(false, found == ProofVerdict.ACCEPT || found == ProofVerdict.WRONG_ROOT, found.name());
            }
        }
    }

    @Test
    void aProofIsReadWhereItLiesAndNothingAroundItCounts() {
        ProvedBlob blob = blobs.get(2);
        SymbolVerifier verifier = new SymbolVerifier(blob.header(), blob.id());
        byte[] proof = prove(blob, 3, 6, Axis.COLUMN);
        byte[] around = Seed.bytes(random, proof.length + 200);
        System.arraycopy(proof, 0, around, 100, proof.length);
        assertEquals(ProofVerdict.ACCEPT, verifier.verify(around, 100, proof.length, 3, 6, Axis.COLUMN));
        assertEquals(ProofVerdict.WRONG_ROOT, verifier.verify(around, 99, proof.length, 3, 6, Axis.COLUMN));
        for (int offset : new int[] {Integer.MIN_VALUE, -1, 201, Integer.MAX_VALUE}) {
            assertEquals(ProofVerdict.WRONG_LENGTH, verifier.verify(around, offset, proof.length, 3, 6, Axis.COLUMN));
        }
        for (int length : new int[] {Integer.MIN_VALUE, -1, 0, proof.length - 1, proof.length + 1, Integer.MAX_VALUE}) {
            assertEquals(ProofVerdict.WRONG_LENGTH, verifier.verify(around, 100, length, 3, 6, Axis.COLUMN));
        }
    }

    @Test
    void nothingIsAllocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Assumptions.assumeTrue(
                threads.isThreadAllocatedMemorySupported() && threads.getCurrentThreadAllocatedBytes() >= 0,
                "skipped: this JVM does not count what a thread allocates");
        for (ProvedBlob blob : blobs.subList(1, 3)) {
            SymbolVerifier verifier = new SymbolVerifier(blob.header(), blob.id());
            byte[] proof = prove(blob, 1, 2, Axis.ROW);
            int accepted = accepted(verifier, proof, WARM_UP);
            // What the JIT compiler does to the thread is in some windows, what the verifier does in all of them.
            long least = Long.MAX_VALUE;
            for (int window = 0; window < WINDOWS; window++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                accepted += accepted(verifier, proof, CALLS);
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertEquals(WARM_UP + WINDOWS * CALLS, accepted);
            assertEquals(0, least);
        }
    }

    private static int accepted(SymbolVerifier verifier, byte[] proof, int calls) {
        int accepted = 0;
        for (int i = 0; i < calls; i++) {
            accepted += verifier.verify(proof, 0, proof.length, 1, 2, Axis.ROW) == ProofVerdict.ACCEPT ? 1 : 0;
        }
        return accepted;
    }

    private static byte[] prove(ProvedBlob blob, int row, int column, Axis axis) {
        return SymbolProof.of(blob.commitment(), blob.matrixBytes(), row, column, axis).encode();
    }
}
