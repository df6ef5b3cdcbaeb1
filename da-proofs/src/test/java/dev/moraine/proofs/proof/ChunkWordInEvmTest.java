package dev.moraine.proofs.proof;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.blob.InvalidMetadataException;
import dev.moraine.proofs.evm.EvmCases;
import dev.moraine.proofs.evm.EvmVerifier;
import dev.moraine.proofs.evm.EvmVerifier.Answer;
import dev.moraine.testing.Seed;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The words that {@code BlobChunk.sol} shows of chunk proofs, and those that Java finds. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChunkWordInEvmTest {
    private static final int WORD_BYTES = 32;

    private final Random random = Seed.random("ChunkWordInEvmTest");
    private final List<ProvedBlob> blobs = List.of(
            ProvedBlob.random(random, 4, 1),
            ProvedBlob.random(random, 4, 300),
            ProvedBlob.random(random, 4, 300),
            ProvedBlob.random(random, 5, 9_000),
            ProvedBlob.random(random, 7, 40_001),
            ProvedBlob.random(random, 7, 131_072),
            ProvedBlob.random(random, 31, 20_000),
            ProvedBlob.random(random, 100, 30_017));

    @SuppressWarnings("NullAway.Init") // set before every test
    private EvmVerifier evm;

    /** What a contract is asked. */
    @SuppressWarnings("ArrayRecordComponent") // nothing changes or compares the arrays
    private record Question(byte[] blobId, int shards, byte[] header, byte[] proof, long offset) {}

    @BeforeAll
    void startEvm() {
        evm = EvmVerifier.start("prague");
    }

    @AfterAll
    void stopEvm() {
        if (evm != null) {
            evm.close();
        }
    }

    @Test
    void solidityAndJavaShowTheSameWordsAndRejectTheSameProofs() {
        TreeMap<String, Integer> seen = new TreeMap<>();
        for (int i = 0; i < EvmCases.count(); i++) {
            Question question = questionOf(blobs.get(random.nextInt(blobs.size())));
            Question asked = i % 3 == 0 ? question : mutate(question);
            byte[] expected = wordInJava(asked);
            Answer answer = ask(asked);
            assertTrue(
                    expected != null ? answer.isAccepted() : answer.isDeclaredError(),
                    () -> answer + " for case " + asked.offset());
            if (expected != null) {
                assertArrayEquals(expected, answer.returned());
            }
            seen.merge(expected != null ? "word" : answer.result(), 1, Integer::sum);
        }
        System.out.println("words shown and proofs rejected in the EVM: " + seen);
        assertTrue(seen.getOrDefault("word", 0) >= EvmCases.count() / 3);
    }

    @Test
    void everyWordOfABlobIsItsBytesAndThoseBehindItsEndAreZero() {
        ProvedBlob blob = blobs.get(1);
        for (int offset = 0; offset < 300; offset += WORD_BYTES) {
            byte[] expected = Arrays.copyOf(Arrays.copyOfRange(blob.bytes(), offset, Math.min(300, offset + 32)), 32);
            assertArrayEquals(expected, ask(questionOf(blob, offset)).returned());
        }
        // A writer may commit to any bytes behind the end of the blob: they are shown as zero all the same.
        ProvedBlob padded = ProvedBlob.of(4, Seed.bytes(random, 320));
        BlobHeader shorter = BlobHeader.of(new Geometry(4), 289, padded.header().blobRoot());
        Question last = questionOf(padded, 288);
        byte[] shown = ask(new Question(shorter.id().toBytes(), 4, shorter.encode(), last.proof(), 288))
                .returned();
        assertArrayEquals(Arrays.copyOf(new byte[] {padded.bytes()[288]}, 32), shown);
    }

    @Test
    void offsetsThatNoWordStartsAtRevert() {
        ProvedBlob blob = blobs.get(1);
        Question good = questionOf(blob, 288);
        for (String offset : new String[] {
            "1", "31", "33", "287", "289", "300", "320", "384", "4294967296", "18446744073709551616",
            "1" + "0".repeat(77)
        }) {
            Answer answer = evm.call("wordAt", good.blobId(), 4, good.header(), good.proof(), offset);
            assertEquals("OffsetOutOfRange", answer.result(), offset);
        }
    }

    @Test
    void everyErrorNamesItsReason() {
        ProvedBlob blob = blobs.get(3);
        Question good = questionOf(blob, 4_096);
        assertEquals("InvalidHeader", ask(new Question(good.blobId, 7, good.header, good.proof, 4_096)).result());
        assertEquals(
                "InvalidHeader",
                ask(new Question(good.blobId, 5, Arrays.copyOf(good.header, 47), good.proof, 4_096)).result());
        assertEquals("WrongBlobId", ask(new Question(blobs.get(2).id().toBytes(), 5, good.header, good.proof, 4_096))
                .result());
        for (int length : new int[] {0, 32, good.proof.length - 32, good.proof.length - 1, good.proof.length + 1}) {
            assertEquals(
                    "WrongProofLength",
                    ask(new Question(good.blobId, 5, good.header, Arrays.copyOf(good.proof, length), 4_096))
                            .result());
        }
        assertEquals("WrongRoot", ask(new Question(good.blobId, 5, good.header, flip(good.proof), 4_096)).result());
        for (BlobHeader other : blob.otherHeaders()) {
            String expected = other.isValidFor(blob.geometry()) ? "WrongBlobId" : "InvalidHeader";
            assertEquals(
                    expected,
                    ask(new Question(good.blobId, 5, other.encode(), good.proof, 4_096)).result());
        }
        for (int shards : new int[] {0, 3, 193, 65_535}) {
            BlobHeader foreign = new BlobHeader(shards, 64, 300, blob.header().blobRoot());
            byte[] id = foreign.id().toBytes();
            assertEquals("InvalidHeader", ask(new Question(id, shards, foreign.encode(), good.proof, 0)).result());
        }
    }

    @Test
    void theReadmeSaysWhatAWordCosts() {
        Random fixed = new Random(1);
        List<String> rows = new ArrayList<>();
        for (int[] size : new int[][] {{7, 128}, {31, 128}, {100, 128}, {31, 1024}, {100, 1024}}) {
            ProvedBlob blob = ProvedBlob.of(size[0], Seed.bytes(fixed, size[1] << 10));
            String what = "`wordAt`, n = " + size[0] + ", a blob of " + size[1] + " KiB";
            rows.add(EvmVerifier.gasRow(what, ask(questionOf(blob, blob.bytes().length / 2))));
        }
        EvmVerifier.assertInReadme(rows);
    }

    private Answer ask(Question q) {
        return evm.call("wordAt", q.blobId, q.shards, q.header, q.proof, q.offset);
    }

    private Question questionOf(ProvedBlob blob) {
        int words = Math.ceilDiv(blob.bytes().length, WORD_BYTES);
        return questionOf(blob, (long) WORD_BYTES * (random.nextInt(4) == 0 ? words - 1 : random.nextInt(words)));
    }

    private static Question questionOf(ProvedBlob blob, long offset) {
        ChunkRun run = ChunkRun.covering(blob.header(), offset, 1).getFirst();
        byte[] proof = ChunkProof.of(blob.commitment(), blob.matrixBytes(), run).getFirst().encode();
        return new Question(blob.id().toBytes(), blob.shards(), blob.header().encode(), proof, offset);
    }

    /** What the Java verifiers make of the same bytes; null for a rejection. */
    private static byte @Nullable [] wordInJava(Question q) {
        BlobHeader header;
        try {
            header = BlobHeader.decode(q.header);
        } catch (InvalidMetadataException e) {
            return null;
        }
        if (q.shards < Geometry.MIN_SHARDS
                || q.shards > Geometry.MAX_SHARDS
                || !header.isValidFor(new Geometry(q.shards))
                || q.offset < 0
                || q.offset % WORD_BYTES != 0
                || q.offset >= header.lengthBytes()) {
            return null;
        }
        ChunkRun run = ChunkRun.covering(header, q.offset, 1).getFirst();
        ChunkProof proof = ChunkProof.decode(q.proof, header, run.row(), run.column(), run.firstChunk());
        if (proof == null
                || proof.verify(header, BlobId.of(q.blobId), run.row(), run.column(), run.firstChunk())
                        != ProofVerdict.ACCEPT) {
            return null;
        }
        int inChunk = (int) (q.offset % header.symbolSizeBytes()) % 1024;
        byte[] word = Arrays.copyOfRange(proof.chunk(), inChunk, inChunk + WORD_BYTES);
        int shown = (int) Math.min(WORD_BYTES, header.lengthBytes() - q.offset);
        return Arrays.copyOf(Arrays.copyOf(word, shown), WORD_BYTES);
    }

    private Question mutate(Question q) {
        Question other = questionOf(blobs.get(random.nextInt(blobs.size())));
        return switch (random.nextInt(10)) {
            case 0 -> new Question(flip(q.blobId), q.shards, q.header, q.proof, q.offset);
            case 1 -> new Question(q.blobId, random.nextInt(200), q.header, q.proof, q.offset);
            case 2 -> new Question(q.blobId, q.shards, flip(q.header), q.proof, q.offset);
            case 3 -> new Question(q.blobId, q.shards, q.header, resize(q.proof), q.offset);
            case 4 -> new Question(q.blobId, q.shards, q.header, q.proof, random.nextInt(64) * 32L);
            case 5 -> new Question(q.blobId, q.shards, q.header, q.proof, q.offset + random.nextInt(65));
            case 6 -> new Question(q.blobId, q.shards, q.header, other.proof, q.offset);
            case 7 -> new Question(other.blobId, other.shards, other.header, q.proof, q.offset);
            case 8 -> new Question(q.blobId, q.shards, q.header, swapHashes(q.proof), q.offset);
            default -> new Question(q.blobId, q.shards, q.header, flip(q.proof), q.offset);
        };
    }

    private byte[] flip(byte[] bytes) {
        byte[] flipped = bytes.clone();
        flipped[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        return flipped;
    }

    private byte[] resize(byte[] bytes) {
        return Arrays.copyOf(bytes, Math.max(0, bytes.length + random.nextInt(129) - 64));
    }

    private byte[] swapHashes(byte[] proof) {
        byte[] swapped = proof.clone();
        int one = proof.length - 32 * (1 + random.nextInt(4));
        int two = proof.length - 32 * (1 + random.nextInt(4));
        MemorySegment.copy(MemorySegment.ofArray(proof), one, MemorySegment.ofArray(swapped), two, 32);
        MemorySegment.copy(MemorySegment.ofArray(proof), two, MemorySegment.ofArray(swapped), one, 32);
        return swapped;
    }
}
