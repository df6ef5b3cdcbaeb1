package dev.moraine.storage.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.storage.disk.FaultDisk;
import dev.moraine.storage.segment.SegmentDescriptor;
import dev.moraine.testing.Seed;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SymbolReaderTest {
    private static final String FIRST = SegmentDescriptor.fileName(1);

    private final Random random = Seed.random("SymbolReaderTest");
    private final MemorySegment target = MemorySegment.ofArray(new byte[64 << 10]);

    @TempDir
    private Path temporary;

    private SliverStore open() throws StoreException {
        return SliverStore.open(new StoreContext()
                .folder(temporary.resolve("store"))
                .deploymentId(SampleBlob.DEPLOYMENT)
                .segmentBytes(256 << 10));
    }

    private byte[] answer(int lengthBytes) {
        return target.asSlice(0, lengthBytes).toArray(ValueLayout.JAVA_BYTE);
    }

    private void assertProofs(SymbolReader reader, SampleBlob blob, int pairIndex) {
        for (Axis axis : Axis.values()) {
            int stored = axis == Axis.ROW
                    ? blob.commitment().metadata().geometry().sourceColumns()
                    : blob.commitment().metadata().geometry().sourceRows();
            for (int symbol = 0; symbol < 4; symbol++) {
                int length = reader.read(blob.id(), pairIndex, axis, symbol, target);
                assertEquals(length, reader.lengthBytes(blob.id(), pairIndex, axis, symbol));
                if (symbol < stored) {
                    assertTrue(length > 0, axis + " " + symbol + ": " + length);
                    assertArrayEquals(blob.proof(pairIndex, axis, symbol), answer(length));
                } else {
                    assertEquals(SymbolReader.NOT_STORED, length);
                }
                int pathsBytes = reader.readPaths(blob.id(), pairIndex, axis, symbol, target);
                byte[] proof = blob.proof(pairIndex, axis, symbol);
                int symbolBytes = blob.commitment().metadata().header().symbolSizeBytes();
                assertArrayEquals(Arrays.copyOfRange(proof, symbolBytes, proof.length), answer(pathsBytes));
            }
        }
    }

    @Test
    void everyStoredSymbolComesWithTheProofThatTheMatrixGives() throws StoreException {
        SampleBlob together = SampleBlob.random(random, 3_000);
        SampleBlob apart = SampleBlob.random(random, 3_000);
        for (int opening = 0; opening < 2; opening++) {
            try (SliverStore store = open()) {
                store.appendPair(together.pair(1));
                store.appendSliver(apart.pair(2).sliver(Axis.COLUMN));
                store.appendSliver(apart.pair(2).sliver(Axis.ROW));
                SymbolReader reader = store.newSymbolReader();
                assertProofs(reader, together, 1);
                assertProofs(reader, apart, 2);
            }
        }
    }

    @Test
    void whatIsNotThereIsSaidToBeSo() throws StoreException {
        SampleBlob blob = SampleBlob.random(random, 3_000);
        SampleBlob other = SampleBlob.random(random, 3_000);
        SymbolReader reader;
        try (SliverStore store = open()) {
            store.appendSliver(blob.pair(1).sliver(Axis.ROW));
            reader = store.newSymbolReader();
            assertEquals(SymbolReader.NOT_HELD, reader.read(other.id(), 1, Axis.ROW, 0, target));
            assertEquals(SymbolReader.NOT_HELD, reader.read(blob.id(), 0, Axis.ROW, 0, target));
            assertEquals(SymbolReader.NOT_HELD, reader.read(blob.id(), -1, Axis.ROW, 0, target));
            assertEquals(SymbolReader.NOT_HELD, reader.read(blob.id(), 1, Axis.COLUMN, 0, target));
            assertEquals(SymbolReader.NOT_HELD, reader.read(blob.id(), 1, Axis.ROW, 4, target));
            assertEquals(SymbolReader.NOT_HELD, reader.read(blob.id(), 1, Axis.ROW, -1, target));
            int length = reader.read(blob.id(), 1, Axis.ROW, 0, target);
            assertEquals(length, reader.read(blob.id(), 1, Axis.ROW, 0, target.asSlice(0, length)));
            assertEquals(
                    SymbolReader.TARGET_TOO_SHORT,
                    reader.read(blob.id(), 1, Axis.ROW, 0, target.asSlice(0, length - 1)));
        }
        assertThrows(IllegalStateException.class, () -> reader.read(blob.id(), 1, Axis.ROW, 0, target));
    }

    @Test
    void noBitThatFlippedBeforeTheFirstReadIsServed() throws StoreException {
        SampleBlob blob = SampleBlob.random(random, 300);
        FaultDisk whole = new FaultDisk();
        long usedBits;
        try (SliverStore store = Workload.open(whole)) {
            store.appendPair(blob.pair(0));
            usedBits = store.health().bytes() * Byte.SIZE;
        }
        long start = SegmentDescriptor.DATA_OFFSET * Byte.SIZE;
        int quarantined = 0;
        for (long bit = start; bit < start + usedBits; bit += 5) {
            FaultDisk disk = whole.copy();
            try (SliverStore store = Workload.open(disk)) {
                disk.flipBit(FIRST, bit);
                SymbolReader reader = store.newSymbolReader();
                int length = reader.read(blob.id(), 0, Axis.COLUMN, 1, target);
                assertEquals(SymbolReader.QUARANTINED, length, "bit " + bit);
                assertEquals(1, store.health().quarantined());
                assertEquals(length, reader.read(blob.id(), 0, Axis.COLUMN, 1, target), "it stays so");
                assertInstanceOf(PairLookup.Quarantined.class, store.findMapped(blob.id(), 0, null));
                quarantined++;
            }
        }
        assertTrue(quarantined > 100);
    }

    @Test
    void mappedPairsShowWhatWasStored() throws StoreException {
        List<SampleBlob> blobs = new ArrayList<>();
        try (SliverStore store = open()) {
            for (int i = 0; i < 30; i++) {
                SampleBlob blob = SampleBlob.random(random, 1 + random.nextInt(30_000));
                store.appendPair(blob.pair(i % 4));
                blobs.add(blob);
                blob.assertServedMapped(store, i % 4);
            }
            assertInstanceOf(PairLookup.NotHeld.class, store.findMapped(blobs.getFirst().id(), 1, null));
        }
        try (SliverStore store = open()) {
            for (int i = 0; i < blobs.size(); i++) {
                blobs.get(i).assertServedMapped(store, i % 4);
            }
        }
    }

    @Test
    void aMappedPairOutlivesTheStoreAndIsReleasedOnce() throws StoreException {
        SampleBlob blob = SampleBlob.random(random, 3_000);
        StoredPair pair;
        try (SliverStore store = open()) {
            store.appendPair(blob.pair(0));
            pair = assertInstanceOf(PairLookup.Found.class, store.findMapped(blob.id(), 0, null)).pair();
        }
        blob.assertIsPair(pair, 0);
        MemorySegment primary = pair.primary();
        pair.release();
        assertThrows(IllegalStateException.class, () -> primary.get(ValueLayout.JAVA_BYTE, 0));
        assertThrows(IllegalStateException.class, pair::release);
    }

    @Test
    void aFileThatIsMadeShorterUnderItsMappingIsQuarantinedAndEndsNothing() throws StoreException, IOException {
        SampleBlob blob = SampleBlob.random(random, 20_000);
        SampleBlob first = SampleBlob.random(random, 100);
        try (SliverStore store = open()) {
            store.appendPair(first.pair(0));
            store.appendPair(blob.pair(0));
            store.force();
            SymbolReader reader = store.newSymbolReader();
            assertProofs(reader, blob, 0);
            assertProofs(reader, first, 0);
            try (FileChannel channel =
                    FileChannel.open(temporary.resolve("store").resolve(FIRST), StandardOpenOption.WRITE)) {
                channel.truncate(3L * SegmentDescriptor.PAGE_BYTES);
            }
            assertEquals(SymbolReader.QUARANTINED, readOrFault(reader, blob));
            assertEquals(SymbolReader.QUARANTINED, readOrFault(reader, blob));
            assertTrue(store.health().quarantined() > 0);
            assertProofs(reader, first, 0);
        }
    }

    private int readOrFault(SymbolReader reader, SampleBlob blob) {
        try {
            return reader.read(blob.id(), 0, Axis.COLUMN, 1, target);
        } catch (InternalError e) {
            // The machine may deliver the fault a little later, but before anybody has the bytes.
            return SymbolReader.QUARANTINED;
        }
    }

    @Test
    void readingASymbolAllocatesNothing() throws StoreException {
        SampleBlob blob = SampleBlob.random(random, 3_000);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (SliverStore store = open()) {
            store.appendPair(blob.pair(0));
            SymbolReader reader = store.newSymbolReader();
            long[] allocated = new long[20];
            for (int window = 0; window < allocated.length; window++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 5_000; i++) {
                    reader.read(blob.id(), 0, Axis.ROW, i & 1, target);
                }
                allocated[window] = threads.getCurrentThreadAllocatedBytes() - before;
            }
            assertEquals(0, Arrays.stream(allocated).min().orElseThrow());
        }
    }
}
