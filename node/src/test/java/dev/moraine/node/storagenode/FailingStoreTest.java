package dev.moraine.node.storagenode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moraine.storage.disk.Disk;
import dev.moraine.storage.disk.DiskFile;
import dev.moraine.storage.disk.FileDisk;
import dev.moraine.testing.Seed;
import dev.moraine.wire.message.Busy;
import dev.moraine.wire.message.BundleGrant;
import dev.moraine.wire.message.BundleSigned;
import dev.moraine.wire.message.Failure;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.message.GetHealth;
import dev.moraine.wire.message.GetMetadata;
import dev.moraine.wire.message.HealthAnswer;
import dev.moraine.wire.message.MetadataAnswer;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A disk that fails: nothing is signed for what may not be on it, nor for anything else afterwards. */
class FailingStoreTest {
    private static final int LENGTH_BYTES = 1_000;

    private final Random random = Seed.random("FailingStoreTest");
    private volatile Operation failing = Operation.NONE;
    private volatile boolean isFull;

    @TempDir
    private Path folder;

    /** What the disk does not do. */
    enum Operation {
        NONE,
        READ,
        WRITE,
        FORCE
    }

    @ParameterizedTest
    @EnumSource(value = Operation.class, names = {"WRITE", "FORCE"})
    void nothingIsSignedFromTheFirstFailureOn(Operation operation) throws Exception {
        try (NodeFixture fixture = new NodeFixture(
                SampleCommittee.OF_FOUR_SHARDS, folder, context -> context.storeDisks(this::open))) {
            SampleBlob before = blob(fixture);
            fixture.store(before);
            SampleBlob lost = blob(fixture);
            Exchange exchange = fixture.offer(List.of(lost.entry(NodeFixture.EXPIRY)));
            exchange.await(BundleGrant.class);

            failing = operation;
            fixture.sendBody(exchange, 0, lost);
            assertEquals(FailureCode.DISK_FAILED, exchange.await(Failure.class).code());

            // The disk says that it is well again, and is not believed.
            failing = Operation.NONE;
            Exchange later = fixture.offer(List.of(blob(fixture).entry(NodeFixture.EXPIRY)));
            assertEquals(FailureCode.DISK_FAILED, later.await(Failure.class).code());
            Exchange again = fixture.offer(List.of(before.entry(NodeFixture.EXPIRY)));
            assertEquals(FailureCode.DISK_FAILED, again.await(Failure.class).code());
            assertEquals(1, fixture.node().counters().count(NodeEvent.BUNDLE_SIGNED));
            assertEquals(1, Exchange.start(fixture.connection(), GetHealth::new).await(HealthAnswer.class).state());
            Exchange.start(fixture.connection(), id -> new GetMetadata(id, before.id().toBytes()))
                    .await(MetadataAnswer.class);
        }
    }

    @Test
    void aBundleThatWasGrantedBeforeTheFailureIsNotSignedAfterIt() throws Exception {
        try (NodeFixture fixture = new NodeFixture(
                SampleCommittee.OF_FOUR_SHARDS, folder, context -> context.storeDisks(this::open))) {
            SampleBlob lost = blob(fixture);
            SampleBlob next = blob(fixture);
            Exchange first = fixture.offer(List.of(lost.entry(NodeFixture.EXPIRY)));
            Exchange second = fixture.offer(List.of(next.entry(NodeFixture.EXPIRY)));
            first.await(BundleGrant.class);
            second.await(BundleGrant.class);
            failing = Operation.FORCE;
            fixture.sendBody(first, 0, lost);
            assertEquals(FailureCode.DISK_FAILED, first.await(Failure.class).code());
            failing = Operation.NONE;
            fixture.sendBody(second, 0, next);

            assertEquals(FailureCode.DISK_FAILED, second.await(Failure.class).code());
        }
    }

    @Test
    void anErrorWhileAnOfferIsDecidedOnIsAnsweredAndTheRequestForgotten() throws Exception {
        NodeLimits oneAtATime = new NodeLimits.Context().maxBundlesPerConnection(1).conclude();
        try (NodeFixture fixture = new NodeFixture(
                SampleCommittee.OF_FOUR_SHARDS,
                folder,
                context -> context.storeDisks(this::open).limits(oneAtATime))) {
            SampleBlob blob = blob(fixture);
            fixture.store(blob);
            failing = Operation.READ;
            for (int i = 0; i < 2; i++) {
                Exchange exchange = fixture.offer(List.of(blob.entry(NodeFixture.EXPIRY)));
                assertEquals(FailureCode.INTERNAL, exchange.await(Failure.class).code());
            }
            failing = Operation.NONE;

            assertEquals(List.of(), fixture.store(blob));
        }
    }

