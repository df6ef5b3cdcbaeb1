package dev.moraine.wire.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Every limit of a message holds: at the limit it can be made, one past it cannot. */
class MessageLimitsTest {
    private static final byte[] HASH = new byte[32];
    private static final WireEntry ENTRY = new WireEntry(HASH, HASH, 1, 0);

    @Test
    void greetingsKeepTheirLimits() {
        new Hello(0xFFFF, HASH);
        refuses("protocolVersion", () -> new Hello(0x10000, HASH));
        refuses("deploymentId", () -> new Hello(1, new byte[31]));
        new Welcome(1, HASH, 191);
        refuses("nodeIndex", () -> new Welcome(1, HASH, 192));
        refuses("nodeIndex", () -> new Welcome(1, HASH, -1));
        new Busy(1, 60_000);
        refuses("retryDelayMs", () -> new Busy(1, 60_001));
        new HealthAnswer(1, 255, 0, 0, 0);
        refuses("state", () -> new HealthAnswer(1, 256, 0, 0, 0));
        refuses("pairs", () -> new HealthAnswer(1, 0, -1, 0, 0));
    }

    @Test
    void bundlesKeepTheirLimits() {
        new WireEntry(HASH, HASH, 1L << 32, Long.MAX_VALUE);
        refuses("lengthBytes", () -> new WireEntry(HASH, HASH, (1L << 32) + 1, 0));
        refuses("lengthBytes", () -> new WireEntry(HASH, HASH, 0, 0));
        refuses("expiryEpoch", () -> new WireEntry(HASH, HASH, 1, -1));
        refuses("blobId", () -> new WireEntry(new byte[33], HASH, 1, 1));
        refuses("namespace", () -> new WireEntry(HASH, new byte[0], 1, 1));
        offer(0, Collections.nCopies(4096, ENTRY));
        refuses("entries", () -> offer(0, Collections.nCopies(4097, ENTRY)));
        refuses("entries", () -> offer(0, List.of()));
        refuses("epoch", () -> offer(-1, List.of(ENTRY)));
        refuses("bundleRoot", () -> new BundleOffer(1, 0, new byte[31], HASH, new byte[64], List.of(ENTRY)));
        refuses("writerKey", () -> new BundleOffer(1, 0, HASH, new byte[33], new byte[64], List.of(ENTRY)));
        refuses("writerSignature", () -> new BundleOffer(1, 0, HASH, HASH, new byte[63], List.of(ENTRY)));
        new BundleGrant(1, IntStream.range(0, 4096).boxed().toList());
        refuses("wantedEntries", () -> new BundleGrant(1, List.of(4096)));
        refuses("wantedEntries", () -> new BundleGrant(1, List.of(1, 1)));
        refuses("wantedEntries", () -> new BundleGrant(1, List.of(-1)));
        EntryRefusal refusal = new EntryRefusal(4095, RefusalReason.DUPLICATE);
        refuses("entry", () -> new EntryRefusal(4096, RefusalReason.DUPLICATE));
        refuses("refusals", () -> new BundleRefused(1, List.of(refusal, refusal)));
        refuses("refusals", () -> new BundleRefused(1, List.of()));
        refuses("signature", () -> new BundleSigned(1, new byte[95]));
        new CertificatePut(1, new byte[512], List.of(ENTRY));
        refuses("certificate", () -> new CertificatePut(1, new byte[513], List.of(ENTRY)));
        refuses("certificate", () -> new CertificatePut(1, new byte[0], List.of(ENTRY)));
        refuses("entries", () -> new CertificatePut(1, new byte[1], Collections.nCopies(4097, ENTRY)));
    }

    @Test
    void sliversKeepTheirLimits() {
        sliver(4095, 191, (1L << 32) - (1 << 20), 1L << 32, 1 << 20);
        refuses("entry", () -> sliver(4096, 0, 0, 10, 10));
        refuses("pairIndex", () -> sliver(0, 192, 0, 10, 10));
        refuses("offset", () -> sliver(0, 0, 1, 10, 10));
        refuses("offset", () -> sliver(0, 0, -1, 10, 10));
        refuses("totalBytes", () -> sliver(0, 0, 0, (1L << 32) + 1, 10));
        refuses("data", () -> sliver(0, 0, 0, 1L << 32, (1 << 20) + 1));
        refuses("data", () -> sliver(0, 0, 0, 10, 0));
        refuses("data", () -> sliver(0, 0, 0, 10, 11));
        new GetSliver(1, HASH, 191, Part.METADATA);
        refuses("pairIndex", () -> new GetSliver(1, HASH, 192, Part.METADATA));
    }

