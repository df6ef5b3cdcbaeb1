package dev.moraine.sampling.read;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.AvailabilityVerdict.Outcome;
import dev.moraine.sampling.scripted.Behaviour;
import dev.moraine.sampling.scripted.ScriptedBlob;
import dev.moraine.sampling.scripted.ScriptedCommittee;
import dev.moraine.sampling.scripted.ScriptedMember;
import dev.moraine.sampling.scripted.Subsets;
import dev.moraine.testing.Seed;
import dev.moraine.wire.message.GetMetadata;
import dev.moraine.wire.message.GetSliver;
import dev.moraine.wire.message.Part;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlobReaderTest {
    private static final Duration PATIENT = Duration.ofSeconds(20);
    private static final Duration HASTY = Duration.ofMillis(15);
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Duration SHORT_TIMEOUT = Duration.ofSeconds(1);
    private static final int SUBSETS_OF_A_KIND = 8;

    private final Random random = Seed.random("BlobReaderTest");

    @ParameterizedTest
    @ValueSource(ints = {4, 7, 10})
    void anyFMembersMayLieAndAreNamed(int shards) throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, shards)) {
            int f = committee.committee().geometry().faultTolerance();
            BlobReader reader = new BlobReader(committee.reader(PATIENT).conclude());
            for (Behaviour behaviour : Behaviour.values()) {
                if (behaviour == Behaviour.SILENT) {
                    continue;
                }
                for (List<Integer> liars : Subsets.some(random, shards, f, SUBSETS_OF_A_KIND)) {
                    ScriptedBlob blob =
                            committee.hold(ScriptedBlob.random(random, shards, 2_000 + random.nextInt(9_000)));
                    committee.behave(liars, behaviour);
                    assertReadNamesLiars(committee, reader, blob, liars, behaviour);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 7, 10})
    void anyFMembersMaySayNothing(int shards) throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, shards)) {
            int f = committee.committee().geometry().faultTolerance();
            BlobReader reader = new BlobReader(committee.reader(HASTY).conclude());
            for (List<Integer> silent : Subsets.some(random, shards, f, 21)) {
                ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, shards, 2_000));
                committee.behave(silent, Behaviour.SILENT);
                try (ReadResult result = read(committee, reader, blob.id(), TIMEOUT)) {
                    assertBytes(blob, result);
                    assertEquals(Set.of(), result.blame().liars());
                    for (MemberFault fault : result.blame().faults()) {
                        assertEquals(FaultKind.NO_ANSWER, fault.kind());
                    }
                }
            }
        }
    }

    @Test
    void membersWithManyShardsMayMixEveryKindOfFailure() throws Exception {
        try (ScriptedCommittee committee = new ScriptedCommittee(random, 1, 3, 2, 3, 1)) {
            BlobReader reader = new BlobReader(committee.reader(HASTY).conclude());
            Behaviour[] behaviours = Behaviour.values();
            for (int run = 0; run < 40; run++) {
                ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, 10, 1 + random.nextInt(9_000)));
                committee.behave(Behaviour.HONEST);
                List<Integer> faulty = random.nextBoolean() ? List.of(0, 2) : List.of(random.nextInt(5));
                for (int member : faulty) {
                    committee.member(member).behave(behaviours[random.nextInt(behaviours.length)]);
                    committee.member(member).behave(GetSliver.class, behaviours[random.nextInt(behaviours.length)]);
                }
                try (ReadResult result = read(committee, reader, blob.id(), TIMEOUT)) {
                    assertBytes(blob, result);
                    assertTrue(faulty.containsAll(result.blame().liars()), result.blame()::toString);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 7})
    void tooFewSliversAreUnavailableAndNeverInconsistent(int shards) throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, shards)) {
            Geometry geometry = committee.committee().geometry();
            BlobReader reader = new BlobReader(committee.reader(PATIENT).conclude());
            for (int faulty = geometry.faultTolerance() + 1; faulty <= shards; faulty++) {
                for (Behaviour behaviour : List.of(Behaviour.NOT_FOUND, Behaviour.CORRUPT, Behaviour.GROWS)) {
                    List<Integer> members = Subsets.some(random, shards, faulty, 1).getFirst();
                    ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, shards, 3_000));
                    committee.behave(members, behaviour);
                    committee.members().forEach(member -> member.behave(GetMetadata.class, Behaviour.HONEST));
                    try (ReadResult result = read(committee, reader, blob.id(), TIMEOUT)) {
                        if (shards - faulty >= geometry.sourceRows()) {
                            assertBytes(blob, result);
                        } else {
                            assertInstanceOf(ReadResult.Unavailable.class, result);
                            assertEquals(Optional.empty(), reader.outcome(blob.id()));
                            assertTrue(members.containsAll(result.blame().members()), result.blame()::toString);
                            assertTrue(result.blame().members().size() > shards - geometry.sourceRows());
                            assertEquals(
                                    behaviour.isLie() ? result.blame().members() : Set.of(),
                                    result.blame().liars());
                        }
                    }
                }
            }
        }
    }

    @Test
    void silenceOfTooManyEndsAtTheDeadlineAndNamesThem() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, 7)) {
            BlobReader reader = new BlobReader(committee.reader(HASTY).conclude());
            for (int silent : new int[] {5, 7}) {
                List<Integer> members = Subsets.some(random, 7, silent, 1).getFirst();
                ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, 7, 500));
                committee.behave(members, Behaviour.SILENT);
                committee.members().forEach(member -> member.behave(GetMetadata.class, Behaviour.HONEST));
                try (ReadResult result = read(committee, reader, blob.id(), SHORT_TIMEOUT)) {
                    assertInstanceOf(ReadResult.Unavailable.class, result);
                    assertEquals(Set.copyOf(members), result.blame().members());
                    assertEquals(Set.of(FaultKind.NO_ANSWER), result.blame().counts().keySet());
                }
            }
        }
    }

    @Test
    void secondarySliversAreEnoughWherePrimariesAreNot() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, 7)) {
            Geometry geometry = committee.committee().geometry();
            BlobReader reader = new BlobReader(committee.reader(HASTY).conclude());
            for (Behaviour behaviour : List.of(Behaviour.HONEST, Behaviour.CORRUPT, Behaviour.SILENT)) {
                for (List<Integer> faulty : Subsets.some(random, 7, geometry.faultTolerance(), 5)) {
                    ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, 7, 5_000));
                    committee.behave(faulty, behaviour);
                    int primaries = random.nextInt(geometry.sourceRows());
                    committee.members().forEach(member -> member.holdSlivers(
                            get -> get.part() == Part.SECONDARY || get.pairIndex() < primaries));
                    try (ReadResult result = read(committee, reader, blob.id(), TIMEOUT)) {
                        assertBytes(blob, result);
                        assertTrue(faulty.containsAll(result.blame().liars()), result.blame()::toString);
                    }
                }
            }
        }
    }

    @Test
    void onlySourceRowsAreAskedForWhenAllIsWell() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, 7)) {
            BlobReader reader = new BlobReader(committee.reader(PATIENT).conclude());
            ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, 7, 5_000));
            try (ReadResult result = read(committee, reader, blob.id(), TIMEOUT)) {
                assertBytes(blob, result);
            }
            List<String> asked = new ArrayList<>();
            for (ScriptedMember member : committee.members()) {
                member.requests(GetSliver.class).forEach(get -> asked.add(get.part() + " " + get.pairIndex()));
            }
            assertEquals(Set.of("PRIMARY 0", "PRIMARY 1", "PRIMARY 2"), Set.copyOf(asked));
            assertEquals(3, asked.size());
        }
    }

    @Test
    void wrongMetadataIsPassedOverAndBlamed() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, 7)) {
            BlobReader reader = new BlobReader(committee.reader(PATIENT).conclude());
            ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, 7, 5_000));
            List<Behaviour> lies =
                    List.of(Behaviour.ANOTHER, Behaviour.CORRUPT, Behaviour.TOO_LONG, Behaviour.TOO_SHORT);
            for (Behaviour lie : lies) {
                int honest = random.nextInt(7);
                committee.behave(Behaviour.HONEST);
                for (int i = 0; i < 7; i++) {
                    committee.member(i).behave(GetMetadata.class, i == honest ? Behaviour.HONEST : lie);
                }
                try (ReadResult result = read(committee, reader, blob.id(), TIMEOUT)) {
                    assertBytes(blob, result);
                    for (MemberFault fault : result.blame().faults()) {
                        assertEquals(FaultKind.WRONG_METADATA, fault.kind());
                    }
                    assertEquals(askedForMetadata(committee, honest), result.blame().liars());
                }
                committee.member(honest).behave(GetMetadata.class, lie);
                try (ReadResult result = read(committee, reader, blob.id(), TIMEOUT)) {
                    assertInstanceOf(ReadResult.Unavailable.class, result);
                    assertEquals(7, result.blame().liars().size());
                }
            }
        }
    }

    @Test
    void blobsUpToTheLimitAreReadAndLongerOnesCostNothing() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, 4)) {
            BlobReader reader = new BlobReader(
                    committee.reader(PATIENT).maxBlobBytes(1_000).conclude());
            ScriptedBlob longest = committee.hold(ScriptedBlob.random(random, 4, 1_000));
            ScriptedBlob tooLong = committee.hold(ScriptedBlob.random(random, 4, 1_001));
            try (ReadResult result = read(committee, reader, longest.id(), TIMEOUT)) {
                assertBytes(longest, result);
            }
            committee.behave(Behaviour.HONEST);
            try (ReadResult result = read(committee, reader, tooLong.id(), TIMEOUT)) {
                ReadResult.OverLimit over = assertInstanceOf(ReadResult.OverLimit.class, result);
                assertEquals(1_001, over.lengthBytes());
                assertEquals(1_000, over.limitBytes());
            }
            committee.members().forEach(member -> assertEquals(List.of(), member.requests(GetSliver.class)));
        }
    }

    @Test
    void membersThatAreBusyAreAskedAgain() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, 4)) {
            BlobReader reader = new BlobReader(committee.reader(PATIENT).conclude());
            ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, 4, 1_000));
            committee.behave(Behaviour.BUSY_AT_TIMES);
            try (ReadResult result = read(committee, reader, blob.id(), TIMEOUT)) {
                assertBytes(blob, result);
                assertEquals(Set.of(FaultKind.BUSY), result.blame().counts().keySet());
            }
        }
    }

    @Test
    void theOutcomeOfAWholeReadIsRemembered() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, 4)) {
            BlobReader reader = new BlobReader(committee.reader(PATIENT).conclude());
            ScriptedBlob good = committee.hold(ScriptedBlob.random(random, 4, 1_000));
            ScriptedBlob wrong = committee.hold(ScriptedBlob.withPadding(random, 4, 1_000));
            assertEquals(Optional.empty(), reader.outcome(good.id()));
            read(committee, reader, good.id(), TIMEOUT).close();
            read(committee, reader, wrong.id(), TIMEOUT).close();
            assertEquals(Optional.of(Outcome.WHOLE), reader.outcome(good.id()));
            assertEquals(Optional.of(Outcome.WRONG), reader.outcome(wrong.id()));
        }
    }

    @Test
    void closingAResultFreesItsBytes() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, 4)) {
            BlobReader reader = new BlobReader(committee.reader(PATIENT).conclude());
            ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, 4, 1_000));
            ReadResult.Read result =
                    assertInstanceOf(ReadResult.Read.class, read(committee, reader, blob.id(), TIMEOUT));
            MemorySegment bytes = result.bytes();
            result.close();
            result.close();
            assertThrows(IllegalStateException.class, () -> bytes.get(ValueLayout.JAVA_BYTE, 0));
        }
    }

    @Test
    void anInterruptedReadStops() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, 4)) {
            CommitteeReader members = committee.reader(PATIENT).conclude();
            ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, 4, 1_000));
            committee.members().forEach(member -> member.behave(GetSliver.class, Behaviour.SILENT));
            AtomicReference<Object> outcome = new AtomicReference<>();
            Thread thread = Thread.ofVirtual().start(() -> {
                try {
                    outcome.set(new BlobReader(members).read(blob.id(), members.deadline(Duration.ofHours(1))));
                } catch (InterruptedException e) {
                    outcome.set(e);
                }
            });
            while (committee.members().stream().allMatch(member -> member.requests(GetSliver.class).isEmpty())) {
                Thread.onSpinWait();
            }
            thread.interrupt();
            thread.join();
            assertInstanceOf(InterruptedException.class, outcome.get());
        }
    }

    private void assertReadNamesLiars(
            ScriptedCommittee committee,
            BlobReader reader,
            ScriptedBlob blob,
            List<Integer> faulty,
            Behaviour behaviour)
            throws InterruptedException {
        try (ReadResult result = read(committee, reader, blob.id(), TIMEOUT)) {
            assertBytes(blob, result);
            Set<Integer> asked = new HashSet<>();
            for (int member : faulty) {
                if (!committee.member(member).requests().isEmpty()) {
                    asked.add(member);
                }
            }
            String context = behaviour + " by " + faulty + ": " + result.blame();
            assertEquals(behaviour.isLie() ? asked : Set.of(), result.blame().liars(), context);
            for (MemberFault fault : result.blame().faults()) {
                // A connection that broke in an earlier read may not be back yet.
                assertTrue(asked.contains(fault.member()) || fault.kind() == FaultKind.DISCONNECTED, context);
            }
        }
    }

    private static Set<Integer> askedForMetadata(ScriptedCommittee committee, int except) {
        Set<Integer> asked = new HashSet<>();
        for (int i = 0; i < committee.members().size(); i++) {
            if (i != except && !committee.member(i).requests(GetMetadata.class).isEmpty()) {
                asked.add(i);
            }
        }
        return asked;
    }

    private static ReadResult read(
            ScriptedCommittee committee, BlobReader reader, BlobId blobId, Duration timeout)
            throws InterruptedException {
        Deadline deadline = committee.reader(PATIENT).conclude().deadline(timeout);
        ReadResult result = reader.read(blobId, deadline);
        assertTrue(timeout.equals(SHORT_TIMEOUT) || !deadline.hasPassed(), "the deadline passed");
        return result;
    }

    private static void assertBytes(ScriptedBlob blob, ReadResult result) {
        ReadResult.Read read = assertInstanceOf(ReadResult.Read.class, result, result::toString);
        assertEquals(blob.id(), read.blobId());
        assertArrayEquals(blob.bytes(), read.bytes().toArray(ValueLayout.JAVA_BYTE));
    }
}
