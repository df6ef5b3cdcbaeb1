package dev.moraine.proofs.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moraine.proofs.certificate.StatementRules.Refusal;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.committee.CommitteeFixture;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.testing.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StatementRulesTest {
    private static final long EPOCH = 7;

    private final Random random = Seed.random("StatementRulesTest");
    private final Committee committee = CommitteeFixture.ofWeights(1, 1, 1, 1).committee();
    private final StatementRules rules = new StatementRules(committee);
    private final long nowMs = committee.epochs().startMs(EPOCH) + 5;

    @Test
    void nothingIsAgainstAProperStatement() {
        for (int count : new int[] {1, 5, Bundle.MAX_ENTRIES}) {
            assertEquals(List.of(), check(EPOCH, BundleFixture.entries(random, count, EPOCH)));
        }
    }

    @Test
    void anotherDeploymentIsRefused() {
        List<BundleEntry> entries = BundleFixture.entries(random, 2, EPOCH);
        Statement foreign = new Bundle(entries).statement(BundleFixture.digest(random), EPOCH);
        assertEquals(
                whole(StatementRefusal.WRONG_DEPLOYMENT), rules.check(foreign, entries, nowMs));
    }

    @Test
    void onlyTheCurrentEpochAndForAMinuteTheLastAreSigned() {
        List<BundleEntry> entries = BundleFixture.entries(random, 2, EPOCH);
        assertEquals(List.of(), check(EPOCH - 1, BundleFixture.entries(random, 2, EPOCH - 1)));
        for (long epoch : new long[] {0, EPOCH - 2, EPOCH + 1, EPOCH + 2, Long.MAX_VALUE}) {
            assertEquals(whole(StatementRefusal.EPOCH_NOT_SIGNABLE), check(epoch, entries));
        }
        Statement statement = new Bundle(entries).statement(committee.deploymentId(), EPOCH);
        long endMs = committee.epochs().endMs(EPOCH);
        assertEquals(List.of(), rules.check(statement, entries, endMs + 59_999));
        assertEquals(
                whole(StatementRefusal.EPOCH_NOT_SIGNABLE), rules.check(statement, entries, endMs + 60_000));
    }

    @Test
    void theCountIsThatOfTheEntriesAndInRange() {
        List<BundleEntry> entries = BundleFixture.entries(random, 5, EPOCH);
        Digest root = new Bundle(entries).root();
        for (int count : new int[] {4, 6}) {
            Statement miscounted = new Statement(committee.deploymentId(), EPOCH, count, root);
            assertEquals(whole(StatementRefusal.WRONG_COUNT), rules.check(miscounted, entries, nowMs));
        }
        Statement statement = new Statement(committee.deploymentId(), EPOCH, Bundle.MAX_ENTRIES, root);
        List<BundleEntry> tooMany = BundleFixture.entries(random, Bundle.MAX_ENTRIES + 1, EPOCH);
        assertEquals(whole(StatementRefusal.WRONG_COUNT), rules.check(statement, tooMany, nowMs));
        assertEquals(whole(StatementRefusal.WRONG_COUNT), rules.check(statement, List.of(), nowMs));
    }

    @Test
    void theRootIsThatOfTheEntries() {
        List<BundleEntry> entries = BundleFixture.entries(random, 5, EPOCH);
        Statement statement = new Bundle(entries).statement(committee.deploymentId(), EPOCH);
        assertEquals(whole(StatementRefusal.WRONG_ROOT), rules.check(statement, entries.reversed(), nowMs));
    }

    @Test
    void everyRefusedEntryIsNamedWithItsReason() {
        long last = EPOCH + CommitteeFixture.RETENTION_EPOCHS;
        List<BundleEntry> entries = new ArrayList<>(BundleFixture.entries(random, 1, EPOCH));
        entries.addAll(BundleFixture.entries(random, 1, last));
        entries.addAll(BundleFixture.entries(random, 1, EPOCH - 1));
        entries.addAll(BundleFixture.entries(random, 1, last + 1));
        entries.addAll(BundleFixture.entries(random, 1, Long.MAX_VALUE));
        entries.addAll(BundleFixture.entries(random, 1, 0));
        entries.add(entries.getFirst());
        assertEquals(
                List.of(
                        new Refusal(2, StatementRefusal.EXPIRES_BEFORE_EPOCH),
                        new Refusal(3, StatementRefusal.EXPIRES_BEYOND_RETENTION),
                        new Refusal(4, StatementRefusal.EXPIRES_BEYOND_RETENTION),
                        new Refusal(5, StatementRefusal.EXPIRES_BEFORE_EPOCH),
                        new Refusal(6, StatementRefusal.DUPLICATE_BLOB)),
                check(EPOCH, entries));
    }

    private List<Refusal> check(long epoch, List<BundleEntry> entries) {
        Statement statement = new Statement(
                committee.deploymentId(), epoch, entries.size(), Bundle.rootOf(entries));
        return rules.check(statement, entries, nowMs);
    }

    private static List<Refusal> whole(StatementRefusal reason) {
        return List.of(new Refusal(Refusal.WHOLE_BUNDLE, reason));
    }
}