    @Test
    void readsKeepTheirLimits() {
        new MetadataAnswer(1, new byte[12_334]);
        refuses("metadata", () -> new MetadataAnswer(1, new byte[12_335]));
        new CertificateAnswer(1, new byte[1024]);
        refuses("blobCertificate", () -> new CertificateAnswer(1, new byte[1025]));
        refuses("blobId", () -> new GetMetadata(1, new byte[31]));
        refuses("blobId", () -> new GetCertificate(1, new byte[31]));
        Coordinate corner = new Coordinate(191, 191);
        refuses("row", () -> new Coordinate(192, 0));
        refuses("column", () -> new Coordinate(0, -1));
        new Coordinate(1023, 0, 0);
        refuses("blob", () -> new Coordinate(1024, 0, 0));
        refuses("blob", () -> new Coordinate(-1, 0, 0));
        GetSymbols.ofBlob(1, WireAxis.ROW, HASH, Collections.nCopies(1024, corner));
        refuses("coordinates", () -> GetSymbols.ofBlob(1, WireAxis.ROW, HASH, Collections.nCopies(1025, corner)));
        refuses("coordinates", () -> GetSymbols.ofBlob(1, WireAxis.ROW, HASH, List.of()));
        refuses("blobIds", () -> GetSymbols.ofBlob(1, WireAxis.ROW, new byte[31], List.of(corner)));
        new GetSymbols(1, WireAxis.ROW, ids(1024), List.of(new Coordinate(1023, 0, 0)));
        refuses("blobIds", () -> new GetSymbols(1, WireAxis.ROW, ids(1025), List.of(corner)));
        refuses("blobIds", () -> new GetSymbols(1, WireAxis.ROW, List.of(), List.of(corner)));
        refuses("blobIds", () -> new GetSymbols(1, WireAxis.ROW, List.of(HASH, HASH.clone()), List.of(corner)));
        refuses("blob", () -> new GetSymbols(1, WireAxis.ROW, ids(2), List.of(new Coordinate(2, 0, 0))));
        new GetChunks(1, HASH, 191, 191, (1 << 20) - 1, 4096);
        refuses("row", () -> new GetChunks(1, HASH, 192, 0, 0, 1));
        refuses("column", () -> new GetChunks(1, HASH, 0, 192, 0, 1));
        refuses("firstChunk", () -> new GetChunks(1, HASH, 0, 0, 1 << 20, 1));
        refuses("chunkCount", () -> new GetChunks(1, HASH, 0, 0, 0, 4097));
        refuses("chunkCount", () -> new GetChunks(1, HASH, 0, 0, 0, 0));
        new ChunksAnswer(1, (1 << 24) - (1 << 20), 1 << 24, new byte[1 << 20]);
        refuses("totalBytes", () -> new ChunksAnswer(1, 0, (1 << 24) + 1, new byte[1]));
        refuses("proofs", () -> new ChunksAnswer(1, 0, 1 << 24, new byte[(1 << 20) + 1]));
        refuses("offset", () -> new ChunksAnswer(1, 10, 10, new byte[1]));
        assertEquals(16, ChunksAnswer.split(1, new byte[1 << 24]).size());
        refuses("whole", () -> ChunksAnswer.split(1, new byte[(1 << 24) + 1]));
    }

