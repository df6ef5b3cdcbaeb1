package dev.moraine.sampling.read;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.proofs.proof.ProofVerdict;
import dev.moraine.sampling.light.LightClient;
import dev.moraine.sampling.light.SamplingReport;
import dev.moraine.sampling.scripted.Behaviour;
import dev.moraine.sampling.scripted.ScriptedBlob;
import dev.moraine.sampling.scripted.ScriptedCommittee;
import dev.moraine.sampling.scripted.ScriptedMember;
import dev.moraine.sampling.scripted.Subsets;
import dev.moraine.testing.Seed;
import dev.moraine.wire.message.GetChunks;
import dev.moraine.wire.message.GetMetadata;
import dev.moraine.wire.message.GetSliver;
import dev.moraine.wire.message.GetSymbols;
import dev.moraine.wire.message.Message;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * All that the read side does, while f random members treat each kind of request in a random way. The property
 * {@code moraine.byzantine} sets how many committees' worth of behaviours are tried.
 */
class ByzantineCommitteeTest {
    private static final int TRIALS = Integer.getInteger("moraine.byzantine", 50);
    private static final Duration HASTY = Duration.ofMillis(10);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final List<Class<? extends Message>> KINDS =
            List.of(GetMetadata.class, GetSliver.class, GetSymbols.class, GetChunks.class);

    private final Random random = Seed.random("ByzantineCommitteeTest");

    @ParameterizedTest
    @CsvSource({"4, 2", "7, 2", "10, 5"})
    void answersAreRightWhateverFMembersDo(int shards, int partOfTrials) throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, shards)) {
            for (int trial = 0; trial < Math.ceilDiv(TRIALS, partOfTrials); trial++) {
                ScriptedBlob blob = randomBlob(shards, trial % 5 == 0);
                committee.hold(blob);
                List<Integer> faulty = misbehave(committee);
                try (SharedReader reader = new SharedReader.Context()
                        .committee(committee.reader(HASTY).conclude())
                        .streamFromBytes(1 + random.nextInt(9_000))
                        .conclude()) {
                    assertRange(committee, reader, blob, faulty);
                    assertSamples(committee, blob, faulty);
                    assertWhole(reader, blob, trial % 5 == 0, faulty);
                }
            }
        }
    }

    private ScriptedBlob randomBlob(int shards, boolean isWrong) {
        int lengthBytes = 1 + random.nextInt(9_000);
        return isWrong
                ? ScriptedBlob.withWrongSymbol(random, shards, lengthBytes, random.nextInt(shards), random.nextInt(shards))
                : ScriptedBlob.random(random, shards, lengthBytes);
    }

    private List<Integer> misbehave(ScriptedCommittee committee) {
        Behaviour[] behaviours = Behaviour.values();
        int shards = committee.committee().geometry().shards();
        List<Integer> faulty = Subsets.some(
                        random, shards, committee.committee().geometry().faultTolerance(), 1)
                .getFirst();
        committee.behave(Behaviour.HONEST);
        for (int place : faulty) {
            ScriptedMember member = committee.member(place);
            KINDS.forEach(kind -> member.behave(kind, behaviours[random.nextInt(behaviours.length)]));
        }
        return faulty;
    }

    private static void assertWhole(
            SharedReader reader, ScriptedBlob blob, boolean isWrong, List<Integer> faulty) throws Exception {
        try (ReadResult result =
                reader.read(blob.id(), reader.committee().deadline(TIMEOUT))) {
            if (isWrong) {
                assertInstanceOf(ReadResult.Inconsistent.class, result, result::toString);
            } else {
                ReadResult.Read read = assertInstanceOf(ReadResult.Read.class, result, result::toString);
                assertArrayEquals(blob.bytes(), read.bytes().toArray(ValueLayout.JAVA_BYTE));
            }
            assertTrue(isWrong || faulty.containsAll(result.blame().liars()), result.blame()::toString);
        }
    }

    private void assertRange(
            ScriptedCommittee committee, SharedReader reader, ScriptedBlob blob, List<Integer> faulty)
            throws Exception {
        int offset = random.nextInt(blob.bytes().length);
        int lengthBytes = 1 + random.nextInt(blob.bytes().length - offset);
        RangeResult result =
                reader.range(blob.id(), offset, lengthBytes, reader.committee().deadline(TIMEOUT));
        switch (result) {
            case RangeResult.Proved proved -> {
                assertEquals(
                        ProofVerdict.ACCEPT,
                        proved.proof().verify(committee.committee().geometry(), blob.id(), offset, lengthBytes));
                assertTrue(proved.isUnchecked()
                        || Arrays.equals(
                                Arrays.copyOfRange(blob.bytes(), offset, offset + lengthBytes),
                                proved.proof().bytes()));
            }
            case RangeResult.Inconsistent _ ->
                assertInstanceOf(
                        ReadResult.Inconsistent.class,
                        reader.read(blob.id(), reader.committee().deadline(TIMEOUT)));
            case RangeResult.Unavailable unavailable -> throw new AssertionError(unavailable + " with " + faulty);
        }
    }

    private void assertSamples(ScriptedCommittee committee, ScriptedBlob blob, List<Integer> faulty)
            throws Exception {
        CommitteeReader members = committee.reader(HASTY).conclude();
        LightClient client = new LightClient.Context().committee(members).conclude();
        SamplingReport report =
                client.sample(blob.id(), 1 + random.nextInt(8), members.deadline(TIMEOUT));
        assertEquals(report.taken(), report.verified(), () -> report + " with " + faulty);
        assertTrue(faulty.containsAll(report.blame().liars()), report::toString);
    }
}
