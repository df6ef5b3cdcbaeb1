package dev.moraine.node.storagenode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.certificate.WriterKey;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.proofs.proof.ChunkProof;
import dev.moraine.proofs.proof.ChunkRun;
import dev.moraine.proofs.proof.ProofVerdict;
import dev.moraine.proofs.proof.SymbolProof;
import dev.moraine.storage.store.StoreException;
import dev.moraine.testing.Seed;
import dev.moraine.wire.message.BundleGrant;
import dev.moraine.wire.message.BundleRefused;
import dev.moraine.wire.message.BundleSigned;
import dev.moraine.wire.message.ChunksAnswer;
import dev.moraine.wire.message.Coordinate;
import dev.moraine.wire.message.EntryRefusal;
import dev.moraine.wire.message.Failure;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.message.GetChunks;
import dev.moraine.wire.message.GetHealth;
import dev.moraine.wire.message.GetMetadata;
import dev.moraine.wire.message.GetSymbols;
import dev.moraine.wire.message.HealthAnswer;
import dev.moraine.wire.message.MetadataAnswer;
import dev.moraine.wire.message.RefusalReason;
import dev.moraine.wire.message.SymbolAnswer;
import dev.moraine.wire.message.SymbolsAnswer;
import dev.moraine.wire.message.WireAxis;
import dev.moraine.wire.transport.BindFailedException;
import dev.moraine.wire.transport.RequestFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.agrona.concurrent.Agent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node as a whole: what it signed it has, whatever happens to it. */
class StorageNodeTest {
    private static final int LENGTH_BYTES = 20_000;

    private final Random random = Seed.random("StorageNodeTest");

    @TempDir
    private Path folder;

    @Test
    void whatWasSignedIsReadableAfterARestart() throws Exception {
        try (NodeFixture fixture = NodeFixture.of(folder)) {
            List<SampleBlob> blobs = List.of(blob(fixture), blob(fixture), blob(fixture));
            fixture.store(blobs.get(0));
            fixture.store(blobs.get(1), blobs.get(2));

            fixture.restart();

            blobs.forEach(blob -> assertServed(fixture, blob));
            assertEquals(List.of(), fixture.store(blobs.get(0), blobs.get(1), blobs.get(2)));
        }
    }

    @Test
    void nothingIsSignedForAPairThatWasDamagedWhileTheNodeWasDown() throws Exception {
        try (NodeFixture fixture = NodeFixture.of(folder)) {
            SampleBlob blob = blob(fixture);
            fixture.store(blob);
            beginSegment(fixture);
            fixture.restart(() -> damage(blob.primary(fixture.pairsOf(blob)[0])));

            Exchange refused = fixture.offer(List.of(blob.entry(NodeFixture.EXPIRY)));
            assertEquals(List.of(), refused.await(BundleGrant.class).wantedEntries());
            assertEquals(
                    List.of(new EntryRefusal(0, RefusalReason.INCOMPLETE)),
                    refused.await(BundleRefused.class).refusals());
            assertEquals(0, fixture.node().counters().count(NodeEvent.BUNDLE_SIGNED));
            assertEquals(1, fixture.node().storeHealth().quarantined());

            assertEquals(List.of(0), fixture.store(blob), "the body is asked for");
            assertServed(fixture, blob);
        }
    }

    @Test
    void aDamagedPairBesideAMissingOneIsStoredAnewToo() throws Exception {
        try (NodeFixture fixture =
                new NodeFixture(SampleCommittee.OF_SEVEN_SHARDS, folder, context -> context)) {
            SampleBlob blob = blob(fixture);
            int[] pairs = fixture.pairsOf(blob);
            fixture.store(blob);
            beginSegment(fixture);
            fixture.restart(() -> {
                for (int pair : pairs) {
                    damage(blob.primary(pair));
                }
            });
            // Finds the first pair damaged, and leaves the others unread.
            fixture.offer(List.of(blob.entry(NodeFixture.EXPIRY))).await(BundleGrant.class);
            NodeFixture.await(() -> fixture.node().storeHealth().quarantined() == 1);

            assertEquals(List.of(0), fixture.store(blob));
            assertServed(fixture, blob);
        }
    }

    /** Stores what needs a segment of its own: an opening reads the contents of the last one only. */
    private void beginSegment(NodeFixture fixture) {
        fixture.store(SampleBlob.random(random, fixture.geometry(), 3_000_000));
    }

