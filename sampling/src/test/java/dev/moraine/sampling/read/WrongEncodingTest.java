package dev.moraine.sampling.read;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.moraine.codec.Geometry;
import dev.moraine.sampling.scripted.Behaviour;
import dev.moraine.sampling.scripted.ScriptedBlob;
import dev.moraine.sampling.scripted.ScriptedCommittee;
import dev.moraine.sampling.scripted.Subsets;
import dev.moraine.testing.Seed;
import dev.moraine.wire.message.GetSliver;
import dev.moraine.wire.message.Part;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WrongEncodingTest {
    private static final Duration PATIENT = Duration.ofSeconds(20);
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final Random random = Seed.random("WrongEncodingTest");

    @Test
    void aBlobEncodedWronglyIsInconsistentWhoeverAnswers() throws Exception {
        for (int shards : new int[] {4, 7}) {
            try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, shards)) {
                Geometry geometry = committee.committee().geometry();
                BlobReader reader = new BlobReader(committee.reader(PATIENT).conclude());
                int row = geometry.sourceRows() + random.nextInt(shards - geometry.sourceRows());
                int column = geometry.sourceColumns() + random.nextInt(shards - geometry.sourceColumns());
                List<ScriptedBlob> wrong = List.of(
                        ScriptedBlob.withPadding(random, shards, 1_800),
                        ScriptedBlob.withWrongSymbol(random, shards, 1_800, row, column),
                        ScriptedBlob.withForeignRow(random, shards, 1_800, random.nextInt(shards)));
                for (ScriptedBlob blob : wrong) {
                    committee.hold(blob);
                    for (int answering = geometry.sourceRows(); answering <= shards; answering++) {
                        for (List<Integer> members : Subsets.all(shards, answering)) {
                            assertInconsistent(committee, reader, blob, members);
                        }
                    }
                }
            }
        }
    }

    @Test
    void secondarySliversShowAWrongEncodingToo() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, 4)) {
            BlobReader reader = new BlobReader(committee.reader(PATIENT).conclude());
            ScriptedBlob blob = committee.hold(ScriptedBlob.withPadding(random, 4, 1_000));
            committee.members().forEach(member -> member.holdSlivers(get -> get.part() == Part.SECONDARY));
            try (ReadResult result = reader.read(blob.id(), committee.reader(PATIENT).conclude().deadline(TIMEOUT))) {
                assertInstanceOf(ReadResult.Inconsistent.class, result);
            }
        }
    }

    private void assertInconsistent(
            ScriptedCommittee committee, BlobReader reader, ScriptedBlob blob, List<Integer> answering)
            throws InterruptedException {
        List<Integer> others = new ArrayList<>(
                IntStream.range(0, committee.members().size()).boxed().toList());
        others.removeAll(answering);
        committee.behave(Behaviour.HONEST);
        others.forEach(member -> committee.member(member).behave(GetSliver.class, Behaviour.NOT_FOUND));
        try (ReadResult result = reader.read(blob.id(), committee.reader(PATIENT).conclude().deadline(TIMEOUT))) {
            int verifying = 0;
            for (int pair = 0; pair < committee.members().size(); pair++) {
                CommitteeReader members = committee.reader(PATIENT).conclude();
                if (answering.contains(members.holderOf(blob.id(), pair))
                        && SliverSet.matchesRoot(
                                blob.metadata(), Part.PRIMARY, pair, MemorySegment.ofArray(blob.primary(pair)))) {
                    verifying++;
                }
            }
            if (verifying >= committee.committee().geometry().sourceRows()) {
                assertInstanceOf(ReadResult.Inconsistent.class, result, () -> answering + ": " + result.blame());
            } else {
                assertFalse(result instanceof ReadResult.Read, () -> answering + ": " + result.blame());
            }
        }
    }
}
