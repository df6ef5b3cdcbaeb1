package dev.moraine.proofs.proof;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobCommitter;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.testing.Seed;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class SliverVerifierTest {
    private final Random random = Seed.random("SliverVerifierTest");
    private final ProvedBlob small = ProvedBlob.random(random, 4, 300);
    private final ProvedBlob chunked = ProvedBlob.random(random, 7, 40_000);

    @Test
    void everyPairOfABlobIsAcceptedWithItsSymbolRoots() {
        for (ProvedBlob blob : new ProvedBlob[] {small, chunked, ProvedBlob.random(random, 31, 9000)}) {
            SliverRoots[] pairs = new SliverRoots[blob.shards()];
            for (int pair = 0; pair < blob.shards(); pair++) {
                pairs[pair] = SliverRoots.allocate(blob.geometry());
                SliverCheck check = SliverVerifier.verifyPair(
                        blob.metadata(), pair, blob.primary(pair), blob.secondary(pair), pairs[pair]);
                assertEquals(SliverCheck.ACCEPT, check);
                SliverRoots expected = new SliverRoots(
                        blob.commitment().rowSymbolRoots(pair), blob.commitment().columnSymbolRoots(pair));
                assertEquals(expected, pairs[pair]);
                assertTrue(SliverVerifier.verifyPrimary(blob.metadata(), pair, blob.primary(pair)));
                assertTrue(SliverVerifier.verifySecondary(blob.metadata(), pair, blob.secondary(pair)));
            }
            for (int row = 0; row < blob.shards(); row++) {
                for (int column = 0; column < blob.shards(); column++) {
                    assertTrue(SliverVerifier.crossingAgrees(row, pairs[row], column, pairs[column]));
                }
            }
        }
    }

    @Test
    void theGivenSliversAreNotChanged() {
        byte[] before = chunked.matrixBytes().toArray(ValueLayout.JAVA_BYTE);
        check(chunked, 5, chunked.primary(5), chunked.secondary(5));
        assertArrayEquals(before, chunked.matrixBytes().toArray(ValueLayout.JAVA_BYTE));
    }

    @Test
    void everyFlippedBitIsRejected() {
        MemorySegment primary = copy(small.primary(2));
        MemorySegment secondary = copy(small.secondary(2));
        for (long bit = 0; bit < 8 * primary.byteSize(); bit++) {
            flip(primary, bit);
            assertEquals(SliverCheck.WRONG_ROW_ROOT, check(small, 2, primary, secondary));
            assertFalse(SliverVerifier.verifyPrimary(small.metadata(), 2, primary));
            flip(primary, bit);
        }
        for (long bit = 0; bit < 8 * secondary.byteSize(); bit++) {
            flip(secondary, bit);
            assertEquals(SliverCheck.WRONG_COLUMN_ROOT, check(small, 2, primary, secondary));
            assertFalse(SliverVerifier.verifySecondary(small.metadata(), 2, secondary));
            flip(secondary, bit);
        }
        assertEquals(SliverCheck.ACCEPT, check(small, 2, primary, secondary));
    }

    @Test
    void sliversOfAnotherPairBlobOrAxisAreRejected() {
        ProvedBlob other = ProvedBlob.random(random, 7, 40_000);
        for (int pair = 0; pair < 7; pair++) {
            for (int wrong = 0; wrong < 7; wrong++) {
                if (wrong != pair) {
                    assertNotEquals(
                            SliverCheck.ACCEPT, check(chunked, pair, chunked.primary(wrong), chunked.secondary(wrong)));
                    assertFalse(SliverVerifier.verifyPrimary(chunked.metadata(), pair, chunked.primary(wrong)));
                    assertFalse(SliverVerifier.verifySecondary(chunked.metadata(), pair, chunked.secondary(wrong)));
                }
            }
            assertEquals(SliverCheck.WRONG_ROW_ROOT, check(chunked, pair, other.primary(pair), other.secondary(pair)));
            assertEquals(
                    SliverCheck.WRONG_COLUMN_ROOT, check(chunked, pair, chunked.primary(pair), other.secondary(pair)));
            assertEquals(
                    SliverCheck.WRONG_LENGTH, check(chunked, pair, chunked.secondary(pair), chunked.primary(pair)));
        }
    }

    @Test
    void sliversOfAnotherLengthAreRejected() {
        MemorySegment primary = chunked.primary(1);
        MemorySegment secondary = chunked.secondary(1);
        MemorySegment longPrimary = MemorySegment.ofArray(new byte[(int) primary.byteSize() + 1]);
        MemorySegment longSecondary = MemorySegment.ofArray(new byte[(int) secondary.byteSize() + 1]);
        MemorySegment empty = MemorySegment.ofArray(new byte[0]);
        for (MemorySegment wrong : new MemorySegment[] {primary.asSlice(1), primary.asSlice(64), longPrimary, empty}) {
            assertEquals(SliverCheck.WRONG_LENGTH, check(chunked, 1, wrong, secondary));
            assertFalse(SliverVerifier.verifyPrimary(chunked.metadata(), 1, wrong));
        }
        for (MemorySegment wrong : new MemorySegment[] {secondary.asSlice(1), longSecondary, empty}) {
            assertEquals(SliverCheck.WRONG_LENGTH, check(chunked, 1, primary, wrong));
            assertFalse(SliverVerifier.verifySecondary(chunked.metadata(), 1, wrong));
        }
    }

    @Test
    void pairsOutsideTheBlobAreOutOfRange() {
        for (int wrong : new int[] {Integer.MIN_VALUE, -1, 4, Integer.MAX_VALUE}) {
            assertEquals(SliverCheck.OUT_OF_RANGE, check(small, wrong, small.primary(0), small.secondary(0)));
            assertFalse(SliverVerifier.verifyPrimary(small.metadata(), wrong, small.primary(0)));
            assertFalse(SliverVerifier.verifySecondary(small.metadata(), wrong, small.secondary(0)));
        }
    }

    @Test
    void aWriterWhoCommitsToRowsOfOneMatrixAndColumnsOfAnotherIsFoundOut() {
        ProvedBlob rows = ProvedBlob.random(random, 7, 10_000);
        ProvedBlob columns = ProvedBlob.random(random, 7, 10_000);
        BlobMetadata mixed = BlobMetadata.of(
                new Geometry(7),
                10_000,
                roots(row -> rows.metadata().rowRoot(row)),
                roots(column -> columns.metadata().columnRoot(column)));
        SliverRoots[] pairs = new SliverRoots[7];
        for (int pair = 0; pair < 7; pair++) {
            pairs[pair] = SliverRoots.allocate(rows.geometry());
            SliverCheck check =
                    SliverVerifier.verifyPair(mixed, pair, rows.primary(pair), columns.secondary(pair), pairs[pair]);
            assertEquals(SliverCheck.CROSSING_DIFFERS, check);
        }
        assertFalse(SliverVerifier.crossingAgrees(1, pairs[1], 4, pairs[4]));
    }

    @Test
    void aBlobWhoseLinesAreNoCodewordsIsFoundOut() {
        // Any bytes in a parity symbol: the committed root is over them, but the extension of the sliver is not.
        ProvedBlob blob = ProvedBlob.random(random, 4, 300);
        MemorySegment parity = blob.symbol(1, 3);
        flip(parity, 5);
        BlobMetadata committed = BlobCommitter.commit(blob.matrix(), blob.matrixBytes(), 300)
                .metadata();
        SliverRoots roots = SliverRoots.allocate(blob.geometry());
        assertEquals(
                SliverCheck.WRONG_ROW_ROOT,
                SliverVerifier.verifyPair(committed, 1, blob.primary(1), blob.secondary(1), roots));
    }

    @Test
    void metadataOfAnotherCommitteeLengthOrOrderRejectsTheSlivers() {
        BlobMetadata own = chunked.metadata();
        for (int shards : new int[] {6, 8, 10}) {
            ProvedBlob other = ProvedBlob.of(shards, chunked.bytes());
            for (int pair = 0; pair < 6; pair++) {
                assertFalse(SliverVerifier.verifyPrimary(other.metadata(), pair, chunked.primary(pair)));
                assertFalse(SliverVerifier.verifySecondary(other.metadata(), pair, chunked.secondary(pair)));
            }
        }
        byte[] rows = roots(own::rowRoot);
        byte[] columns = roots(own::columnRoot);
        BlobMetadata longer = BlobMetadata.of(own.geometry(), 50_000, rows, columns);
        BlobMetadata exchanged = BlobMetadata.of(own.geometry(), 40_000, columns, rows);
        for (int pair = 0; pair < 7; pair++) {
            assertFalse(SliverVerifier.verifyPrimary(longer, pair, chunked.primary(pair)));
            assertFalse(SliverVerifier.verifySecondary(longer, pair, chunked.secondary(pair)));
            assertFalse(SliverVerifier.verifyPrimary(exchanged, pair, chunked.primary(pair)));
            assertFalse(SliverVerifier.verifySecondary(exchanged, pair, chunked.secondary(pair)));
        }
        // Slivers do not depend on how many bytes of the last symbol count: the id does, and the caller compares it.
        BlobMetadata oneByteLess = BlobMetadata.of(own.geometry(), 39_999, rows, columns);
        assertTrue(SliverVerifier.verifyPrimary(oneByteLess, 0, chunked.primary(0)));
        assertNotEquals(own.id(), oneByteLess.id());
    }

    @Test
    void rootsWithoutRoomForTheLinesAreRefused() {
        SliverRoots short1 = new SliverRoots(new byte[3 * Digest.BYTES], new byte[4 * Digest.BYTES]);
        SliverRoots short2 = new SliverRoots(new byte[4 * Digest.BYTES], new byte[5 * Digest.BYTES]);
        for (SliverRoots wrong : new SliverRoots[] {short1, short2}) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> SliverVerifier.verifyPair(small.metadata(), 0, small.primary(0), small.secondary(0), wrong));
        }
    }

    private static SliverCheck check(ProvedBlob blob, int pair, MemorySegment primary, MemorySegment secondary) {
        SliverRoots roots = SliverRoots.allocate(blob.geometry());
        return SliverVerifier.verifyPair(blob.metadata(), pair, primary, secondary, roots);
    }

    private static byte[] roots(IntFunction<Digest> rootOf) {
        ByteArrayOutputStream roots = new ByteArrayOutputStream();
        for (int i = 0; i < 7; i++) {
            roots.writeBytes(rootOf.apply(i).toBytes());
        }
        return roots.toByteArray();
    }

    private static MemorySegment copy(MemorySegment segment) {
        return MemorySegment.ofArray(segment.toArray(ValueLayout.JAVA_BYTE));
    }

    private static void flip(MemorySegment segment, long bit) {
        byte old = segment.get(ValueLayout.JAVA_BYTE, bit / 8);
        segment.set(ValueLayout.JAVA_BYTE, bit / 8, (byte) (old ^ 1 << bit % 8));
    }
}
