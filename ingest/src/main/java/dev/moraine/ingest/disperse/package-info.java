/**
 * Dispersal: one agent sends bundles of encoded batches to the storage nodes, collects their signatures and answers
 * with certificates.
 */
@NullMarked
package dev.moraine.ingest.disperse;

import org.jspecify.annotations.NullMarked;
