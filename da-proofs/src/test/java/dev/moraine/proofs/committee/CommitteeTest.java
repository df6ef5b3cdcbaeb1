package dev.moraine.proofs.committee;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.proofs.certificate.BlsPublicKey;
import dev.moraine.proofs.certificate.BlsSecretKey;
import dev.moraine.proofs.certificate.BlsSignature;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CommitteeTest {
    private static final int SHARDS = 7;
    private static final int[] WEIGHTS = {2, 1, 2, 1, 1};

    private final List<BlsSecretKey> secrets = new ArrayList<>();
    private final List<CommitteeMember> members;

    CommitteeTest() {
        for (int i = 0; i < WEIGHTS.length; i++) {
            secrets.add(BlsSecretKey.generate(new SecureRandom()));
        }
        members = CommitteeFixture.members(secrets, WEIGHTS);
    }

    @Test
    void everyShardHasTheMemberOfItsRange() throws InvalidCommitteeException {
        Committee committee = committeeOf(members);
        int[] expected = {0, 0, 1, 2, 2, 3, 4};
        for (int shard = 0; shard < SHARDS; shard++) {
            assertEquals(expected[shard], committee.memberOfShard(shard));
        }
        for (int member = 0; member < WEIGHTS.length; member++) {
            assertEquals(WEIGHTS[member], committee.weight(member));
        }
        assertThrows(IndexOutOfBoundsException.class, () -> committee.memberOfShard(SHARDS));
        assertThrows(IndexOutOfBoundsException.class, () -> committee.memberOfShard(-1));
    }

    @Test
    void membersAreFoundByTheirKeysAndOthersAreNot() throws InvalidCommitteeException {
        Committee committee = committeeOf(members);
        for (int member = 0; member < WEIGHTS.length; member++) {
            assertEquals(OptionalInt.of(member), committee.memberWithKey(secrets.get(member).publicKey()));
        }
        BlsPublicKey stranger = BlsSecretKey.generate(new SecureRandom()).publicKey();
        assertEquals(OptionalInt.empty(), committee.memberWithKey(stranger));
    }

    @Test
    void theDeploymentIdIsTheHashThatTheProtocolDescribes() throws Exception {
        Committee committee = committeeOf(members);
        HexFormat hex = HexFormat.of();
        List<String> leaves = new ArrayList<>();
        for (CommitteeMember member : members) {
            String range = hex.toHexDigits((short) member.firstShard()) + hex.toHexDigits((short) member.shardCount());
            leaves.add(sha256("00" + member.publicKey() + range));
        }
        // Five leaves: four in a full tree, the fifth beside its root.
        String left = sha256("01" + leaves.get(0) + leaves.get(1));
        String right = sha256("01" + leaves.get(2) + leaves.get(3));
        String root = sha256("01" + sha256("01" + left + right) + leaves.get(4));
        String tag = hex.formatHex("moraine/genes/v1".getBytes(StandardCharsets.US_ASCII));
        String id = sha256(tag + "0007" + "0005"
                + hex.toHexDigits(CommitteeFixture.GENESIS_SECONDS)
                + hex.toHexDigits((int) CommitteeFixture.EPOCH_SECONDS)
                + root);
        assertEquals(id, committee.deploymentId().toString());
    }

    @Test
    void theDeploymentIdBindsKeysRangesAndTimes() throws InvalidCommitteeException {
        Committee committee = committeeOf(members);
        assertEquals(committee.deploymentId(), committeeOf(members).deploymentId());
        assertNotEquals(
                committee.deploymentId(),
                committeeOf(CommitteeFixture.members(secrets, 1, 2, 2, 1, 1)).deploymentId());
        List<BlsSecretKey> swapped = new ArrayList<>(secrets);
        Collections.swap(swapped, 0, 2);
        assertNotEquals(
                committee.deploymentId(),
                committeeOf(CommitteeFixture.members(swapped, WEIGHTS)).deploymentId());
        assertNotEquals(
                committee.deploymentId(),
                Committee.of(SHARDS, CommitteeFixture.GENESIS_SECONDS + 1, CommitteeFixture.EPOCH_SECONDS, 24, members)
                        .deploymentId());
        assertNotEquals(
                committee.deploymentId(),
                Committee.of(SHARDS, CommitteeFixture.GENESIS_SECONDS, CommitteeFixture.EPOCH_SECONDS + 1, 24, members)
                        .deploymentId());
    }

    @Test
    void rangesWithGapsOverlapsOrInDisorderAreRefused() {
        assertFault(CommitteeFault.SHARDS_NOT_COVERED, changed(0, withShards(members.get(0), 1, 1)));
        assertFault(CommitteeFault.SHARDS_NOT_COVERED, changed(1, withShards(members.get(1), 1, 1)));
        assertFault(CommitteeFault.SHARDS_NOT_COVERED, changed(1, withShards(members.get(1), 3, 1)));
        assertFault(CommitteeFault.SHARDS_NOT_COVERED, changed(1, withShards(members.get(1), 2, 0)));
        assertFault(CommitteeFault.SHARDS_NOT_COVERED, changed(1, withShards(members.get(1), 2, -1)));
        assertFault(CommitteeFault.SHARDS_NOT_COVERED, changed(4, withShards(members.get(4), 6, 2)));
        assertFault(CommitteeFault.SHARDS_NOT_COVERED, members.subList(0, 4));
        List<CommitteeMember> disorder = new ArrayList<>(members);
        Collections.swap(disorder, 3, 4);
        assertFault(CommitteeFault.SHARDS_NOT_COVERED, disorder);
    }

    @Test
    void aNodeHoldsAtMostAsManyShardsAsMayBeLost() throws InvalidCommitteeException {
        assertNotNull(committeeOf(CommitteeFixture.members(secrets, 2, 2, 2, 1)));
        assertFault(CommitteeFault.TOO_MANY_SHARDS, CommitteeFixture.members(secrets, 3, 1, 1, 1, 1));
        assertFault(
                CommitteeFault.TOO_MANY_SHARDS, changed(0, withShards(members.get(0), 0, Integer.MAX_VALUE)));
    }

    @Test
    void thereAreFromOneNodeToAsManyAsShards() {
        assertFault(CommitteeFault.WRONG_NUMBER_OF_NODES, List.of());
        assertFault(CommitteeFault.WRONG_NUMBER_OF_NODES, Collections.nCopies(SHARDS + 1, members.get(0)));
    }

    @Test
    void duplicateNamesAndKeysAreRefused() {
        CommitteeMember first = members.get(0);
        CommitteeMember last = members.get(4);
        assertFault(CommitteeFault.DUPLICATE_NAME, changed(4, withName(last, first.name())));
        assertFault(
                CommitteeFault.DUPLICATE_KEY,
                changed(4, withKey(last, first.publicKey(), first.proofOfPossession())));
    }

    @Test
    void keysWithoutAProofOfPossessionAreRefused() {
        CommitteeMember last = members.get(4);
        BlsSignature foreign = members.get(0).proofOfPossession();
        BlsSignature plain = secrets.get(4).sign(last.publicKey().encode());
        assertFault(CommitteeFault.BAD_PROOF_OF_POSSESSION, changed(4, withKey(last, last.publicKey(), foreign)));
        assertFault(CommitteeFault.BAD_PROOF_OF_POSSESSION, changed(4, withKey(last, last.publicKey(), plain)));
    }

    @Test
    void namesAndAddressesAreOfHarmlessCharacters() throws InvalidCommitteeException {
        CommitteeMember last = members.get(4);
        assertNotNull(committeeOf(changed(4, withName(last, "n".repeat(Committee.MAX_NAME_LENGTH)))));
        for (String name : new String[] {"", "a b", "a\nb", "a/b", "n".repeat(Committee.MAX_NAME_LENGTH + 1)}) {
            InvalidCommitteeException e = assertFault(CommitteeFault.BAD_NAME, changed(4, withName(last, name)));
            assertTrue(String.valueOf(e.getMessage()).indexOf('\n') < 0);
        }
        for (String host : new String[] {"node-4.example.org", "10.0.0.1", "::1", "h".repeat(253)}) {
            assertNotNull(committeeOf(changed(4, withAddress(last, host, 9_000))));
        }
        for (String host : new String[] {"", "a b", "a\r\nb", "http://a", "h".repeat(254)}) {
            assertFault(CommitteeFault.BAD_ADDRESS, changed(4, withAddress(last, host, 9_000)));
        }
        assertNotNull(committeeOf(changed(4, withAddress(last, "a", 1))));
        assertNotNull(committeeOf(changed(4, withAddress(last, "a", Committee.MAX_PORT))));
        for (int port : new int[] {-1, 0, Committee.MAX_PORT + 1}) {
            assertFault(CommitteeFault.BAD_ADDRESS, changed(4, withAddress(last, "a", port)));
        }
    }

    @Test
    void shardCountsAndTimesAreInRange() throws InvalidCommitteeException {
        long genesis = EpochSchedule.MAX_GENESIS_TIME_SECONDS;
        long epoch = EpochSchedule.MAX_EPOCH_SECONDS;
        long retention = Committee.MAX_RETENTION_EPOCHS;
        assertNotNull(Committee.of(SHARDS, genesis, epoch, retention, members));
        assertNotNull(Committee.of(SHARDS, 0, 1, 1, members));
        assertFault(CommitteeFault.SHARDS_OUT_OF_RANGE, 3, 0, 1, 1);
        assertFault(CommitteeFault.SHARDS_OUT_OF_RANGE, 193, 0, 1, 1);
        assertFault(CommitteeFault.TIME_OUT_OF_RANGE, SHARDS, -1, 1, 1);
        assertFault(CommitteeFault.TIME_OUT_OF_RANGE, SHARDS, genesis + 1, 1, 1);
        assertFault(CommitteeFault.TIME_OUT_OF_RANGE, SHARDS, 0, 0, 1);
        assertFault(CommitteeFault.TIME_OUT_OF_RANGE, SHARDS, 0, epoch + 1, 1);
        assertFault(CommitteeFault.TIME_OUT_OF_RANGE, SHARDS, 0, 1, 0);
        assertFault(CommitteeFault.TIME_OUT_OF_RANGE, SHARDS, 0, 1, retention + 1);
    }

    private static Committee committeeOf(List<CommitteeMember> members) throws InvalidCommitteeException {
        return Committee.of(
                SHARDS,
                CommitteeFixture.GENESIS_SECONDS,
                CommitteeFixture.EPOCH_SECONDS,
                CommitteeFixture.RETENTION_EPOCHS,
                members);
    }

    private static InvalidCommitteeException assertFault(CommitteeFault fault, List<CommitteeMember> members) {
        InvalidCommitteeException e = assertThrows(InvalidCommitteeException.class, () -> committeeOf(members));
        assertEquals(fault, e.fault(), e.getMessage());
        return e;
    }

    private void assertFault(CommitteeFault fault, int shards, long genesis, long epoch, long retention) {
        InvalidCommitteeException e = assertThrows(
                InvalidCommitteeException.class, () -> Committee.of(shards, genesis, epoch, retention, members));
        assertEquals(fault, e.fault(), e.getMessage());
    }

    private List<CommitteeMember> changed(int member, CommitteeMember changed) {
        List<CommitteeMember> others = new ArrayList<>(members);
        others.set(member, changed);
        return others;
    }

    private static CommitteeMember withShards(CommitteeMember member, int firstShard, int shardCount) {
        return new CommitteeMember(
                member.name(),
                member.host(),
                member.port(),
                member.publicKey(),
                member.proofOfPossession(),
                firstShard,
                shardCount);
    }

    private static CommitteeMember withName(CommitteeMember member, String name) {
        return new CommitteeMember(
                name,
                member.host(),
                member.port(),
                member.publicKey(),
                member.proofOfPossession(),
                member.firstShard(),
                member.shardCount());
    }

    private static CommitteeMember withAddress(CommitteeMember member, String host, int port) {
        return new CommitteeMember(
                member.name(),
                host,
                port,
                member.publicKey(),
                member.proofOfPossession(),
                member.firstShard(),
                member.shardCount());
    }

    private static CommitteeMember withKey(CommitteeMember member, BlsPublicKey key, BlsSignature proof) {
        return new CommitteeMember(
                member.name(), member.host(), member.port(), key, proof, member.firstShard(), member.shardCount());
    }

    private static String sha256(String hex) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(HexFormat.of().parseHex(hex)));
    }
}
