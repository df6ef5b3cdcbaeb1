package dev.moraine.node.storagenode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.proofs.certificate.Statement;
import dev.moraine.proofs.certificate.WriterKey;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.merkle.MerkleTree;
import dev.moraine.testing.Seed;
import dev.moraine.wire.message.BundleGrant;
import dev.moraine.wire.message.BundleOffer;
import dev.moraine.wire.message.BundleRefused;
import dev.moraine.wire.message.Busy;
import dev.moraine.wire.message.EntryRefusal;
import dev.moraine.wire.message.Failure;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.message.RefusalReason;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is decided on an offer, before any body comes. */
class BundleOfferTest {
    private static final int LENGTH_BYTES = 500;
    private static final long LAST_GRACE_MS = 60_000;

    private final Random random = Seed.random("BundleOfferTest");

    @TempDir
    private Path folder;

    private NodeFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = NodeFixture.of(folder);
    }

    private void reopen(UnaryOperator<StorageNode.Context> changes) throws Exception {
        fixture.close();
        fixture = new NodeFixture(SampleCommittee.OF_FOUR_SHARDS, folder, changes);
    }

    @AfterEach
    void close() {
        assertEquals(0, fixture.node().counters().count(NodeEvent.BUNDLE_SIGNED));
        fixture.close();
    }

    @Test
    void aGoodOfferIsGrantedForEveryEntry() {
        List<BundleEntry> entries = List.of(entry(LENGTH_BYTES), entry(1), entry(70_000));

        assertEquals(List.of(0, 1, 2), fixture.offer(entries).await(BundleGrant.class).wantedEntries());
        assertTrue(fixture.node().reservedBytes() > 50_000);
    }

    @Test
    void aBundleMayHaveAsManyEntriesAsTheProtocolAllows() {
        List<BundleEntry> entries = IntStream.range(0, 4_096).mapToObj(i -> entry(1)).toList();

        assertEquals(4_096, fixture.offer(entries).await(BundleGrant.class).wantedEntries().size());
    }

    @Test
    void onlyTheCurrentEpochIsSignedAndTheLastOneForAMinute() {
        List<BundleEntry> entries = List.of(entry(LENGTH_BYTES));
        for (long distance : new long[] {-NodeFixture.EPOCH, -2, -1, 1, 2, 1_000_000_000_000L}) {
            assertEquals(FailureCode.WRONG_EPOCH, failure(offerFor(NodeFixture.EPOCH + distance, entries)));
        }
        assertEquals(FailureCode.WRONG_EPOCH, failure(offerFor(Long.MAX_VALUE, entries)));

        fixture.clock().setTime(NodeFixture.epochStartMs(NodeFixture.EPOCH + 1) + LAST_GRACE_MS - 1);
        offerFor(NodeFixture.EPOCH, entries).await(BundleGrant.class);
        fixture.clock().setTime(NodeFixture.epochStartMs(NodeFixture.EPOCH + 1) + LAST_GRACE_MS);
        assertEquals(FailureCode.WRONG_EPOCH, failure(offerFor(NodeFixture.EPOCH, entries)));
        offerFor(NodeFixture.EPOCH + 1, entries).await(BundleGrant.class);
        fixture.clock().setTime(NodeFixture.epochStartMs(0) - 1);
        assertEquals(FailureCode.WRONG_EPOCH, failure(offerFor(0, entries)));
    }

    @Test
    void aRightOfAnotherDeploymentIsNone() {
        List<BundleEntry> entries = List.of(entry(LENGTH_BYTES));
        Statement statement = fixture.statement(entries);
        Digest foreign = SampleCommittee.OF_SEVEN_SHARDS.committee().deploymentId();
        Statement elsewhere = new Statement(foreign, statement.epoch(), statement.count(), statement.bundleRoot());

        Exchange exchange = fixture.offer(statement, entries, NodeFixture.WRITER.sign(elsewhere.writeRight()));

        assertEquals(FailureCode.UNAUTHORISED, failure(exchange));
    }

    @Test
    void aRightOfAnotherWriterIsNone() {
        WriterKey stranger = WriterKey.generate(new SecureRandom());
        List<BundleEntry> entries = List.of(entry(LENGTH_BYTES));
        Statement statement = fixture.statement(entries);
        byte[] signature = stranger.sign(statement.writeRight());

        assertEquals(FailureCode.UNAUTHORISED, failure(fixture.offer(statement, entries, signature)));
        assertEquals(FailureCode.UNAUTHORISED, failure(fixture.offer(statement, entries, new byte[64])));
        Exchange unknown = Exchange.start(
                fixture.connection(),
                id -> new BundleOffer(
                        id,
                        statement.epoch(),
                        statement.bundleRoot().toBytes(),
                        stranger.publicKey().encode(),
                        signature,
                        NodeFixture.wireEntries(entries)));
        assertEquals(FailureCode.UNAUTHORISED, failure(unknown));
        Exchange noPoint = Exchange.start(
                fixture.connection(),
                id -> new BundleOffer(
                        id,
                        statement.epoch(),
                        statement.bundleRoot().toBytes(),
                        new byte[32],
                        signature,
                        NodeFixture.wireEntries(entries)));
        assertEquals(FailureCode.UNAUTHORISED, failure(noPoint));
    }

    @Test
    void aRightForOtherEntriesIsNone() {
        List<BundleEntry> entries = List.of(entry(LENGTH_BYTES));
        List<BundleEntry> others = List.of(entry(LENGTH_BYTES));
        byte[] signature = NodeFixture.WRITER.sign(fixture.statement(others).writeRight());

        assertEquals(FailureCode.UNAUTHORISED, failure(fixture.offer(fixture.statement(entries), entries, signature)));
        assertEquals(FailureCode.BAD_PROOF, failure(fixture.offer(fixture.statement(others), entries, signature)));
    }

    @Test
    void noBlobMayOccurTwice() {
        BundleEntry once = entry(LENGTH_BYTES);
        List<BundleEntry> entries = List.of(once, entry(LENGTH_BYTES), once, once);

        assertEquals(
                List.of(new EntryRefusal(2, RefusalReason.DUPLICATE), new EntryRefusal(3, RefusalReason.DUPLICATE)),
                refusals(offerFor(NodeFixture.EPOCH, entries)));
    }

    @Test
    void theExpiryLiesWithinTheRetention() {
        long last = NodeFixture.EPOCH + SampleCommittee.RETENTION_EPOCHS;
        fixture.offer(List.of(entryUntil(NodeFixture.EPOCH), entryUntil(last))).await(BundleGrant.class);

        List<BundleEntry> entries = List.of(
                entryUntil(NodeFixture.EPOCH - 1), entryUntil(last), entryUntil(last + 1), entryUntil(Long.MAX_VALUE));
        assertEquals(
                Stream.of(0, 2, 3).map(i -> new EntryRefusal(i, RefusalReason.WRONG_EXPIRY)).toList(),
                refusals(fixture.offer(entries)));
    }

    @Test
    void onlyGrantedNamespacesAreWritten() {
        BundleEntry other = new BundleEntry(
                randomId(), Namespace.parse("rollup-b"), LENGTH_BYTES, NodeFixture.EXPIRY);

        assertEquals(
                List.of(new EntryRefusal(1, RefusalReason.NAMESPACE_NOT_GRANTED)),
                refusals(fixture.offer(List.of(entry(LENGTH_BYTES), other))));
    }

    @Test
    void aWriterOfAnyNamespaceMayWriteEvery() throws Exception {
        reopen(context -> context.writers(
                List.of(WriterGrant.ofAnyNamespace(NodeFixture.WRITER.publicKey(), 1L << 40))));
        BundleEntry other = new BundleEntry(
                randomId(), new Namespace(new Digest(1, 2, 3, 4)), LENGTH_BYTES, NodeFixture.EXPIRY);

        fixture.offer(List.of(entry(LENGTH_BYTES), other)).await(BundleGrant.class);
    }

    @Test
    void aBlobIsNotLongerThanTheLimit() throws Exception {
        reopen(context -> context.limits(new NodeLimits.Context().maxBlobBytes(10_000).conclude()));
        fixture.offer(List.of(entry(10_000))).await(BundleGrant.class);

        assertEquals(
                List.of(new EntryRefusal(1, RefusalReason.WRONG_LENGTH)),
                refusals(fixture.offer(List.of(entry(10_000), entry(10_001)))));
        assertEquals(
                List.of(new EntryRefusal(0, RefusalReason.WRONG_LENGTH)),
                refusals(fixture.offer(List.of(entry(1L << 32)))));
    }

    @Test
    void aBundleTakesNoMoreMemoryThanTheLimit() throws Exception {
        long entryBytes = EntryBody.memoryBytes(SampleCommittee.OF_FOUR_SHARDS.committee().geometry(), LENGTH_BYTES, 1);
        reopen(context -> context.limits(
                new NodeLimits.Context().maxBundleBytes(2 * entryBytes).conclude()));
        fixture.offer(List.of(entry(LENGTH_BYTES), entry(LENGTH_BYTES))).await(BundleGrant.class);
        assertEquals(2 * entryBytes, fixture.node().reservedBytes());

        List<BundleEntry> three = List.of(entry(LENGTH_BYTES), entry(LENGTH_BYTES), entry(LENGTH_BYTES));
        assertEquals(FailureCode.OVER_LIMIT, failure(fixture.offer(three)));
    }

    @Test
    void allBundlesTogetherTakeNoMoreMemoryThanTheBudget() throws Exception {
        long entryBytes = EntryBody.memoryBytes(SampleCommittee.OF_FOUR_SHARDS.committee().geometry(), LENGTH_BYTES, 1);
        reopen(context -> context.limits(new NodeLimits.Context()
                .maxBundleBytes(entryBytes)
                .memoryBytes(2 * entryBytes)
                .retryDelayMs(77)
                .conclude()));
        fixture.offer(List.of(entry(LENGTH_BYTES))).await(BundleGrant.class);
        fixture.offer(List.of(entry(LENGTH_BYTES))).await(BundleGrant.class);

        assertEquals(77, fixture.offer(List.of(entry(LENGTH_BYTES))).await(Busy.class).retryDelayMs());
        fixture.reconnect();
        NodeFixture.await(() -> fixture.node().reservedBytes() == 0);
        fixture.offer(List.of(entry(LENGTH_BYTES))).await(BundleGrant.class);
    }

    @Test
    void memoryThatTheMachineDoesNotHavePutsTheBundleOffAndNothingStaysReserved() throws Exception {
        reopen(context -> context.writers(List.of(
                        WriterGrant.ofAnyNamespace(NodeFixture.WRITER.publicKey(), Long.MAX_VALUE)))
                .limits(new NodeLimits.Context()
                        .maxBlobBytes(1L << 32)
                        .maxBundleBytes(1L << 40)
                        .memoryBytes(1L << 40)
                        .maxBundlesPerConnection(1)
                        .conclude()));
        // More than any JVM may allocate outside of its heap, which is as much as the heap may have.
        List<BundleEntry> huge = IntStream.range(0, 256).mapToObj(i -> entry(1L << 32)).toList();
        assertTrue(Runtime.getRuntime().maxMemory() < 1L << 39);

        fixture.offer(huge).await(Busy.class);
        assertEquals(0, fixture.node().reservedBytes());
        fixture.offer(huge).await(Busy.class);

        fixture.offer(List.of(entry(LENGTH_BYTES))).await(BundleGrant.class);
    }

    @Test
    void aConnectionHasSoManyBundlesAtOnce() throws Exception {
        reopen(context -> context.limits(new NodeLimits.Context().maxBundlesPerConnection(2).conclude()));
        fixture.offer(List.of(entry(LENGTH_BYTES))).await(BundleGrant.class);
        fixture.offer(List.of(entry(LENGTH_BYTES))).await(BundleGrant.class);

        fixture.offer(List.of(entry(LENGTH_BYTES))).await(Busy.class);
        assertEquals(1, fixture.node().counters().count(NodeEvent.BUSY));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void theQuotaCountsStoredBytesOfTheWholeCommittee(int missingBytes) throws Exception {
        // n·((k₁+k₂)·s + 64·n) for n = 4 and two symbols of 128 bytes.
        long storedBytes = 2 * 4 * ((2 + 3) * 128 + 64 * 4);
        reopen(context -> context.writers(
                List.of(WriterGrant.ofAnyNamespace(NodeFixture.WRITER.publicKey(), storedBytes - missingBytes))));

        Exchange exchange = fixture.offer(List.of(entry(LENGTH_BYTES), entry(LENGTH_BYTES)));

        if (missingBytes == 0) {
            exchange.await(BundleGrant.class);
            // What is in flight counts, but may come to nothing.
            fixture.offer(List.of(entry(1))).await(Busy.class);
        } else {
            assertEquals(List.of(new EntryRefusal(1, RefusalReason.OVER_QUOTA)), refusals(exchange));
        }
    }

    @Test
    void quotaAndMemoryOfAGivenUpBundleAreFreeAgain() throws Exception {
        long storedBytes = 4 * ((2 + 3) * 128 + 64 * 4);
        reopen(context -> context.writers(
                List.of(WriterGrant.ofAnyNamespace(NodeFixture.WRITER.publicKey(), storedBytes))));
        fixture.offer(List.of(entry(LENGTH_BYTES))).await(BundleGrant.class);
        fixture.offer(List.of(entry(LENGTH_BYTES))).await(Busy.class);

        fixture.reconnect();
        NodeFixture.await(() -> fixture.node().reservedBytes() == 0);
        fixture.offer(List.of(entry(LENGTH_BYTES))).await(BundleGrant.class);
        assertEquals(1, fixture.node().counters().count(NodeEvent.BUNDLE_DROPPED));
    }

    @Test
    void aForgedOfferCostsTheWriterNothing() throws Exception {
        long storedBytes = 4 * ((2 + 3) * 128 + 64 * 4);
        reopen(context -> context.writers(
                List.of(WriterGrant.ofAnyNamespace(NodeFixture.WRITER.publicKey(), storedBytes))));
        List<BundleEntry> entries = List.of(entry(LENGTH_BYTES));
        for (int i = 0; i < 3; i++) {
            assertEquals(
                    FailureCode.UNAUTHORISED,
                    failure(fixture.offer(fixture.statement(entries), entries, new byte[64])));
        }
        assertEquals(0, fixture.node().reservedBytes());
        assertEquals(3, fixture.node().counters().count(FailureCode.UNAUTHORISED));

        fixture.offer(entries).await(BundleGrant.class);
    }

    private Exchange offerFor(long epoch, List<BundleEntry> entries) {
        byte[] leaves = new byte[entries.size() * Digest.BYTES];
        for (int i = 0; i < entries.size(); i++) {
            MerkleTree.leafHash(entries.get(i).encode()).copyTo(leaves, i * Digest.BYTES);
        }
        Statement statement = new Statement(
                fixture.committee().deploymentId(), epoch, entries.size(), MerkleTree.rootOfLeafHashes(leaves));
        return fixture.offer(statement, entries, NodeFixture.WRITER.sign(statement.writeRight()));
    }

    private static FailureCode failure(Exchange exchange) {
        return exchange.await(Failure.class).code();
    }

    private static List<EntryRefusal> refusals(Exchange exchange) {
        return exchange.await(BundleRefused.class).refusals();
    }

    private BundleEntry entry(long lengthBytes) {
        return new BundleEntry(randomId(), SampleBlob.NAMESPACE, lengthBytes, NodeFixture.EXPIRY);
    }

    private BundleEntry entryUntil(long expiryEpoch) {
        return new BundleEntry(randomId(), SampleBlob.NAMESPACE, LENGTH_BYTES, expiryEpoch);
    }

    private BlobId randomId() {
        return BlobId.of(Seed.bytes(random, Digest.BYTES));
    }
}
