package dev.moraine.node.storagenode;

import dev.moraine.proofs.committee.Committee;
import dev.moraine.sampling.audit.AuditSettings;
import dev.moraine.sampling.feed.CertificateFeed;
import dev.moraine.sampling.repair.RepairSettings;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * How a node deals with the other nodes. Immutable.
 *
 * @param addresses where each member listens, in committee order; empty for the addresses of the committee
 * @param isRepairing whether the node learns from the others what it lacks, and rebuilds it
 * @param repair how much repair may do at once
 * @param feed how many followers may wait
 * @param audit how much the node reads for those who want its verdicts
 */
public record PeerSettings(
        List<InetSocketAddress> addresses,
        boolean isRepairing,
        RepairSettings repair,
        CertificateFeed.Limits feed,
        AuditSettings audit) {
    /** Takes a copy. */
    public PeerSettings {
        addresses = List.copyOf(addresses);
    }

    /**
     * What holds where nothing else is said: repair, from the nodes of the committee.
     *
     * @return the defaults
     */
    public static PeerSettings defaults() {
        return new PeerSettings(
                List.of(), true, RepairSettings.defaults(), CertificateFeed.Limits.defaults(), AuditSettings.defaults());
    }

    /**
     * Other addresses.
     *
     * @param value where each member listens, in committee order
     * @return settings that are like these otherwise
     */
    public PeerSettings withAddresses(List<InetSocketAddress> value) {
        return new PeerSettings(value, isRepairing, repair, feed, audit);
    }

    /**
     * Another pace of repair.
     *
     * @param value how much it may do
     * @return settings that are like these otherwise
     */
    public PeerSettings withRepair(RepairSettings value) {
        return new PeerSettings(addresses, isRepairing, value, feed, audit);
    }

    /**
     * A node that does not learn from the others what it lacks.
     *
     * @return settings that are like these, but without repair
     */
    public PeerSettings withoutRepair() {
        return new PeerSettings(addresses, false, repair, feed, audit);
    }

    /**
     * Where a member listens.
     *
     * @param committee the committee
     * @param member the member's place
     * @return its address
     */
    InetSocketAddress address(Committee committee, int member) {
        return addresses.isEmpty()
                ? new InetSocketAddress(
                        committee.members().get(member).host(),
                        committee.members().get(member).port())
                : addresses.get(member);
    }

    /**
     * Checks the addresses against a committee.
     *
     * @param committee the committee
     * @throws IllegalArgumentException if there are some, but not one for each member
     */
    void check(Committee committee) {
        if (!addresses.isEmpty() && addresses.size() != committee.members().size()) {
            throw new IllegalArgumentException("addresses must be " + committee.members().size()
                    + ", one for each member, but are " + addresses.size());
        }
    }
}