    @Test
    void statusFeedAndVerdictKeepTheirLimits() {
        refuses("blobId", () -> new GetStatus(1, new byte[33]));
        new StatusAnswer(1, BlobState.UNKNOWN, 0);
        refuses("expiryEpoch", () -> new StatusAnswer(1, BlobState.HELD, -1));
        new GetVerdict(1, HASH, 30_000);
        refuses("blobId", () -> new GetVerdict(1, new byte[31], 0));
        refuses("waitMs", () -> new GetVerdict(1, HASH, 30_001));
        refuses("waitMs", () -> new GetVerdict(1, HASH, -1));
        new VerdictAnswer(1, VerdictState.NOT_YET, new byte[0]);
        refuses("signature", () -> new VerdictAnswer(1, VerdictState.NOT_YET, new byte[96]));
        refuses("signature", () -> new VerdictAnswer(1, VerdictState.WHOLE, new byte[0]));
        refuses("signature", () -> new VerdictAnswer(1, VerdictState.WRONG, new byte[97]));
        new GetFeed(1, Collections.nCopies(256, HASH), 0, Long.MAX_VALUE, 256, 30_000);
        refuses("namespaces", () -> new GetFeed(1, Collections.nCopies(257, HASH), 0, 0, 1, 0));
        refuses("namespaces", () -> new GetFeed(1, List.of(new byte[31]), 0, 0, 1, 0));
        refuses("cursor", () -> new GetFeed(1, List.of(), 0, -1, 1, 0));
        refuses("maxEntries", () -> new GetFeed(1, List.of(), 0, 0, 0, 0));
        refuses("maxEntries", () -> new GetFeed(1, List.of(), 0, 0, 257, 0));
        refuses("waitMs", () -> new GetFeed(1, List.of(), 0, 0, 1, 30_001));
        new FeedAnswer(1, -1, 0, Collections.nCopies(256, new byte[1024]));
        refuses("feedId", () -> new FeedAnswer(1, 0, 0, List.of()));
        refuses("nextCursor", () -> new FeedAnswer(1, 1, -1, List.of()));
        refuses("blobCertificates", () -> new FeedAnswer(1, 1, 0, Collections.nCopies(257, new byte[1])));
        refuses("blobCertificates", () -> new FeedAnswer(1, 1, 0, List.of(new byte[1025])));
        refuses("blobCertificates", () -> new FeedAnswer(1, 1, 0, List.of(new byte[0])));
    }

    @Test
    void symbolsKeepTheirLimits() {
        new SymbolAnswer(null, (1 << 30) - 1, 1 << 30, new byte[1]);
        refuses("proof", () -> new SymbolAnswer(null, 0, (1 << 30) + 1, new byte[1]));
        refuses("proof", () -> new SymbolAnswer(null, 0, 0, new byte[0]));
        refuses("proof", () -> new SymbolAnswer(null, 0, 1, new byte[2]));
        refuses("proof", () -> new SymbolAnswer(FailureCode.NOT_FOUND, 0, 1, new byte[1]));
        SymbolAnswer failed = SymbolAnswer.failed(FailureCode.NOT_FOUND);
        new SymbolsAnswer(1, 0, true, Collections.nCopies(1024, failed));
        new SymbolsAnswer(1, 1023, true, List.of(failed));
        refuses("symbols", () -> new SymbolsAnswer(1, 0, true, Collections.nCopies(1025, failed)));
        refuses("firstIndex", () -> new SymbolsAnswer(1, 1024, true, List.of(failed)));
        SymbolAnswer half = SymbolAnswer.whole(new byte[1 << 19]);
        new SymbolsAnswer(1, 0, true, List.of(half, half));
        SymbolAnswer one = SymbolAnswer.whole(new byte[1]);
        refuses("proof bytes", () -> new SymbolsAnswer(1, 0, true, List.of(half, half, one)));
        refuses("expectedCount", () -> new SymbolsSplitter(1, 1025, _ -> {}));
        refuses("expectedCount", () -> new SymbolsAssembler(0, 1));
        refuses("maxProofBytes", () -> new ChunksAssembler((1 << 24) + 1));
    }

    private static BundleOffer offer(long epoch, List<WireEntry> entries) {
        return new BundleOffer(1, epoch, HASH, HASH, new byte[64], entries);
    }

    private static SliverData sliver(int entry, int pairIndex, long offset, long totalBytes, int lengthBytes) {
        MemorySegment data = MemorySegment.ofArray(new byte[lengthBytes]);
        return new SliverData(1, entry, pairIndex, Part.PRIMARY, offset, totalBytes, data);
    }

    private static List<byte[]> ids(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> ByteBuffer.allocate(32).putInt(i).array())
                .toList();
    }

    private static void refuses(String field, Executable made) {
        String message = String.valueOf(assertThrows(IllegalArgumentException.class, made).getMessage());
        assertTrue(message.startsWith(field), message);
    }
}
