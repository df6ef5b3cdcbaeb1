package dev.moraine.benchmarks.sampling;

import dev.moraine.benchmarks.report.Row;
import dev.moraine.proofs.blob.BlobCommitment;
import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.proofs.proof.ProofVerdict;
import dev.moraine.proofs.proof.SymbolProof;
import dev.moraine.proofs.proof.SymbolVerifier;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** Measures what a light client spends on the samples of one blob: processor time of its thread. */
final class VerificationRuns {
    private static final int SAMPLES = 30;
    private static final int REPEATS = 2_000;
    private static final double MICROS = 1e3;

    private VerificationRuns() {}

    /**
     * Verifies the same samples again and again, each time with a new verifier.
     *
     * @param rounds how often to measure
     * @return one row
     */
    static Row measure(int rounds) {
        SampleBlobs blob = Warm.blobs();
        BlobCommitment commitment = blob.commitment();
        BlobHeader header = commitment.metadata().header();
        byte[][] proofs = new byte[SAMPLES][];
        for (int i = 0; i < SAMPLES; i++) {
            proofs[i] = SymbolProof.of(commitment, blob.matrixBytes(), i, column(i), Axis.ROW).encode();
        }
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        double[] micros = new double[rounds];
        for (int round = -3; round < rounds; round++) {
            long start = threads.getCurrentThreadCpuTime();
            for (int repeat = 0; repeat < REPEATS; repeat++) {
                SymbolVerifier verifier = new SymbolVerifier(header, commitment.id());
                for (int i = 0; i < SAMPLES; i++) {
                    ProofVerdict verdict = verifier.verify(proofs[i], 0, proofs[i].length, i, column(i), Axis.ROW);
                    if (verdict != ProofVerdict.ACCEPT) {
                        throw new IllegalStateException("a good proof is called " + verdict);
                    }
                }
            }
            if (round >= 0) {
                micros[round] = (threads.getCurrentThreadCpuTime() - start) / MICROS / REPEATS;
            }
        }
        String params = "n=31, " + Warm.SYMBOL_BYTES + " B symbols";
        return Row.of(SamplingBars.VERIFY, SamplingBars.MORAINE, params, "us", micros);
    }

    private static int column(int sample) {
        return sample * 7 % Warm.GEOMETRY.shards();
    }
}
