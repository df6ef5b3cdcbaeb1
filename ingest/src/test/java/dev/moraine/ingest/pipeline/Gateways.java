package dev.moraine.ingest.pipeline;

import static org.junit.jupiter.api.Assertions.fail;

import dev.moraine.ingest.peers.Deployment;
import dev.moraine.ingest.peers.ScriptedCommittee;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.proofs.certificate.WriterKey;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Pipelines in front of scripted nodes. */
final class Gateways {
    static final Namespace NAMESPACE = Namespace.parse("rollup");
    static final long EXPIRY = Deployment.EPOCH + 10;

    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(20);

    private Gateways() {}

    /** Settings that suit small batches, and nodes that fail on purpose. */
    static IngestContext context(ScriptedCommittee peers) {
        return new IngestContext()
                .committee(peers.committee())
                .writerKey(WriterKey.generate(new SecureRandom()))
                .connections(peers.connections())
                .ringSlots(256)
                .encoders(2)
                .maxBlobBytes(1 << 20)
                .memoryBudgetBytes(64 << 20)
                .maxBundleBytes(8 << 20)
                .nodeTimeoutNs(TimeUnit.SECONDS.toNanos(10))
                .tailTimeoutNs(TimeUnit.MILLISECONDS.toNanos(500))
                .closeTimeoutNs(TimeUnit.SECONDS.toNanos(10))
                .epochClock(() -> Deployment.NOW_MS);
    }

    /** Waits for something that must come true without further help. */
    static void await(String what, BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadlineNs > 0) {
                fail("never: " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }
}