    /** Flips a bit of some bytes wherever they are in the node's closed store. */
    private void damage(byte[] bytes) {
        try (Stream<Path> paths = Files.walk(folder)) {
            boolean found = false;
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                byte[] contents = Files.readAllBytes(path);
                for (int at = 0; at + bytes.length <= contents.length; at++) {
                    if (Arrays.mismatch(contents, at, at + bytes.length, bytes, 0, bytes.length) < 0) {
                        contents[at] ^= 1;
                        Files.write(path, contents);
                        found = true;
                    }
                }
            }
            assertTrue(found);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void everySymbolThatANodeOfTwoShardsHoldsIsProved() throws Exception {
        try (NodeFixture fixture =
                new NodeFixture(SampleCommittee.OF_SEVEN_SHARDS, folder, context -> context)) {
            SampleBlob blob = blob(fixture);
            fixture.store(blob);

            assertServed(fixture, blob);
        }
    }

    /** Asks for every symbol of every line of the node's pairs, and for every chunk of its source symbols. */
    private static void assertServed(NodeFixture fixture, SampleBlob blob) {
        Exchange metadata =
                Exchange.start(fixture.connection(), id -> new GetMetadata(id, blob.id().toBytes()));
        assertArrayEquals(
                blob.metadata().encode(), metadata.await(MetadataAnswer.class).metadata());
        int shards = fixture.geometry().shards();
        for (int pair : fixture.pairsOf(blob)) {
            List<Coordinate> row = new ArrayList<>();
            List<Coordinate> column = new ArrayList<>();
            for (int i = 0; i < shards; i++) {
                row.add(new Coordinate(pair, i));
                column.add(new Coordinate(i, pair));
            }
            assertProved(fixture, blob, Axis.ROW, row);
            assertProved(fixture, blob, Axis.COLUMN, column);
            for (int i = 0; pair < fixture.geometry().sourceRows() && i < fixture.geometry().sourceColumns(); i++) {
                assertChunksProved(fixture, blob, pair, i);
            }
        }
    }

    private static void assertProved(NodeFixture fixture, SampleBlob blob, Axis axis, List<Coordinate> coordinates) {
        WireAxis wireAxis = axis == Axis.ROW ? WireAxis.ROW : WireAxis.COLUMN;
        Exchange exchange = Exchange.start(
                fixture.connection(), id -> GetSymbols.ofBlob(id, wireAxis, blob.id().toBytes(), coordinates));
        List<SymbolAnswer> answers = exchange.await(SymbolsAnswer.class).symbols();
        assertEquals(coordinates.size(), answers.size());
        for (int i = 0; i < answers.size(); i++) {
            int row = coordinates.get(i).row();
            int column = coordinates.get(i).column();
            SymbolProof proof = SymbolProof.decode(answers.get(i).proof(), blob.header(), row, column, axis);
            assertNotNull(proof);
            assertEquals(ProofVerdict.ACCEPT, proof.verify(blob.header(), blob.id(), row, column, axis));
            assertArrayEquals(blob.symbol(row, column), proof.symbol());
        }
    }

    private static void assertChunksProved(NodeFixture fixture, SampleBlob blob, int row, int column) {
        int chunks = Math.ceilDiv(blob.header().symbolSizeBytes(), 1_024);
        ChunkRun run = new ChunkRun(row, column, 0, chunks);
        Exchange exchange = Exchange.start(
                fixture.connection(), id -> new GetChunks(id, blob.id().toBytes(), row, column, 0, chunks));
        List<ChunkProof> proofs =
                ChunkProof.decodeRun(exchange.await(ChunksAnswer.class).proofs(), blob.header(), run);
        assertNotNull(proofs);
        for (int i = 0; i < chunks; i++) {
            assertEquals(ProofVerdict.ACCEPT, proofs.get(i).verify(blob.header(), blob.id(), row, column, i));
        }
    }

    @Test
    void whateverWaitsIsForcedOnce() throws Exception {
        try (NodeFixture fixture = new NodeFixture(
                SampleCommittee.OF_FOUR_SHARDS, folder, context -> context.ownRunners(false))) {
            List<Agent> agents = fixture.node().agents();
            List<Exchange> exchanges = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                SampleBlob blob = blob(fixture);
                Exchange exchange = fixture.offer(List.of(blob.entry(NodeFixture.EXPIRY)));
                NodeFixture.await(() -> work(agents.get(0)) > 0);
                exchange.await(BundleGrant.class);
                fixture.sendBody(exchange, 0, blob);
                exchanges.add(exchange);
            }
            NodeCounters counters = fixture.node().counters();
            NodeFixture.await(() -> counters.count(UploadVerdict.COMPLETE) == 5);
            assertTrue(exchanges.stream().allMatch(Exchange::isSilent));

            NodeFixture.await(() -> work(agents.get(1)) == 5);

            exchanges.forEach(exchange -> exchange.await(BundleSigned.class));
            assertEquals(1, counters.count(NodeEvent.STORE_FORCED));
            assertEquals(5, counters.count(NodeEvent.BUNDLE_SIGNED));
        }
    }

    @Test
    void anEpochThatEndedWhileTheBodiesCameIsNotSigned() throws Exception {
        try (NodeFixture fixture = NodeFixture.of(folder)) {
            SampleBlob blob = blob(fixture);
            Exchange exchange = fixture.offer(List.of(blob.entry(NodeFixture.EXPIRY)));
            exchange.await(BundleGrant.class);
            fixture.clock().setTime(NodeFixture.epochStartMs(NodeFixture.EPOCH + 1) + 60_000);

            fixture.sendBody(exchange, 0, blob);

            assertEquals(FailureCode.WRONG_EPOCH, exchange.await(Failure.class).code());
            assertEquals(0, fixture.node().counters().count(NodeEvent.BUNDLE_SIGNED));
        }
    }

