package dev.moraine.node.storagenode;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.certificate.Bundle;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.proofs.certificate.Statement;
import dev.moraine.proofs.certificate.StatementRefusal;
import dev.moraine.proofs.certificate.StatementRules;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.storage.store.BundleRecord;
import dev.moraine.storage.store.SliverStore;
import dev.moraine.storage.store.StoreHealth;
import dev.moraine.wire.message.BundleOffer;
import dev.moraine.wire.message.EntryRefusal;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.message.RefusalReason;
import dev.moraine.wire.message.WireEntry;
import dev.moraine.wire.transport.PeerChannel;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * Decides on an offer before any body comes, cheap checks first (protocol, section 5). Nothing is charged or reserved
 * before the writer's signature is good. For one thread.
 */
final class BundleAdmission {
    private static final Logger LOGGER = System.getLogger(BundleAdmission.class.getName());

    private final Committee committee;
    private final HeldShards shards;
    private final SliverStore store;
    private final NodeLimits limits;
    private final UploadPace pace;
    private final MemoryBudget budget;
    private final EpochGate epochs;
    private final NanoClock nanoClock;
    private final StatementRules rules;
    private final Map<Digest, Writer> writers = new HashMap<>();

    /** A known writer. */
    private record Writer(WriterGrant grant, WriterQuota quota, WriterRate rate) {}

    /**
     * An admission with nothing charged.
     *
     * @param committee the committee
     * @param shards the shards of this node
     * @param store what is stored already
     * @param grants the writers that are known
     * @param quotas what each of them holds
     * @param limits what one bundle may cost
     * @param budget the memory for all bodies
     * @param epochs the current epoch
     * @param nanoClock times uploads
     */
    BundleAdmission(
            Committee committee,
            HeldShards shards,
            SliverStore store,
            Collection<WriterGrant> grants,
            WriterQuotas quotas,
            NodeLimits limits,
            MemoryBudget budget,
            EpochGate epochs,
            NanoClock nanoClock) {
        this.committee = committee;
        this.shards = shards;
        this.store = store;
        this.limits = limits;
        pace = new UploadPace(limits.uploadStallNs(), limits.leastUploadBytesPerSecond());
        this.budget = budget;
        this.epochs = epochs;
        this.nanoClock = nanoClock;
        rules = new StatementRules(committee);
        for (WriterGrant grant : grants) {
            Digest key = Digest.of(grant.key().encode());
            writers.put(
                    key,
                    new Writer(
                            grant,
                            quotas.of(key),
                            new WriterRate(grant.bytesPerSecond(), limits.maxBundleBytes(), nanoClock.nanoTime())));
        }
    }

    /**
     * Decides on an offer.
     *
     * @param from who offers
     * @param offer the offer
     * @return the decision; an admitted bundle holds memory and quota until it is released
     */
    AdmissionVerdict decide(PeerChannel from, BundleOffer offer) {
        if (store.health().state() != StoreHealth.State.OK) {
            return new AdmissionVerdict.Failed(FailureCode.DISK_FAILED, "the store failed, nothing is signed any more");
        }
        Writer writer = writers.get(Digest.of(offer.writerKey()));
        if (writer == null) {
            return new AdmissionVerdict.Failed(FailureCode.UNAUTHORISED, "the writer is not known here");
        }
        if (!epochs.isSignable(offer.epoch())) {
            return wrongEpoch(offer.epoch());
        }
        List<BundleEntry> entries = entriesOf(offer.entries());
        Statement statement = new Statement(
                committee.deploymentId(), offer.epoch(), entries.size(), Digest.of(offer.bundleRoot()));
        // The root of a full bundle costs more hashing than a signature: strangers do not get that far.
        if (!writer.grant.key().verify(statement.writeRight(), offer.writerSignature())) {
            return new AdmissionVerdict.Failed(
                    FailureCode.UNAUTHORISED, "the writer's signature is not good for this deployment and bundle");
        }
        AdmissionVerdict verdict = checkEntries(statement, entries, writer);
        if (verdict != null) {
            return verdict;
        }
        long bodyBytes = BundleUpload.memoryBytes(shards, entries, IntStream.range(0, entries.size()).boxed().toList());
        if (bodyBytes > limits.maxBundleBytes()) {
            return new AdmissionVerdict.Failed(
                    FailureCode.OVER_LIMIT,
                    "the bodies take " + bodyBytes + " bytes, at most " + limits.maxBundleBytes() + " are taken");
        }
        List<Integer> over = writer.quota.entriesOverQuota(entries, epochs.current());
        if (!over.isEmpty()) {
            return new AdmissionVerdict.Refused(all(over, RefusalReason.OVER_QUOTA));
        }
        // A full disk is no reason to refuse for good: expired blobs make room.
        if (!store.hasRoomFor(bodyBytes
                + BundleRecord.overheadBytes(committee.geometry(), entries.size(), shards.count()))) {
            return new AdmissionVerdict.NotNow();
        }
        return reserve(from, offer.requestId(), statement, new Bundle(entries), writer);
    }

