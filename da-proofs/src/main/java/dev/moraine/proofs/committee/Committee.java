package dev.moraine.proofs.committee;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.certificate.BlsPublicKey;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.hash.Sha256;
import dev.moraine.proofs.hash.Tag;
import dev.moraine.proofs.merkle.MerkleTree;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The storage nodes of a deployment, checked: shard ranges follow one another from 0 to n − 1, nobody holds more than f
 * shards, names and keys are distinct, and every node proved that it knows its secret key, so that their keys may be
 * added up. A member's keys were decompressed and checked for the subgroup when they were read, once for all
 * certificates.
 *
 * <p>Immutable and thread-safe.
 */
public final class Committee {
    /** Most epochs that a node promises to keep a blob, the largest value of a 32-bit field. */
    public static final long MAX_RETENTION_EPOCHS = 0xFFFF_FFFFL;

    /** Longest name of a node, in characters. */
    public static final int MAX_NAME_LENGTH = 64;

    /** Longest host of a node, in characters, that of a DNS name. */
    public static final int MAX_HOST_LENGTH = 253;

    /** Highest TCP port. */
    public static final int MAX_PORT = 65_535;

    private static final int DEPLOYMENT_FIELDS_BYTES = 2 * Short.BYTES + Long.BYTES + Integer.BYTES;
    private static final int LEAF_BYTES = BlsPublicKey.ENCODED_BYTES + 2 * Short.BYTES;
    private static final byte[] DEPLOYMENT_TAG = Tag.of("moraine/genes/v1");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1," + MAX_NAME_LENGTH + "}");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:-]{1," + MAX_HOST_LENGTH + "}");

    private final Geometry geometry;
    private final EpochSchedule epochs;
    private final long retentionEpochs;
    private final List<CommitteeMember> members;
    private final int[] memberOfShard;
    private final Digest deploymentId;

    private Committee(
            Geometry geometry, EpochSchedule epochs, long retentionEpochs, List<CommitteeMember> members) {
        this.geometry = geometry;
        this.epochs = epochs;
        this.retentionEpochs = retentionEpochs;
        this.members = members;
        this.memberOfShard = new int[geometry.shards()];
        for (int member = 0; member < members.size(); member++) {
            CommitteeMember holder = members.get(member);
            for (int i = 0; i < holder.shardCount(); i++) {
                memberOfShard[holder.firstShard() + i] = member;
            }
        }
        this.deploymentId = computeDeploymentId();
    }

    /**
     * Checks the content of a genesis file. Takes about a millisecond a node, for the proofs of possession.
     *
     * @param shards the shard count n
     * @param genesisTimeSeconds start of epoch 0, in seconds since 1970
     * @param epochSeconds length of an epoch
     * @param retentionEpochs how many epochs beyond the current one a blob may be kept, from 1 to
     *     {@link #MAX_RETENTION_EPOCHS}
     * @param members the nodes, in the order of their shards
     * @return the committee
     * @throws InvalidCommitteeException if it is none
     */
    public static Committee of(
            int shards, long genesisTimeSeconds, long epochSeconds, long retentionEpochs, List<CommitteeMember> members)
            throws InvalidCommitteeException {
        Geometry geometry;
        try {
            geometry = new Geometry(shards);
        } catch (IllegalArgumentException e) {
            throw new InvalidCommitteeException(CommitteeFault.SHARDS_OUT_OF_RANGE, messageOf(e));
        }
        EpochSchedule epochs;
        try {
            epochs = new EpochSchedule(genesisTimeSeconds, epochSeconds);
        } catch (IllegalArgumentException e) {
            throw new InvalidCommitteeException(CommitteeFault.TIME_OUT_OF_RANGE, messageOf(e));
        }
        if (retentionEpochs < 1 || retentionEpochs > MAX_RETENTION_EPOCHS) {
            throw new InvalidCommitteeException(
                    CommitteeFault.TIME_OUT_OF_RANGE,
                    "retentionEpochs must be from 1 to " + MAX_RETENTION_EPOCHS + ", but is " + retentionEpochs);
        }
        List<CommitteeMember> checked = List.copyOf(members);
        checkShards(geometry, checked);
        checkNamesAndAddresses(checked);
        checkKeys(checked);
        return new Committee(geometry, epochs, retentionEpochs, checked);
    }

    /**
     * The numbers that follow from the shard count.
     *
     * @return n, f, k₁, k₂ and q
     */
    public Geometry geometry() {
        return geometry;
    }

    /**
     * When epochs begin and end.
     *
     * @return the schedule
     */
    public EpochSchedule epochs() {
        return epochs;
    }

    /**
     * Start of epoch 0.
     *
     * @return seconds since 1970
     */
    public long genesisTimeSeconds() {
        return epochs.genesisTimeSeconds();
    }

    /**
     * Length of an epoch.
     *
     * @return seconds
     */
    public long epochSeconds() {
        return epochs.epochSeconds();
    }

    /**
     * How many epochs beyond the current one a blob may be kept.
     *
     * @return the limit, at least 1
     */
    public long retentionEpochs() {
        return retentionEpochs;
    }

    /**
     * The nodes, in the order of the genesis file; a place in this list is what bitmaps and messages call a node by.
     *
     * @return an unmodifiable list
     */
    public List<CommitteeMember> members() {
        return members;
    }

    /**
     * The id that every signed object of this deployment carries (protocol, section 5). It binds shard count, times,
     * keys and shard ranges; not the retention limit, nor names and addresses, which may change.
     *
     * @return the id
     */
    public Digest deploymentId() {
        return deploymentId;
    }

    /**
     * What {@link #deploymentId} is computed from, for a verifier that knows nothing but the id:
     * {@code n u16 ‖ nodes u16 ‖ genesisTime u64 ‖ epochSeconds u32}, then for every node, in order, its leaf
     * {@code publicKey 48 ‖ firstShard u16 ‖ shardCount u16}.
     *
     * @return a new array
     */
    public byte[] encodeForDeploymentId() {
        ByteBuffer out = ByteBuffer.allocate(DEPLOYMENT_FIELDS_BYTES + members.size() * LEAF_BYTES);
        out.put(deploymentFields());
        for (CommitteeMember member : members) {
            out.put(leaf(member));
        }
        return out.array();
    }

    /**
     * Who holds a shard.
     *
     * @param shard the shard, from 0 to n − 1
     * @return the member's place
     * @throws IndexOutOfBoundsException if there is no such shard
     */
    public int memberOfShard(int shard) {
        return memberOfShard[Objects.checkIndex(shard, memberOfShard.length)];
    }

    /**
     * How many shards a member holds.
     *
     * @param member the member's place
     * @return its weight, from 1 to f
     * @throws IndexOutOfBoundsException if there is no such member
     */
    public int weight(int member) {
        return members.get(member).shardCount();
    }

    /**
     * Finds the member that a key belongs to.
     *
     * @param publicKey the key
     * @return the member's place; empty if the key is not of this committee
     */
    public OptionalInt memberWithKey(BlsPublicKey publicKey) {
        for (int member = 0; member < members.size(); member++) {
            if (members.get(member).publicKey().equals(publicKey)) {
                return OptionalInt.of(member);
            }
        }
        return OptionalInt.empty();
    }

    private static void checkShards(Geometry geometry, List<CommitteeMember> members)
            throws InvalidCommitteeException {
        if (members.isEmpty() || members.size() > geometry.shards()) {
            throw new InvalidCommitteeException(
                    CommitteeFault.WRONG_NUMBER_OF_NODES,
                    "nodes must be from 1 to the shard count " + geometry.shards() + ", but are " + members.size());
        }
        long next = 0;
        for (CommitteeMember member : members) {
            if (member.firstShard() != next || member.shardCount() < 1) {
                throw new InvalidCommitteeException(
                        CommitteeFault.SHARDS_NOT_COVERED,
                        "node " + quoted(member.name()) + " must hold one shard or more from shard " + next
                                + " on, but holds " + member.shardCount() + " from " + member.firstShard() + " on");
            }
            if (member.shardCount() > geometry.faultTolerance()) {
                throw new InvalidCommitteeException(
                        CommitteeFault.TOO_MANY_SHARDS,
                        "node " + quoted(member.name()) + " must hold at most f = " + geometry.faultTolerance()
                                + " shards, but holds " + member.shardCount());
            }
            next += member.shardCount();
        }
        if (next != geometry.shards()) {
            throw new InvalidCommitteeException(
                    CommitteeFault.SHARDS_NOT_COVERED,
                    "the nodes must hold all " + geometry.shards() + " shards together, but hold " + next);
        }
    }

    private static void checkNamesAndAddresses(List<CommitteeMember> members) throws InvalidCommitteeException {
        Set<String> names = new HashSet<>();
        for (CommitteeMember member : members) {
            if (!NAME.matcher(member.name()).matches()) {
                throw new InvalidCommitteeException(
                        CommitteeFault.BAD_NAME,
                        "a node's name must be 1 to " + MAX_NAME_LENGTH
                                + " letters, digits, dots, hyphens or underscores, but is " + quoted(member.name()));
            }
            if (!names.add(member.name())) {
                throw new InvalidCommitteeException(
                        CommitteeFault.DUPLICATE_NAME, "more than one node is named " + quoted(member.name()));
            }
            if (!HOST.matcher(member.host()).matches() || member.port() < 1 || member.port() > MAX_PORT) {
                throw new InvalidCommitteeException(
                        CommitteeFault.BAD_ADDRESS,
                        "the address of node " + quoted(member.name()) + " must be a host of 1 to " + MAX_HOST_LENGTH
                                + " characters and a port from 1 to " + MAX_PORT + ", but is "
                                + quoted(member.host()) + " and " + member.port());
            }
        }
    }

    private static void checkKeys(List<CommitteeMember> members) throws InvalidCommitteeException {
        Set<BlsPublicKey> keys = new HashSet<>();
        for (CommitteeMember member : members) {
            if (!keys.add(member.publicKey())) {
                throw new InvalidCommitteeException(
                        CommitteeFault.DUPLICATE_KEY,
                        "node " + quoted(member.name()) + " has the public key of another node");
            }
        }
        for (CommitteeMember member : members) {
            if (!member.publicKey().verifyPossession(member.proofOfPossession())) {
                throw new InvalidCommitteeException(
                        CommitteeFault.BAD_PROOF_OF_POSSESSION,
                        "the proof of possession of node " + quoted(member.name())
                                + " must verify under its public key, but does not");
            }
        }
    }

    private Digest computeDeploymentId() {
        byte[] leafHashes = new byte[members.size() * Digest.BYTES];
        for (int i = 0; i < members.size(); i++) {
            MerkleTree.leafHash(leaf(members.get(i))).copyTo(leafHashes, i * Digest.BYTES);
        }
        return Sha256.digest(
                DEPLOYMENT_TAG,
                deploymentFields(),
                MerkleTree.rootOfLeafHashes(leafHashes).toBytes());
    }

    private byte[] deploymentFields() {
        return ByteBuffer.allocate(DEPLOYMENT_FIELDS_BYTES)
                .putShort((short) geometry.shards())
                .putShort((short) members.size())
                .putLong(epochs.genesisTimeSeconds())
                .putInt((int) epochs.epochSeconds())
                .array();
    }

    private static byte[] leaf(CommitteeMember member) {
        return ByteBuffer.allocate(LEAF_BYTES)
                .put(member.publicKey().encode())
                .putShort((short) member.firstShard())
                .putShort((short) member.shardCount())
                .array();
    }

    /** Quotes a name from a file for a message: no control characters, and not at any length. */
    private static String quoted(String text) {
        String shown = text.length() > MAX_NAME_LENGTH ? text.substring(0, MAX_NAME_LENGTH) + "…" : text;
        return '"' + shown.replaceAll("\\p{Cntrl}", "?") + '"';
    }

    private static String messageOf(IllegalArgumentException e) {
        return Objects.requireNonNullElse(e.getMessage(), "out of range");
    }
}
