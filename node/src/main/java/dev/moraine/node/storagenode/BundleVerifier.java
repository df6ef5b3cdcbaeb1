package dev.moraine.node.storagenode;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.blob.InvalidMetadataException;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.proof.SliverCheck;
import dev.moraine.proofs.proof.SliverRoots;
import dev.moraine.proofs.proof.SliverVerifier;
import dev.moraine.storage.store.PairRecord;
import dev.moraine.wire.message.RefusalReason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Recomputes every root of the bodies that came and compares them with the blob ids that were offered (protocol, section 5,
 * points 1 and 2). Immutable and thread-safe.
 *
 * @param geometry the committee's
 */
record BundleVerifier(Geometry geometry) {
    /**
     * Verifies one entry.
     *
     * @param entry what was offered
     * @param body what came
     * @param verified receives a record for each pair, in the order of the node's shards, with the body's memory
     * @return null if all is right, else the reason against; then {@code verified} is as it was
     */
    @Nullable RefusalReason verify(BundleEntry entry, EntryBody body, List<PairRecord> verified) {
        BlobMetadata metadata;
        try {
            metadata = BlobMetadata.decode(body.metadata(), geometry);
        } catch (InvalidMetadataException e) {
            return RefusalReason.BAD_METADATA;
        }
        if (!metadata.id().equals(entry.blobId())) {
            return RefusalReason.BAD_METADATA;
        }
        if (metadata.header().lengthBytes() != entry.lengthBytes()) {
            return RefusalReason.WRONG_LENGTH;
        }
        List<PairRecord> pairs = new ArrayList<>(body.pairCount());
        for (int held = 0; held < body.pairCount(); held++) {
            SliverRoots roots = SliverRoots.allocate(geometry);
            SliverCheck check = SliverVerifier.verifyPair(
                    metadata, body.pairIndex(held), body.primary(held), body.secondary(held), roots);
            if (check != SliverCheck.ACCEPT) {
                return reasonOf(check);
            }
            pairs.add(new PairRecord(
                    metadata, body.pairIndex(held), body.primary(held), body.secondary(held), roots));
        }
        if (!allCrossingsAgree(pairs)) {
            return RefusalReason.WRONG_CROSSING;
        }
        verified.addAll(pairs);
        return null;
    }

    private static boolean allCrossingsAgree(List<PairRecord> pairs) {
        for (PairRecord row : pairs) {
            for (PairRecord column : pairs) {
                if (!SliverVerifier.crossingAgrees(row.pairIndex(), row.roots(), column.pairIndex(), column.roots())) {
                    return false;
                }
            }
        }
        return true;
    }

    private static RefusalReason reasonOf(SliverCheck check) {
        return switch (check) {
            case WRONG_ROW_ROOT -> RefusalReason.WRONG_PRIMARY;
            case WRONG_COLUMN_ROOT -> RefusalReason.WRONG_SECONDARY;
            case CROSSING_DIFFERS -> RefusalReason.WRONG_CROSSING;
            case ACCEPT, OUT_OF_RANGE, WRONG_LENGTH ->
                throw new IllegalStateException("index and lengths follow from the geometry, but got " + check);
        };
    }
}
