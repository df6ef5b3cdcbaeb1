package dev.moraine.node.storagenode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.testing.Seed;
import dev.moraine.wire.message.BundleGrant;
import dev.moraine.wire.message.BundleRefused;
import dev.moraine.wire.message.Busy;
import dev.moraine.wire.message.EntryRefusal;
import dev.moraine.wire.message.RefusalReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a writer is granted, over restarts of the node and in every unit. */
class WriterGrantTest {
    private static final int LENGTH_BYTES = 500;
    private static final long STORED_BYTES = 4 * ((2 + 3) * 128 + 64 * 4);

    private final Random random = Seed.random("WriterGrantTest");

    @TempDir
    private Path folder;

    @Test
    void whatAWriterHoldsCountsAfterARestart() throws Exception {
        try (NodeFixture fixture = open(ofQuota(2 * STORED_BYTES))) {
            SampleBlob first = blob(fixture);
            fixture.store(first);
            fixture.store(first, blob(fixture));
            assertOverQuota(fixture, blob(fixture));

            fixture.restart();
            assertOverQuota(fixture, blob(fixture));
            fixture.restart();
            assertOverQuota(fixture, blob(fixture));
            assertEquals(List.of(), fixture.store(first));

            fixture.clock().setTime(NodeFixture.epochStartMs(NodeFixture.EXPIRY + 1));
            fixture.restart();
            assertEquals(16, Files.size(ledger()));
        }
    }

    @Test
    void theLedgerIsReadUpToWhatACrashTore() throws Exception {
        try (NodeFixture fixture = open(ofQuota(3 * STORED_BYTES))) {
            fixture.store(blob(fixture));
            fixture.store(blob(fixture));
            fixture.store(blob(fixture));
            assertOverQuota(fixture, blob(fixture));
            fixture.restart(() -> changeLedger(bytes -> Arrays.copyOf(bytes, bytes.length - 1)));
            fixture.store(blob(fixture));
            assertOverQuota(fixture, blob(fixture));
            fixture.restart(() -> changeLedger(bytes -> {
                bytes[bytes.length - 5] ^= 1;
                return bytes;
            }));
            fixture.store(blob(fixture));
            assertOverQuota(fixture, blob(fixture));
        }
    }

    @Test
    void aLedgerOfAnotherFormStopsTheNode() throws Exception {
        NodeFixture fixture = open(ofQuota(STORED_BYTES));
        fixture.close();
        Files.writeString(ledger(), "moraine-writers2");
        UncheckedIOException refused = assertThrows(UncheckedIOException.class, () -> open(ofQuota(STORED_BYTES)));
        assertTrue(String.valueOf(refused.getMessage()).contains(ledger().toString()));
        Files.delete(ledger());
        open(ofQuota(STORED_BYTES)).close();
    }

    @Test
    void whoeverIsFasterThanGrantedIsPutOff() throws Exception {
        WriterGrant grant = new WriterGrant(
                NodeFixture.WRITER.publicKey(), null, 1L << 40, 1, WriterGrant.ANY_RETENTION);
        try (NodeFixture fixture = new NodeFixture(
                SampleCommittee.OF_FOUR_SHARDS,
                folder,
                context -> context.writers(List.of(grant))
                        .limits(new NodeLimits.Context().maxBundleBytes(2_000).conclude()))) {
            SampleBlob blob = blob(fixture);
            long bytes = reservedFor(fixture, blob(fixture));
            for (long sent = bytes; sent + bytes <= 2_000; sent += bytes) {
                fixture.store(blob(fixture));
            }
            List<BundleEntry> entries = List.of(blob.entry(NodeFixture.EXPIRY));
            fixture.offer(entries).await(Busy.class);
            fixture.clock().advanceSeconds((double) bytes);
            fixture.store(blob);
            // What the node has already costs no transfer.
            assertEquals(List.of(), fixture.store(blob));
        }
    }

    private static long reservedFor(NodeFixture fixture, SampleBlob blob) {
        Exchange exchange = fixture.offer(List.of(blob.entry(NodeFixture.EXPIRY)));
        exchange.await(BundleGrant.class);
        long bytes = fixture.node().reservedBytes();
        fixture.sendBody(exchange, 0, blob);
        NodeFixture.await(() -> fixture.node().reservedBytes() == 0);
        return bytes;
    }

    @Test
    void noBlobIsKeptLongerThanGranted() throws Exception {
        WriterGrant grant = new WriterGrant(NodeFixture.WRITER.publicKey(), null, 1L << 40, WriterGrant.ANY_RATE, 2);
        try (NodeFixture fixture = open(grant)) {
            SampleBlob blob = blob(fixture);
            fixture.offer(List.of(blob.entry(NodeFixture.EPOCH + 2))).await(BundleGrant.class);
            assertEquals(
                    List.of(new EntryRefusal(0, RefusalReason.WRONG_EXPIRY)),
                    fixture.offer(List.of(blob.entry(NodeFixture.EPOCH + 3)))
                            .await(BundleRefused.class)
                            .refusals());
        }
    }

    private NodeFixture open(WriterGrant grant) throws Exception {
        return new NodeFixture(
                SampleCommittee.OF_FOUR_SHARDS, folder, context -> context.writers(List.of(grant)));
    }

    private static WriterGrant ofQuota(long bytes) {
        return WriterGrant.ofAnyNamespace(NodeFixture.WRITER.publicKey(), bytes);
    }

    private static void assertOverQuota(NodeFixture fixture, SampleBlob blob) {
        assertEquals(
                List.of(new EntryRefusal(0, RefusalReason.OVER_QUOTA)),
                fixture.offer(List.of(blob.entry(NodeFixture.EXPIRY)))
                        .await(BundleRefused.class)
                        .refusals());
    }

    private SampleBlob blob(NodeFixture fixture) {
        return SampleBlob.random(random, fixture.geometry(), LENGTH_BYTES);
    }

    private Path ledger() {
        return folder.resolve(WriterLedger.FILE_NAME);
    }

    private void changeLedger(UnaryOperator<byte[]> change) {
        try {
            Files.write(ledger(), change.apply(Files.readAllBytes(ledger())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
