package dev.moraine.ingest.peers;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.blob.InvalidMetadataException;
import dev.moraine.proofs.certificate.Bundle;
import dev.moraine.proofs.certificate.Statement;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.committee.CommitteeMember;
import dev.moraine.proofs.committee.ShardAssignment;
import dev.moraine.proofs.proof.SliverCheck;
import dev.moraine.proofs.proof.SliverRoots;
import dev.moraine.proofs.proof.SliverVerifier;
import dev.moraine.wire.message.Part;
import dev.moraine.wire.message.SliverData;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The slivers of one bundle as they come to one node: every frame is checked, and every pair verified. */
public final class Delivery {
    private final Committee committee;
    private final CommitteeMember member;
    private final Bundle bundle;
    private final Statement statement;
    private final Behaviour behaviour;
    private final Set<Integer> missingEntries;
    private final Map<Integer, Entry> entries = new HashMap<>();

    Delivery(
            Committee committee,
            int index,
            Bundle bundle,
            Statement statement,
            Behaviour behaviour,
            List<Integer> wanted) {
        this.committee = committee;
        this.member = committee.members().get(index);
        this.bundle = bundle;
        this.statement = statement;
        this.behaviour = behaviour;
        this.missingEntries = new HashSet<>(wanted);
    }

    Behaviour behaviour() {
        return behaviour;
    }

    Statement statement() {
        return statement;
    }

    /** The offered bundle. */
    public Bundle bundle() {
        return bundle;
    }

    boolean isComplete() {
        return missingEntries.isEmpty();
    }

    /** Takes a frame; the answer is what is wrong with it, or null. */
    @Nullable String take(SliverData data) {
        if (!missingEntries.contains(data.entry())) {
            return "a sliver of entry " + data.entry() + ", which is not wanted";
        }
        Entry entry = entries.computeIfAbsent(data.entry(), Entry::new);
        String complaint = entry.take(data);
        if (complaint == null && entry.isComplete()) {
            missingEntries.remove(data.entry());
        }
        return complaint;
    }

    private final class Entry {
        private final BlobId id;
        private final Map<Integer, byte[]> primaries = new HashMap<>();
        private final Set<Integer> missingPairs = new HashSet<>();
        private final ByteArrayOutputStream part = new ByteArrayOutputStream();
        private @Nullable BlobMetadata metadata;

        Entry(int index) {
            id = bundle.entries().get(index).blobId();
            for (int i = 0; i < member.shardCount(); i++) {
                missingPairs.add(ShardAssignment.pairOfShard(
                        id, member.firstShard() + i, committee.geometry().shards()));
            }
        }

        boolean isComplete() {
            return missingPairs.isEmpty();
        }

        @Nullable String take(SliverData data) {
            if (data.offset() != part.size()) {
                return "offset " + data.offset() + " after " + part.size() + " bytes";
            }
            if (!missingPairs.contains(data.pairIndex())) {
                return "pair " + data.pairIndex() + " does not belong to the node, or came already";
            }
            part.writeBytes(data.data().toArray(ValueLayout.JAVA_BYTE));
            if (!data.isLast()) {
                return null;
            }
            byte[] whole = part.toByteArray();
            part.reset();
            return whole.length == data.totalBytes() ? takeWhole(data.part(), data.pairIndex(), whole) : "wrong total";
        }

        private @Nullable String takeWhole(Part which, int pairIndex, byte[] whole) {
            if (which == Part.METADATA) {
                return takeMetadata(whole);
            }
            if (metadata == null) {
                return "a sliver before the metadata";
            }
            if (which == Part.PRIMARY) {
                return primaries.put(pairIndex, whole) == null ? null : "a primary sliver twice";
            }
            byte[] primary = primaries.remove(pairIndex);
            if (primary == null) {
                return "a secondary sliver before its primary";
            }
            missingPairs.remove(pairIndex);
            SliverCheck check = SliverVerifier.verifyPair(
                    metadata,
                    pairIndex,
                    MemorySegment.ofArray(primary),
                    MemorySegment.ofArray(whole),
                    SliverRoots.allocate(committee.geometry()));
            return check == SliverCheck.ACCEPT ? null : "pair " + pairIndex + ": " + check;
        }

        private @Nullable String takeMetadata(byte[] whole) {
            if (metadata != null) {
                return "metadata twice";
            }
            try {
                metadata = BlobMetadata.decode(whole, committee.geometry());
            } catch (InvalidMetadataException e) {
                return e.getMessage();
            }
            return metadata.id().equals(id) ? null : "metadata of another blob";
        }
    }
}