    private @Nullable AdmissionVerdict checkEntries(Statement statement, List<BundleEntry> entries, Writer writer) {
        EntryRefusal[] refusals = new EntryRefusal[entries.size()];
        for (StatementRules.Refusal refusal : rules.check(statement, entries, epochs.nowMs())) {
            if (refusal.entry() == StatementRules.Refusal.WHOLE_BUNDLE) {
                return wholeBundle(statement, refusal.reason());
            }
            RefusalReason reason = refusal.reason() == StatementRefusal.DUPLICATE_BLOB
                    ? RefusalReason.DUPLICATE
                    : RefusalReason.WRONG_EXPIRY;
            refusals[refusal.entry()] = new EntryRefusal(refusal.entry(), reason);
        }
        for (int i = 0; i < refusals.length; i++) {
            if (refusals[i] == null && entries.get(i).lengthBytes() > limits.maxBlobBytes()) {
                refusals[i] = new EntryRefusal(i, RefusalReason.WRONG_LENGTH);
            } else if (refusals[i] == null && isKeptTooLong(entries.get(i), writer.grant)) {
                refusals[i] = new EntryRefusal(i, RefusalReason.WRONG_EXPIRY);
            } else if (refusals[i] == null && !writer.grant.covers(entries.get(i).namespace())) {
                refusals[i] = new EntryRefusal(i, RefusalReason.NAMESPACE_NOT_GRANTED);
            }
        }
        List<EntryRefusal> refused = Arrays.stream(refusals).filter(Objects::nonNull).toList();
        return refused.isEmpty() ? null : new AdmissionVerdict.Refused(refused);
    }

    private boolean isKeptTooLong(BundleEntry entry, WriterGrant grant) {
        return entry.expiryEpoch() - epochs.current() > grant.maxRetentionEpochs();
    }

    private AdmissionVerdict wrongEpoch(long epoch) {
        return new AdmissionVerdict.Failed(
                FailureCode.WRONG_EPOCH, "epoch " + epoch + " is not signed, now is " + epochs.current());
    }

    private AdmissionVerdict wholeBundle(Statement statement, StatementRefusal reason) {
        return switch (reason) {
            case EPOCH_NOT_SIGNABLE -> wrongEpoch(statement.epoch());
            case WRONG_ROOT ->
                new AdmissionVerdict.Failed(FailureCode.BAD_PROOF, "the entries do not give the bundle root");
            default -> new AdmissionVerdict.Failed(FailureCode.MALFORMED, "the statement is not signed: " + reason);
        };
    }

    private AdmissionVerdict reserve(
            PeerChannel from, long requestId, Statement statement, Bundle bundle, Writer writer) {
        List<BundleEntry> entries = bundle.entries();
        List<Integer> wanted = new ArrayList<>();
        List<Integer> otherLength = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            BundleEntry entry = entries.get(i);
            BlobMetadata stored = shards.isHeldBy(store, entry.blobId()) ? store.metadata(entry.blobId()) : null;
            if (stored == null) {
                wanted.add(i);
            } else if (stored.header().lengthBytes() != entry.lengthBytes()) {
                otherLength.add(i);
            }
        }
        if (!otherLength.isEmpty()) {
            return new AdmissionVerdict.Refused(all(otherLength, RefusalReason.WRONG_LENGTH));
        }
        long reservedBytes = BundleUpload.memoryBytes(shards, entries, wanted);
        if (!writer.rate.allows(reservedBytes, nanoClock.nanoTime())) {
            return new AdmissionVerdict.NotNow();
        }
        WriterQuota.@Nullable Charge charge = writer.quota.tryCharge(entries);
        if (charge == null) {
            return new AdmissionVerdict.NotNow();
        }
        if (!budget.tryReserve(reservedBytes)) {
            charge.drop();
            return new AdmissionVerdict.NotNow();
        }
        @Nullable BundleUpload upload = null;
        try {
            upload = new BundleUpload(budget, shards, entries, wanted, pace, nanoClock.nanoTime());
            writer.rate.take(reservedBytes);
            return new AdmissionVerdict.Admitted(
                    new AdmittedBundle(from, requestId, bundle, statement, wanted, upload, charge));
        } catch (OutOfMemoryError e) {
            giveBack(charge, upload, reservedBytes);
            LOGGER.log(Level.WARNING, "no memory for bodies of " + reservedBytes + " bytes, as budgeted", e);
            return new AdmissionVerdict.NotNow();
        } catch (RuntimeException | Error e) {
            giveBack(charge, upload, reservedBytes);
            throw e;
        }
    }

    private void giveBack(WriterQuota.Charge charge, @Nullable BundleUpload upload, long reservedBytes) {
        charge.drop();
        if (upload == null) {
            budget.release(reservedBytes);
        } else {
            upload.release();
        }
    }

    /**
     * Entries as they are hashed, from entries as they travel.
     *
     * @param travelled the entries of a message
     * @return the same entries
     */
    static List<BundleEntry> entriesOf(List<WireEntry> travelled) {
        List<BundleEntry> entries = new ArrayList<>(travelled.size());
        for (WireEntry entry : travelled) {
            entries.add(new BundleEntry(
                    BlobId.of(entry.blobId()),
                    Namespace.of(entry.namespace()),
                    entry.lengthBytes(),
                    entry.expiryEpoch()));
        }
        return entries;
    }

    private static List<EntryRefusal> all(List<Integer> entries, RefusalReason reason) {
        return entries.stream().map(entry -> new EntryRefusal(entry, reason)).toList();
    }
}