    @Test
    void healthIsTold() throws Exception {
        try (NodeFixture fixture = NodeFixture.of(folder)) {
            fixture.store(blob(fixture), blob(fixture));

            HealthAnswer health =
                    Exchange.start(fixture.connection(), GetHealth::new).await(HealthAnswer.class);

            assertEquals(0, health.state());
            assertEquals(2, health.pairs());
            assertTrue(health.bytes() > 2 * 16_960);
            assertEquals(0, health.quarantined());
        }
    }

    @Test
    void anExpiredBlobIsNotServed() throws Exception {
        try (NodeFixture fixture = NodeFixture.of(folder)) {
            SampleBlob blob = blob(fixture);
            fixture.store(blob);
            fixture.clock().setTime(NodeFixture.epochStartMs(NodeFixture.EXPIRY + 1));

            Exchange exchange =
                    Exchange.start(fixture.connection(), id -> new GetMetadata(id, blob.id().toBytes()));

            assertEquals(FailureCode.EXPIRED, exchange.await(Failure.class).code());
        }
    }

    @Test
    void closingDropsWhatIsInFlight() throws Exception {
        try (NodeFixture fixture = new NodeFixture(
                SampleCommittee.OF_FOUR_SHARDS, folder, context -> context.ownRunners(false))) {
            List<Agent> agents = fixture.node().agents();
            SampleBlob waiting = blob(fixture);
            SampleBlob halfway = blob(fixture);
            Exchange complete = fixture.offer(List.of(waiting.entry(NodeFixture.EXPIRY)));
            Exchange incomplete = fixture.offer(List.of(halfway.entry(NodeFixture.EXPIRY)));
            NodeFixture.await(() -> {
                work(agents.get(0));
                return fixture.node().counters().count(NodeEvent.BUNDLE_GRANTED) == 2;
            });
            complete.await(BundleGrant.class);
            incomplete.await(BundleGrant.class);
            fixture.sendBody(complete, 0, waiting);
            NodeFixture.await(() -> fixture.node().counters().count(UploadVerdict.COMPLETE) == 1);
            assertTrue(fixture.node().reservedBytes() > 0);

            fixture.node().close();

            assertEquals(0, fixture.node().reservedBytes());
            assertEquals(RequestFailure.DISCONNECTED, complete.awaitBroken());
            assertEquals(RequestFailure.DISCONNECTED, incomplete.awaitBroken());
            assertEquals(0, fixture.node().counters().count(NodeEvent.BUNDLE_SIGNED));
            agents.forEach(agent -> assertEquals(0, work(agent)));
            fixture.node().close();
        }
    }

    @Test
    void aFolderIsUsedByOneNodeAndAnAddressToo(@TempDir Path other) throws Exception {
        try (NodeFixture fixture = NodeFixture.of(folder)) {
            StoreException inUse =
                    assertThrows(StoreException.class, () -> StorageNode.open(fixture.context()).close());
            assertEquals(StoreException.Reason.FOLDER_IN_USE, inUse.reason());

            StorageNode.Context sameAddress =
                    fixture.context().folder(other).bindAddress(fixture.node().address());
            assertThrows(BindFailedException.class, () -> StorageNode.open(sameAddress).close());
            // The failed node gave its folder back.
            StorageNode.open(fixture.context().folder(other)).close();
        }
    }

    @Test
    void contextsAreChecked() throws Exception {
        try (NodeFixture fixture = NodeFixture.of(folder)) {
            Committee committee = fixture.committee();
            InetSocketAddress address = new InetSocketAddress(0);
            assertMessage("committee must be set", new StorageNode.Context());
            assertMessage("folder must be set", new StorageNode.Context().committee(committee));
            assertMessage(
                    "bindAddress must be set", new StorageNode.Context().committee(committee).folder(folder));
            StorageNode.Context withAddress =
                    new StorageNode.Context().committee(committee).folder(folder).bindAddress(address);
            assertMessage("transport must be set", withAddress);
            assertMessage("memberIndex must be from 0 to 3", fixture.context().memberIndex(4));
            assertMessage("memberIndex must be from 0 to 3", fixture.context().memberIndex(-1));
            assertMessage("secretKey must be that of member 2", fixture.context().memberIndex(2));
            WriterGrant grant = WriterGrant.ofAnyNamespace(
                    WriterKey.generate(new SecureRandom()).publicKey(), 1);
            assertMessage("writers must name each key once", fixture.context().writers(List.of(grant, grant)));
        }
    }

    private static void assertMessage(String start, StorageNode.Context context) {
        String message =
                String.valueOf(assertThrows(IllegalArgumentException.class, context::conclude).getMessage());
        assertTrue(message.startsWith(start), message);
        assertFalse(message.contains("\n"));
    }

    private static int work(Agent agent) {
        try {
            return agent.doWork();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private SampleBlob blob(NodeFixture fixture) {
        return SampleBlob.random(random, fixture.geometry(), LENGTH_BYTES);
    }
}
