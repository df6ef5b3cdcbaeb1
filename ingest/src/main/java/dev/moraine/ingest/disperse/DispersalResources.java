package dev.moraine.ingest.disperse;

import java.util.List;

/**
 * What all bundles share.
 *
 * @param settings the settings
 * @param mailbox where network threads leave events
 * @param peers one for each member, in the committee's order
 */
record DispersalResources(DispersalSettings settings, Mailbox mailbox, List<PeerQueue> peers) {}