    @Test
    void aFullDiskPutsBundlesOffBeforeTheirBodiesComeAndTakesThemWhenThereIsRoom() throws Exception {
        try (NodeFixture fixture = new NodeFixture(
                SampleCommittee.OF_FOUR_SHARDS, folder, context -> context.storeDisks(this::open))) {
            SampleBlob blob = blob(fixture);
            isFull = true;
            fixture.offer(List.of(blob.entry(NodeFixture.EXPIRY))).await(Busy.class);
            assertEquals(0, fixture.node().counters().count(NodeEvent.BUNDLE_GRANTED));
            assertEquals(0, fixture.node().reservedBytes());
            isFull = false;
            fixture.store(blob);
            assertEquals(1, fixture.node().counters().count(NodeEvent.BUNDLE_SIGNED));
        }
    }

    @Test
    void aRestartOnAGoodDiskSignsAgain() throws Exception {
        try (NodeFixture fixture = new NodeFixture(
                SampleCommittee.OF_FOUR_SHARDS, folder, context -> context.storeDisks(this::open))) {
            SampleBlob blob = blob(fixture);
            Exchange exchange = fixture.offer(List.of(blob.entry(NodeFixture.EXPIRY)));
            exchange.await(BundleGrant.class);
            failing = Operation.FORCE;
            fixture.sendBody(exchange, 0, blob);
            assertEquals(FailureCode.DISK_FAILED, exchange.await(Failure.class).code());
            failing = Operation.NONE;

            fixture.restart();

            Exchange retried = fixture.offer(List.of(blob.entry(NodeFixture.EXPIRY)));
            retried.await(BundleGrant.class).wantedEntries().forEach(entry -> fixture.sendBody(retried, entry, blob));
            fixture.assertSigned(
                    fixture.statement(List.of(blob.entry(NodeFixture.EXPIRY))), retried.await(BundleSigned.class));
        }
    }

    private SampleBlob blob(NodeFixture fixture) {
        return SampleBlob.random(random, fixture.geometry(), LENGTH_BYTES);
    }

    private Disk open(Path place) throws IOException {
        return new FailingDisk(FileDisk.open(place));
    }

    private void check(Operation operation) throws IOException {
        if (failing == operation) {
            throw new IOException("input/output error");
        }
    }

    /** Passes everything on, unless it is to fail. */
    private final class FailingDisk implements Disk {
        private final Disk disk;

        private FailingDisk(Disk disk) {
            this.disk = disk;
        }

        @Override
        public List<String> list() throws IOException {
            return disk.list();
        }

        @Override
        public DiskFile create(String name) throws IOException {
            return new FailingFile(disk.create(name));
        }

        @Override
        public DiskFile open(String name) throws IOException {
            return new FailingFile(disk.open(name));
        }

        @Override
        public void rename(String from, String to) throws IOException {
            disk.rename(from, to);
        }

        @Override
        public void delete(String name) throws IOException {
            disk.delete(name);
        }

        @Override
        public void force() throws IOException {
            check(Operation.FORCE);
            disk.force();
        }

        @Override
        public long usableBytes() throws IOException {
            return isFull ? 0 : disk.usableBytes();
        }

        @Override
        public @Nullable Path folder() {
            return disk.folder();
        }

        @Override
        public String describe(String name) {
            return disk.describe(name);
        }

        @Override
        public void close() throws IOException {
            disk.close();
        }
    }

    private final class FailingFile implements DiskFile {
        private final DiskFile file;

        private FailingFile(DiskFile file) {
            this.file = file;
        }

        @Override
        public long sizeBytes() throws IOException {
            return file.sizeBytes();
        }

        @Override
        public void read(long position, MemorySegment target) throws IOException {
            if (failing == Operation.READ) {
                throw new OutOfMemoryError("injected");
            }
            file.read(position, target);
        }

        @Override
        public MemorySegment map(long lengthBytes, Arena arena) throws IOException {
            return file.map(lengthBytes, arena);
        }

        @Override
        public void write(long position, MemorySegment source) throws IOException {
            check(Operation.WRITE);
            file.write(position, source);
        }

        @Override
        public void force(boolean withMetadata) throws IOException {
            check(Operation.FORCE);
            file.force(withMetadata);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
