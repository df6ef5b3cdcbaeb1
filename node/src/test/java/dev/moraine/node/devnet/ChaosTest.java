package dev.moraine.node.devnet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.node.client.ClientException;
import dev.moraine.node.client.MoraineClient;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.CertificateVerdict;
import dev.moraine.testing.Seed;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Seven node processes and a gateway under load over HTTP, f of them out or lying: every batch that was acknowledged is readable, byte for byte,
 * and its certificate is valid. {@code -Dmoraine.chaos.seconds} makes it last.
 */
class ChaosTest {
    private static final long SECONDS = Long.getLong("moraine.chaos.seconds", 8);

    private static final long RETAIN_EPOCHS = 5;
    private static final long ANSWER_SECONDS = 120;
    private static final List<List<LyingNode.Lie>> LIARS = List.of(
            List.of(LyingNode.Lie.WRONG_SIGNATURE, LyingNode.Lie.ACCEPT_AND_STALL),
            List.of(LyingNode.Lie.SIGNATURE_OF_ANOTHER_ROOT, LyingNode.Lie.GARBAGE_FRAMES),
            List.of(LyingNode.Lie.ONE_BYTE_A_SECOND, LyingNode.Lie.ACCEPT_AND_STALL));

    private final Random random = Seed.random("ChaosTest");

    @TempDir
    private Path folder;

    @Test
    void whateverFNodesDoNoAcknowledgedBatchIsLost() throws Exception {
        try (ChaosNetwork network = new ChaosNetwork(folder);
                MoraineClient gateway = network.newClient()) {
            List<ChaosLoad.Acknowledged> all = new ArrayList<>();
            try (ChaosLoad load = new ChaosLoad(batch -> post(gateway, batch), random)) {
                ChaosMonkey monkey =
                        new ChaosMonkey(network.devnet(), ChaosNetwork.NODES, ChaosNetwork.FAULTS, random);
                List<String> story = monkey.rage(SECONDS);
                all.addAll(load.finish());
                System.out.println("chaos: " + all.size() + " batches acknowledged, " + load.repeated()
                        + " posted again; " + story);
                assertTrue(load.count() > 0);
            }
            all.addAll(postAmongLiars(network, gateway));
            for (ChaosLoad.Acknowledged batch : all) {
                assertEquals(CertificateVerdict.ACCEPT, batch.certificate().verify(network.committee()));
                assertArrayEquals(batch.bytes(), network.read(batch));
            }
        }
    }

    private List<ChaosLoad.Acknowledged> postAmongLiars(ChaosNetwork network, MoraineClient gateway) throws Exception {
        int first = random.nextInt(ChaosNetwork.NODES);
        int second = (first + 1 + random.nextInt(ChaosNetwork.NODES - 1)) % ChaosNetwork.NODES;
        network.devnet().kill("node-" + first);
        network.devnet().kill("node-" + second);
        List<ChaosLoad.Acknowledged> all = new ArrayList<>();
        for (List<LyingNode.Lie> pair : LIARS) {
            try (LyingNode _ = liar(network, pair.get(0), first);
                    LyingNode _ = liar(network, pair.get(1), second);
                    ChaosLoad load = new ChaosLoad(batch -> post(gateway, batch), random)) {
                long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS) / LIARS.size();
                while (System.nanoTime() - endNs < 0 || load.count() == 0) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
                }
                all.addAll(load.finish());
                System.out.println("liars " + pair + ": " + load.count() + " batches acknowledged, " + load.repeated()
                        + " posted again");
            }
        }
        network.devnet().start("node-" + first);
        network.devnet().start("node-" + second);
        return all;
    }

    private LyingNode liar(ChaosNetwork network, LyingNode.Lie lie, int node) throws Exception {
        return LyingNode.start(
                lie, network.transport(), network.committee(), node, network.keyOf(node), random);
    }

    private static Optional<BlobCertificate> post(MoraineClient gateway, byte[] batch) throws Exception {
        try {
            return Optional.of(gateway.post(MemorySegment.ofArray(batch), ChaosNetwork.NAMESPACE, RETAIN_EPOCHS)
                    .get(ANSWER_SECONDS, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ClientException failed
                    && failed.kind() == ClientException.Kind.UNAVAILABLE) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
