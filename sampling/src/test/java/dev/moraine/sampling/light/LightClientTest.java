package dev.moraine.sampling.light;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.sampling.read.CommitteeReader;
import dev.moraine.sampling.read.Deadline;
import dev.moraine.sampling.read.FaultKind;
import dev.moraine.sampling.scripted.Behaviour;
import dev.moraine.sampling.scripted.ScriptedBlob;
import dev.moraine.sampling.scripted.ScriptedCommittee;
import dev.moraine.sampling.scripted.ScriptedMember;
import dev.moraine.sampling.scripted.Subsets;
import dev.moraine.testing.Seed;
import dev.moraine.wire.message.Coordinate;
import dev.moraine.wire.message.GetMetadata;
import dev.moraine.wire.message.GetSymbols;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LightClientTest {
    private static final Duration PATIENT = Duration.ofSeconds(5);
    private static final Duration HASTY = Duration.ofMillis(15);
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Duration SHORT_TIMEOUT = Duration.ofMillis(400);

    private final Random random = Seed.random("LightClientTest");

    @Test
    void allSamplesAreDrawnBeforeTheFirstRequestAndNoOtherIsAskedFor() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, 7)) {
            ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, 7, 5_000));
            RandomGenerator watched = () -> {
                committee.members().forEach(member -> assertEquals(List.of(), member.requests()));
                return random.nextLong();
            };
            LightClient client = client(committee, PATIENT).random(watched).conclude();
            SamplingReport report = client.sample(blob.id(), 12, deadline(committee, TIMEOUT));
            assertEquals(12, report.verified());
            List<Coordinate> sampled =
                    report.samples().stream().map(Sample::coordinate).toList();
            assertEquals(12, Set.copyOf(sampled).size());
            List<Coordinate> asked = asked(committee);
            assertEquals(12, asked.size());
            assertEquals(Set.copyOf(sampled), Set.copyOf(asked));
        }
    }

    @Test
    void aSampleThatIsWithheldIsCountedAndNotReplaced() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, 7)) {
            ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, 7, 5_000));
            long seed = random.nextLong();
            List<Coordinate> drawn = SampleDraw.draw(new Random(seed), 7, 10);
            committee.members().forEach(member -> member.holdSymbols(each -> !drawn.subList(0, 4).contains(each)));
            LightClient client = client(committee, PATIENT)
                    .random(new Random(seed))
                    .maxRecoveryBytes(0)
                    .conclude();
            SamplingReport report = client.sample(blob.id(), 10, deadline(committee, TIMEOUT));
            assertEquals(drawn, report.samples().stream().map(Sample::coordinate).toList());
            assertEquals(Set.copyOf(drawn.subList(0, 4)), unanswered(report));
            assertEquals(6, report.verified());
            assertEquals(client.confidence().of(10, 4), report.confidence());
            assertEquals(Set.copyOf(drawn), Set.copyOf(asked(committee)));
            // Both holders were asked for what was withheld, and one for everything else.
            assertEquals(10 + 4, asked(committee).size());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 7, 10})
    void anyFMembersMayFailOrLieAndNoSampleIsLost(int shards) throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, shards)) {
            int f = committee.committee().geometry().faultTolerance();
            for (Behaviour behaviour : Behaviour.values()) {
                ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, shards, 5_000));
                List<Integer> faulty = Subsets.some(random, shards, f, 1).getFirst();
                committee.behave(faulty, behaviour);
                committee.members().forEach(member -> member.behave(GetMetadata.class, Behaviour.HONEST));
                LightClient client = client(committee, behaviour == Behaviour.SILENT ? HASTY : PATIENT)
                        .conclude();
                SamplingReport report = client.sample(blob.id(), 3 * shards, deadline(committee, TIMEOUT));
                String context = behaviour + " by " + faulty + ": " + report.blame();
                assertEquals(report.taken(), report.verified(), context);
                assertTrue(faulty.containsAll(report.blame().liars()), context);
                if (behaviour.isLie()) {
                    assertTrue(report.blame().liars().containsAll(askedForSamples(committee, faulty, report)), context);
                }
                report.samples().forEach(sample -> assertTrue(sample.latencyNs() >= 0));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 7})
    void aWithheldStoppingSetIsMissedExactlyAndLessIsNotMissedAtAll(int shards) throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, shards)) {
            ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, shards, 2_000));
            LightClient client = client(committee, PATIENT).conclude();
            Set<Coordinate> withheld = stoppingSet(committee.committee().geometry());
            assertEquals(client.confidence().stoppingSetSymbols(), withheld.size());
            withhold(committee, withheld);
            SamplingReport lost = client.sample(blob.id(), shards * shards, deadline(committee, TIMEOUT));
            assertEquals(withheld, unanswered(lost));
            assertEquals(0, lost.confidence(), 1e-9);
            assertEquals(SamplingVerdict.NOT_SHOWN, lost.verdict());
            for (Coordinate given : withheld) {
                Set<Coordinate> fewer = new HashSet<>(withheld);
                fewer.remove(given);
                withhold(committee, fewer);
                SamplingReport shown = client.sample(blob.id(), shards * shards, deadline(committee, TIMEOUT));
                assertEquals(Set.of(), unanswered(shown));
                assertEquals(1, shown.confidence());
                assertEquals(SamplingVerdict.SHOWN, shown.verdict());
                assertEquals(fewer, answered(shown, SampleAnswer.DECODED_LINE));
            }
        }
    }

    @Test
    void fewerSymbolsThanAStoppingSetAreNeverMissedWhereverTheyLie() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, 7)) {
            ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, 7, 2_000));
            LightClient client = client(committee, PATIENT).conclude();
            List<Coordinate> all = SampleDraw.draw(random, 7, 49);
            for (int run = 0; run < 20; run++) {
                Collections.shuffle(all, random);
                withhold(committee, Set.copyOf(all.subList(0, client.confidence().stoppingSetSymbols() - 1)));
                SamplingReport report = client.sample(blob.id(), 5, deadline(committee, TIMEOUT));
                assertEquals(5, report.verified());
            }
        }
    }

    @Test
    void manySamplesAreAllSymbolsAndReportsSayWhenReadingIsCheaper() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, 4)) {
            ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, 4, 2_000));
            LightClient client = client(committee, PATIENT).conclude();
            SamplingReport all = client.sample(blob.id(), Integer.MAX_VALUE, deadline(committee, TIMEOUT));
            assertEquals(16, all.taken());
            assertEquals(16, all.verified());
            assertEquals(1, all.confidence());
            // The blob has 2·3 symbols.
            assertTrue(client.sample(blob.id(), 6, deadline(committee, TIMEOUT)).isReadingCheaper());
            assertFalse(client.sample(blob.id(), 5, deadline(committee, TIMEOUT)).isReadingCheaper());
            assertThrows(
                    IllegalArgumentException.class, () -> client.sample(blob.id(), 0, deadline(committee, TIMEOUT)));
        }
    }

    @Test
    void theVerdictFollowsTheWantedConfidence() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, 10)) {
            ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, 10, 2_000));
            LightClient client = client(committee, PATIENT).wantedConfidence(0.95).conclude();
            int enough = client.confidence().samplesFor(0.95);
            SamplingReport shown = client.sample(blob.id(), enough, deadline(committee, TIMEOUT));
            assertEquals(SamplingVerdict.SHOWN, shown.verdict());
            SamplingReport notShown = client.sample(blob.id(), enough - 1, deadline(committee, TIMEOUT));
            assertEquals(SamplingVerdict.NOT_SHOWN, notShown.verdict());
            assertEquals(enough - 1, notShown.verified());
        }
    }

    @Test
    void onlyValidCertificatesAreSampled() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, 4);
                ScriptedCommittee strangers = ScriptedCommittee.ofShards(random, 4)) {
            ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, 4, 2_000));
            LightClient client = client(committee, PATIENT).conclude();
            BlobCertificate good = committee.certify(blob.id(), 2_000);
            assertEquals(5, client.sample(good, 5, deadline(committee, TIMEOUT)).verified());

            committee.behave(Behaviour.HONEST);
            BlobCertificate forged = strangers.certify(blob.id(), 2_000);
            assertRefused(SamplingRefusedException.Reason.INVALID_CERTIFICATE, committee, client, forged);
            committee.members().forEach(member -> assertEquals(List.of(), member.requests()));

            BlobCertificate wrongLength = committee.certify(blob.id(), 1_999);
            assertRefused(SamplingRefusedException.Reason.WRONG_LENGTH, committee, client, wrongLength);

            int symbolBytes = blob.metadata().header().symbolSizeBytes();
            LightClient narrow = client(committee, PATIENT).maxSymbolBytes(symbolBytes - 1).conclude();
            assertRefused(SamplingRefusedException.Reason.SYMBOLS_OVER_LIMIT, committee, narrow, good);
            LightClient exact = client(committee, PATIENT).maxSymbolBytes(symbolBytes).conclude();
            assertEquals(5, exact.sample(good, 5, deadline(committee, TIMEOUT)).verified());
        }
    }

    @Test
    void silenceIsNotShownAndCostsNoMoreThanTheDeadline() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, 4)) {
            ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, 4, 2_000));
            LightClient client = client(committee, HASTY).conclude();
            for (boolean knowsMetadata : new boolean[] {false, true}) {
                committee.behave(Behaviour.SILENT);
                if (knowsMetadata) {
                    committee.members().forEach(member -> member.behave(GetMetadata.class, Behaviour.HONEST));
                }
                SamplingReport report = client.sample(blob.id(), 5, deadline(committee, SHORT_TIMEOUT));
                assertEquals(5, report.taken());
                assertEquals(0, report.verified());
                assertEquals(0, report.confidence());
                assertEquals(SamplingVerdict.NOT_SHOWN, report.verdict());
                assertEquals(Set.of(FaultKind.NO_ANSWER), report.blame().counts().keySet());
                report.samples().forEach(each -> assertEquals(Sample.NO_LATENCY, each.latencyNs()));
            }
        }
    }

    @Test
    void aLineThatDecodesToAnotherRootShowsAWrongEncoding() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, 4)) {
            ScriptedBlob blob = committee.hold(ScriptedBlob.withWrongSymbol(random, 4, 2_000, 3, 3));
            // Row 0 comes back from columns 0 to 2, which are right, and column 3 is not needed for it.
            Set<Coordinate> withheld = Set.of(
                    new Coordinate(0, 0), new Coordinate(0, 1), new Coordinate(0, 2), new Coordinate(0, 3));
            withhold(committee, withheld);
            LightClient client = client(committee, PATIENT).conclude();
            SamplingReport report = client.sample(blob.id(), 16, deadline(committee, TIMEOUT));
            assertTrue(report.wrongLines() > 0);
            assertEquals(withheld, answered(report, SampleAnswer.DECODED_LINE));
        }
    }

    @Test
    void settingsOutOfRangeAreRefused() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, 4)) {
            List<LightClient.Context> wrong = List.of(
                    new LightClient.Context(),
                    client(committee, PATIENT).wantedConfidence(0),
                    client(committee, PATIENT).wantedConfidence(1),
                    client(committee, PATIENT).maxSymbolBytes(63),
                    client(committee, PATIENT).maxRecoveryBytes(-1));
            for (LightClient.Context context : wrong) {
                assertThrows(IllegalArgumentException.class, context::conclude);
            }
        }
    }

    private static void assertRefused(
            SamplingRefusedException.Reason reason,
            ScriptedCommittee committee,
            LightClient client,
            BlobCertificate certificate) {
        SamplingRefusedException refused = assertThrows(
                SamplingRefusedException.class, () -> client.sample(certificate, 5, deadline(committee, TIMEOUT)));
        assertEquals(reason, refused.reason());
    }

    /** The symbols where the last n − k₁ + 1 rows cross the first n − k₂ + 1 columns. */
    private static Set<Coordinate> stoppingSet(Geometry geometry) {
        Set<Coordinate> set = new HashSet<>();
        for (int row = geometry.sourceRows() - 1; row < geometry.shards(); row++) {
            for (int column = 0; column <= geometry.shards() - geometry.sourceColumns(); column++) {
                set.add(new Coordinate(row, column));
            }
        }
        return set;
    }

    private static void withhold(ScriptedCommittee committee, Set<Coordinate> withheld) {
        committee.behave(Behaviour.HONEST);
        committee.members().forEach(member -> member.holdSymbols(each -> !withheld.contains(each)));
    }

    private static Set<Coordinate> unanswered(SamplingReport report) {
        return answered(report, SampleAnswer.NOT_ANSWERED);
    }

    private static Set<Coordinate> answered(SamplingReport report, SampleAnswer answer) {
        Set<Coordinate> found = new HashSet<>();
        for (Sample sample : report.samples()) {
            if (sample.answer() == answer) {
                found.add(sample.coordinate());
            }
        }
        return found;
    }

    /** Those of the members that were asked for a sample itself; what is asked for decoding need not be waited for. */
    private static Set<Integer> askedForSamples(
            ScriptedCommittee committee, List<Integer> members, SamplingReport report) {
        Set<Coordinate> samples = new HashSet<>();
        report.samples().forEach(sample -> samples.add(sample.coordinate()));
        Set<Integer> asked = new HashSet<>();
        for (int member : members) {
            for (GetSymbols get : committee.member(member).requests(GetSymbols.class)) {
                if (!Collections.disjoint(get.coordinates(), samples)) {
                    asked.add(member);
                }
            }
        }
        return asked;
    }

    /** Every coordinate in every request, as often as it was asked for. */
    private static List<Coordinate> asked(ScriptedCommittee committee) {
        List<Coordinate> asked = new ArrayList<>();
        for (ScriptedMember member : committee.members()) {
            member.requests(GetSymbols.class).forEach(get -> asked.addAll(get.coordinates()));
        }
        return asked;
    }

    private static LightClient.Context client(ScriptedCommittee committee, Duration hedgeDelay) {
        return new LightClient.Context().committee(committee.reader(hedgeDelay).conclude());
    }

    private static Deadline deadline(ScriptedCommittee committee, Duration timeout) {
        return committee.reader(PATIENT).conclude().deadline(timeout);
    }
}
