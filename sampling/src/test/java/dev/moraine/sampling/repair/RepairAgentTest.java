package dev.moraine.sampling.repair;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.proofs.proof.Axis;
import dev.moraine.sampling.scripted.Behaviour;
import dev.moraine.sampling.scripted.ScriptedBlob;
import dev.moraine.sampling.scripted.ScriptedCommittee;
import dev.moraine.sampling.scripted.ScriptedMember;
import dev.moraine.storage.store.PairLookup;
import dev.moraine.storage.store.StoredPair;
import dev.moraine.testing.Seed;
import dev.moraine.wire.message.Coordinate;
import dev.moraine.wire.message.GetSymbols;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RepairAgentTest {
    private static final int SHARDS = 7;
    private static final int FAULTY = 2;

    private static ScriptedCommittee committee;

    private final Random random = Seed.random("RepairAgentTest");

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws Exception {
        committee = ScriptedCommittee.ofShards(new Random(), SHARDS);
    }

    @AfterAll
    static void stop() {
        committee.close();
    }

    @BeforeEach
    void behave() {
        committee.behave(Behaviour.HONEST);
    }

    private ScriptedBlob blob(int maxBytes) {
        return committee.hold(ScriptedBlob.random(random, SHARDS, 1 + random.nextInt(maxBytes)));
    }

    private RepairingNode open() throws Exception {
        return new RepairingNode(committee, folder, RepairingNode.settings().conclude());
    }

    private static void assertRepaired(RepairingNode node, ScriptedBlob blob) {
        int pair = node.pairOf(blob);
        PairLookup lookup = node.store().find(blob.id(), pair);
        try (StoredPair found = assertInstanceOf(PairLookup.Found.class, lookup).pair()) {
            assertArrayEquals(blob.primary(pair), found.primary().toArray(ValueLayout.JAVA_BYTE));
            assertArrayEquals(blob.secondary(pair), found.secondary().toArray(ValueLayout.JAVA_BYTE));
            assertArrayEquals(
                    blob.commitment().rowSymbolRoots(pair), found.rowSymbolRoots().toArray(ValueLayout.JAVA_BYTE));
            assertArrayEquals(
                    blob.commitment().columnSymbolRoots(pair),
                    found.columnSymbolRoots().toArray(ValueLayout.JAVA_BYTE));
        }
    }

    private static boolean has(RepairingNode node, ScriptedBlob blob, Axis axis) {
        if (node.store().findSliver(blob.id(), node.pairOf(blob), axis) instanceof PairLookup.Found found) {
            found.pair().release();
            return true;
        }
        return false;
    }

    @ParameterizedTest
    @EnumSource(Behaviour.class)
    void allIsRebuiltWhateverFOthersDo(Behaviour behaviour) throws Exception {
        List<Integer> faulty = new ArrayList<>();
        while (faulty.size() < FAULTY) {
            int member = random.nextInt(SHARDS);
            if (member != RepairingNode.MEMBER && !faulty.contains(member)) {
                faulty.add(member);
            }
        }
        committee.behave(faulty, behaviour);
        ScriptedBlob[] blobs = {blob(1), blob(3_000), blob(60_000), blob(60_000)};
        try (RepairingNode node = open()) {
            node.certify(RepairingNode.EPOCH, blobs[0], blobs[1]);
            node.certify(RepairingNode.EPOCH, blobs[2], blobs[3]);
            node.runUntil(() -> node.count(RepairCount.PAIRS_REPAIRED) == blobs.length);
            for (ScriptedBlob blob : blobs) {
                assertRepaired(node, blob);
            }
            for (int member = 0; member < SHARDS; member++) {
                if (!faulty.contains(member)) {
                    assertEquals(0, node.counters().liesOf(member), "an honest node is blamed");
                }
            }
            assertEquals(0, node.count(RepairCount.INCONSISTENT));
        }
    }

    @Test
    void wrongSymbolsAreFoundOutAndReplaced() throws Exception {
        List<Integer> liars = List.of(0, 4);
        committee.behave(liars, Behaviour.HONEST);
        liars.forEach(member -> committee.member(member).behave(GetSymbols.class, Behaviour.ANOTHER));
        try (RepairingNode node = open()) {
            ScriptedBlob[] blobs = new ScriptedBlob[12];
            for (int i = 0; i < blobs.length; i++) {
                blobs[i] = blob(20_000);
            }
            node.certify(RepairingNode.EPOCH, blobs);
            node.runUntil(() -> node.count(RepairCount.PAIRS_REPAIRED) == blobs.length);
            for (ScriptedBlob blob : blobs) {
                assertRepaired(node, blob);
            }
            liars.forEach(member -> assertTrue(node.counters().liesOf(member) > 0, "a liar is not blamed"));
        }
    }

    /** Lets all other nodes give only some symbols. */
    private static void hold(Predicate<Coordinate> held) {
        committee.members().forEach(member -> member.holdSymbols(held));
    }

    @Test
    void theSecondaryIsStoredBeforeThePrimaryCanBeHad() throws Exception {
        ScriptedBlob blob = blob(30_000);
        try (RepairingNode node = open()) {
            int pair = node.pairOf(blob);
            hold(each -> each.column() == pair && each.row() != pair);
            node.certify(RepairingNode.EPOCH, blob);
            node.runUntil(() -> node.count(RepairCount.ATTEMPTS_FAILED) >= 2);
            assertEquals(1, node.count(RepairCount.SECONDARIES_STORED));
            assertTrue(has(node, blob, Axis.COLUMN));
            assertEquals(0, node.count(RepairCount.PRIMARIES_STORED));
            hold(_ -> true);
            node.runUntil(() -> node.count(RepairCount.PAIRS_REPAIRED) == 1);
            assertRepaired(node, blob);
            assertEquals(1, node.count(RepairCount.SECONDARIES_STORED), "what is there is not rebuilt");
        }
    }

    @Test
    void thePrimaryComesFromWholePrimariesWhereTooFewColumnsAre() throws Exception {
        ScriptedBlob blob = blob(30_000);
        try (RepairingNode node = open()) {
            int pair = node.pairOf(blob);
            hold(each -> each.row() != pair);
            node.certify(RepairingNode.EPOCH, blob);
            node.runUntil(() -> node.count(RepairCount.PAIRS_REPAIRED) == 1);
            assertRepaired(node, blob);
            assertEquals(1, node.count(RepairCount.PRIMARIES_FROM_PRIMARIES));
        }
    }

    @Test
    void sliversOfAWrongEncodingAreNeverStored() throws Exception {
        try (RepairingNode node = open()) {
            ScriptedBlob wrong = committee.hold(ScriptedBlob.withForeignRow(random, SHARDS, 5_000, 0));
            ScriptedBlob good = blob(5_000);
            node.certify(RepairingNode.EPOCH, wrong);
            node.certify(RepairingNode.EPOCH, good);
            // Rows that happen to be asked may lead to a column of their own; the root never fits unless it is the real one.
            node.runUntil(() -> node.count(RepairCount.PAIRS_REPAIRED) >= 1
                    && node.count(RepairCount.INCONSISTENT) + node.count(RepairCount.PAIRS_REPAIRED) >= 2);
            assertRepaired(node, good);
            committee.members().forEach(member -> assertEquals(0, node.count(RepairCount.LIES)));
            PairLookup secondary = node.store().findSliver(wrong.id(), node.pairOf(wrong), Axis.COLUMN);
            if (secondary instanceof PairLookup.Found found) {
                try (StoredPair stored = found.pair()) {
                    assertArrayEquals(
                            wrong.secondary(node.pairOf(wrong)), stored.secondary().toArray(ValueLayout.JAVA_BYTE));
                }
            }
        }
    }

    @Test
    void whatIsAtRiskForLongestComesFirst() throws Exception {
        ScriptedBlob late = blob(2_000);
        ScriptedBlob early = blob(2_000);
        // Memory for one at a time.
        RepairSettings settings = RepairingNode.settings().memoryBytes(1 << 16).conclude();
        ScriptedBlob[] others = {blob(60_000), blob(60_000), blob(60_000)};
        try (RepairingNode node = new RepairingNode(committee, folder, settings)) {
            node.certify(1, others);
            node.certify(1, late);
            node.certify(0, early);
            node.runUntil(() -> has(node, early, Axis.COLUMN));
            assertTrue(!has(node, late, Axis.ROW), "the newest is whole before the oldest has begun");
            node.runUntil(() -> node.count(RepairCount.PAIRS_REPAIRED) == others.length + 2);
        }
    }

    @Test
    void aRestartInTheMiddleGoesOnWithWhatIsMissing() throws Exception {
        ScriptedBlob[] blobs = new ScriptedBlob[20];
        for (int i = 0; i < blobs.length; i++) {
            blobs[i] = blob(40_000);
        }
        long repaired;
        try (RepairingNode node = open()) {
            node.certify(RepairingNode.EPOCH, blobs);
            node.runUntil(() -> node.count(RepairCount.SECONDARIES_STORED) >= 5);
            repaired = node.count(RepairCount.PAIRS_REPAIRED);
        }
        try (RepairingNode node = open()) {
            node.runUntil(() -> node.count(RepairCount.PAIRS_REPAIRED) == blobs.length - repaired);
            for (ScriptedBlob blob : blobs) {
                assertRepaired(node, blob);
            }
        }
    }

    @Test
    void littleMoreIsReceivedThanIsStored() throws Exception {
        ScriptedBlob[] blobs = new ScriptedBlob[8];
        for (int i = 0; i < blobs.length; i++) {
            blobs[i] = committee.hold(ScriptedBlob.random(random, SHARDS, 300_000));
        }
        try (RepairingNode node = open()) {
            node.certify(RepairingNode.EPOCH, blobs);
            node.runUntil(() -> node.count(RepairCount.PAIRS_REPAIRED) == blobs.length);
            double ratio = (double) node.count(RepairCount.BYTES_RECEIVED) / node.count(RepairCount.BYTES_STORED);
            assertTrue(ratio < 1.1, "received " + ratio + " times what was stored");
            long most = committee.members().stream()
                    .map(member -> member.requests(GetSymbols.class).size())
                    .mapToLong(Integer::longValue)
                    .sum();
            // 3 symbols for each secondary and 4 for each primary, many of which go out together.
            assertTrue(most <= blobs.length * 7L, most + " requests");
        }
    }

    @Test
    void theOwnNodeIsNeverAsked() throws Exception {
        ScriptedBlob blob = blob(1_000);
        try (RepairingNode node = open()) {
            node.certify(RepairingNode.EPOCH, blob);
            node.runUntil(() -> node.count(RepairCount.PAIRS_REPAIRED) == 1);
            ScriptedMember self = committee.member(RepairingNode.MEMBER);
            assertEquals(List.of(), self.requests());
        }
    }
}
