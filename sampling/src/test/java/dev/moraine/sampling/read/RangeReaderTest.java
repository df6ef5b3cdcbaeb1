package dev.moraine.sampling.read;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.proof.ProofVerdict;
import dev.moraine.sampling.scripted.Behaviour;
import dev.moraine.sampling.scripted.ScriptedBlob;
import dev.moraine.sampling.scripted.ScriptedCommittee;
import dev.moraine.sampling.scripted.Subsets;
import dev.moraine.testing.Seed;
import dev.moraine.wire.message.GetChunks;
import dev.moraine.wire.message.GetMetadata;
import dev.moraine.wire.message.GetSliver;
import dev.moraine.wire.message.GetSymbols;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RangeReaderTest {
    private static final Duration PATIENT = Duration.ofSeconds(5);
    private static final Duration HASTY = Duration.ofMillis(15);
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    /** In a committee of 4 the symbols have 2,048 bytes and the rows 6,144. */
    private static final int LENGTH_BYTES = 12_200;

    private static final int SYMBOL_BYTES = 2_048;
    private static final int ROW_BYTES = 3 * SYMBOL_BYTES;
    private static final int CHUNK_BYTES = 1_024;

    private final Random random = Seed.random("RangeReaderTest");

    @Test
    void rangesAtEveryBoundaryVerify() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, 4)) {
            CommitteeReader members = committee.reader(PATIENT).conclude();
            RangeReader reader = new RangeReader(members, new BlobReader(members));
            ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, 4, LENGTH_BYTES));
            assertEquals(SYMBOL_BYTES, blob.metadata().header().symbolSizeBytes());
            Set<Integer> edges = new TreeSet<>(List.of(0, LENGTH_BYTES));
            for (int edge : new int[] {CHUNK_BYTES, SYMBOL_BYTES, ROW_BYTES, ROW_BYTES + SYMBOL_BYTES}) {
                edges.addAll(List.of(edge - 1, edge, edge + 1));
            }
            for (int from : edges) {
                for (int to : edges) {
                    if (from < to) {
                        RangeResult.Proved proved = assertRange(members, reader, blob, from, to - from);
                        assertTrue(proved.isUnchecked());
                        assertEquals(List.of(), proved.blame().faults());
                    }
                }
            }
            assertRange(members, reader, blob, LENGTH_BYTES - 1, 1);
            committee.members().forEach(member -> assertEquals(List.of(), member.requests(GetSliver.class)));
        }
    }

    @Test
    void rangesBeyondTheBlobOrTheLimitAreRefused() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, 4)) {
            CommitteeReader members = committee.reader(PATIENT).maxRangeBytes(100).conclude();
            RangeReader reader = new RangeReader(members, new BlobReader(members));
            BlobId id = committee.hold(ScriptedBlob.random(random, 4, 1_000)).id();
            Deadline deadline = members.deadline(TIMEOUT);
            assertThrows(IllegalArgumentException.class, () -> reader.read(id, 1_000, 1, deadline));
            assertThrows(IllegalArgumentException.class, () -> reader.read(id, 999, 2, deadline));
            assertThrows(IllegalArgumentException.class, () -> reader.read(id, Long.MAX_VALUE, 1, deadline));
            assertThrows(IllegalArgumentException.class, () -> reader.read(id, -1, 1, deadline));
            assertThrows(IllegalArgumentException.class, () -> reader.read(id, 0, 0, deadline));
            assertThrows(IllegalArgumentException.class, () -> reader.read(id, 0, 101, deadline));
            assertInstanceOf(RangeResult.Proved.class, reader.read(id, 900, 100, deadline));
        }
    }

    @Test
    void aHolderThatFailsOrLiesIsReplacedByTheHoldersOfTheColumns() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, 4)) {
            for (Behaviour behaviour : Behaviour.values()) {
                boolean isSlow = behaviour == Behaviour.SILENT;
                CommitteeReader members =
                        committee.reader(isSlow ? HASTY : PATIENT).conclude();
                RangeReader reader = new RangeReader(members, new BlobReader(members));
                ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, 4, LENGTH_BYTES));
                int holder = members.holderOf(blob.id(), 1);
                committee.behave(List.of(holder), behaviour);
                int offset = ROW_BYTES + random.nextInt(5_000);
                RangeResult.Proved proved = assertRange(members, reader, blob, offset, 1 + random.nextInt(1_000));
                assertTrue(proved.isUnchecked(), behaviour::toString);
                committee.members().forEach(member -> assertEquals(List.of(), member.requests(GetSliver.class)));
                Set<Integer> liars = behaviour.isLie() ? Set.of(holder) : Set.of();
                assertEquals(liars, proved.blame().liars(), proved.blame()::toString);
                if (behaviour.isLie() || behaviour == Behaviour.NOT_FOUND || isSlow) {
                    assertEquals(3, symbolsGiven(committee, holder), behaviour::toString);
                }
            }
        }
    }

    /** Symbols that other members were asked for. */
    private static int symbolsGiven(ScriptedCommittee committee, int exceptBy) {
        int symbols = 0;
        for (int i = 0; i < committee.members().size(); i++) {
            if (i != exceptBy) {
                for (GetSymbols get : committee.member(i).requests(GetSymbols.class)) {
                    symbols += get.coordinates().size();
                }
            }
        }
        return symbols;
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 10})
    void rangesAreReadWhicheverFMembersFail(int shards) throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, shards)) {
            int f = committee.committee().geometry().faultTolerance();
            CommitteeReader members = committee.reader(HASTY).conclude();
            // The whole blob is over the limit, so only rows can be fetched.
            CommitteeReader rowsOnly = committee.reader(HASTY).maxBlobBytes(LENGTH_BYTES - 1).conclude();
            for (Behaviour behaviour : Behaviour.values()) {
                ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, shards, LENGTH_BYTES));
                committee.behave(Subsets.some(random, shards, f, 1).getFirst(), behaviour);
                RangeReader reader = new RangeReader(rowsOnly, new BlobReader(rowsOnly));
                int offset = random.nextInt(LENGTH_BYTES - 6_000);
                assertRange(members, reader, blob, offset, 1 + random.nextInt(6_000));
                committee.members().forEach(member -> assertEquals(List.of(), member.requests(GetSliver.class)));
            }
        }
    }

    @Test
    void withoutRowsAndColumnsTheWholeBlobIsRead() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, 4)) {
            CommitteeReader members = committee.reader(PATIENT).conclude();
            BlobReader blobs = new BlobReader(members);
            ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, 4, LENGTH_BYTES));
            committee.members().forEach(member -> {
                member.behave(GetChunks.class, Behaviour.NOT_FOUND);
                member.behave(GetSymbols.class, Behaviour.CORRUPT);
            });
            RangeResult.Proved proved = assertRange(members, new RangeReader(members, blobs), blob, 5, 10);
            assertFalse(proved.isUnchecked());
            assertTrue(blobs.outcome(blob.id()).isPresent());
            assertEquals(4, proved.blame().liars().size());
        }
    }

    @Test
    void aRangeIsFinalOnceTheReaderHasReadTheWholeBlob() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, 4)) {
            CommitteeReader members = committee.reader(PATIENT).conclude();
            BlobReader blobs = new BlobReader(members);
            RangeReader reader = new RangeReader(members, blobs);
            ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, 4, LENGTH_BYTES));
            assertTrue(assertRange(members, reader, blob, 5, 10).isUnchecked());
            blobs.read(blob.id(), members.deadline(TIMEOUT)).close();
            assertFalse(assertRange(members, reader, blob, 5, 10).isUnchecked());
        }
    }

    @Test
    void aBlobEncodedWronglyHasRangesOnlyUntilItWasRead() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, 4)) {
            CommitteeReader members = committee.reader(PATIENT).conclude();
            BlobReader blobs = new BlobReader(members);
            RangeReader reader = new RangeReader(members, blobs);
            ScriptedBlob blob = committee.hold(ScriptedBlob.withPadding(random, 4, LENGTH_BYTES));
            RangeResult.Proved early = assertRange(members, reader, blob, 5, 10);
            assertTrue(early.isUnchecked());
            blobs.read(blob.id(), members.deadline(TIMEOUT)).close();
            assertInstanceOf(
                    RangeResult.Inconsistent.class, reader.proved(early.proof(), blob.id(), BlameReport.NONE));
            assertInstanceOf(
                    RangeResult.Inconsistent.class, reader.read(blob.id(), 5, 10, members.deadline(TIMEOUT)));
            ScriptedBlob unread = committee.hold(ScriptedBlob.withPadding(random, 4, LENGTH_BYTES));
            committee.members().forEach(member -> {
                member.behave(GetChunks.class, Behaviour.NOT_FOUND);
                member.behave(GetSymbols.class, Behaviour.NOT_FOUND);
            });
            assertInstanceOf(
                    RangeResult.Inconsistent.class, reader.read(unread.id(), 5, 10, members.deadline(TIMEOUT)));
        }
    }

    @Test
    void aRangeOfManySymbolsComesFromTheWholeBlob() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, 48)) {
            CommitteeReader members = committee.reader(PATIENT).conclude();
            RangeReader reader = new RangeReader(members, new BlobReader(members));
            // k₁·k₂ = 18·33 symbols of 64 bytes.
            ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, 48, 18 * 33 * 64));
            int mostFromRows = RangeReader.MAX_RUNS * 64;
            assertTrue(assertRange(members, reader, blob, 0, mostFromRows).isUnchecked());
            assertFalse(assertRange(members, reader, blob, 0, mostFromRows + 1).isUnchecked());
        }
    }

    @Test
    void nothingAtAllIsUnavailable() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, 4)) {
            CommitteeReader members = committee.reader(PATIENT).maxBlobBytes(LENGTH_BYTES - 1).conclude();
            RangeReader reader = new RangeReader(members, new BlobReader(members));
            BlobId id = committee.hold(ScriptedBlob.random(random, 4, LENGTH_BYTES)).id();
            committee.behave(Behaviour.NOT_FOUND);
            assertInstanceOf(RangeResult.Unavailable.class, reader.read(id, 0, 1, members.deadline(TIMEOUT)));
            committee.members().forEach(member -> member.behave(GetMetadata.class, Behaviour.HONEST));
            RangeResult.Unavailable overLimit = assertInstanceOf(
                    RangeResult.Unavailable.class, reader.read(id, 0, 1, members.deadline(TIMEOUT)));
            assertTrue(overLimit.missing().contains("limit"), overLimit::missing);
        }
    }

    private static RangeResult.Proved assertRange(
            CommitteeReader members, RangeReader reader, ScriptedBlob blob, int offset, int lengthBytes)
            throws InterruptedException {
        RangeResult result = reader.read(blob.id(), offset, lengthBytes, members.deadline(TIMEOUT));
        RangeResult.Proved proved = assertInstanceOf(RangeResult.Proved.class, result, result::toString);
        assertEquals(
                ProofVerdict.ACCEPT,
                proved.proof().verify(members.committee().geometry(), blob.id(), offset, lengthBytes));
        assertArrayEquals(
                Arrays.copyOfRange(blob.bytes(), offset, offset + lengthBytes), proved.proof().bytes());
        return proved;
    }
}
