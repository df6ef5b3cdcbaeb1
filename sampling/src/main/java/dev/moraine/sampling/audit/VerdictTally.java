package dev.moraine.sampling.audit;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.AvailabilityVerdict;
import dev.moraine.proofs.certificate.AvailabilityVerdict.Outcome;
import dev.moraine.proofs.certificate.BlsSignature;
import dev.moraine.proofs.certificate.CertificateVerdict;
import dev.moraine.proofs.certificate.InvalidPointException;
import dev.moraine.proofs.certificate.SignatureAggregator;
import dev.moraine.proofs.certificate.SignedVerdict;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.sampling.read.BlameReport;
import dev.moraine.sampling.read.FaultKind;
import dev.moraine.sampling.read.MemberFault;
import dev.moraine.wire.message.VerdictAnswer;
import dev.moraine.wire.message.VerdictState;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts what members signed about a blob. A member counts once, with the first signature of its own that verifies;
 * whoever sends another is blamed and counts for nothing. For one thread.
 */
final class VerdictTally {
    private final Committee committee;
    private final BlobId blobId;
    private final Map<Outcome, Map<Integer, BlsSignature>> signatures = new EnumMap<>(Outcome.class);
    private final Map<Integer, MemberFault> faults = new TreeMap<>();
    private final Set<Integer> settled = new HashSet<>();

    /**
     * Nobody has signed.
     *
     * @param committee the members
     * @param blobId the blob
     */
    VerdictTally(Committee committee, BlobId blobId) {
        this.committee = committee;
        this.blobId = blobId;
        for (Outcome outcome : Outcome.values()) {
            signatures.put(outcome, new TreeMap<>());
        }
    }

    /**
     * Counts a reply.
     *
     * @param reply from a member
     * @return whether the member has nothing more to say
     */
    boolean add(VerdictRequest.Reply reply) {
        VerdictAnswer answer = reply.answer();
        FaultKind fault = reply.fault();
        if (fault != null) {
            faults.put(reply.member(), new MemberFault(reply.member(), fault, reply.detail()));
            if (fault.isLie()) {
                settled.add(reply.member());
            }
            return fault.isLie();
        }
        if (answer == null || answer.state() == VerdictState.NOT_YET) {
            faults.put(
                    reply.member(),
                    new MemberFault(reply.member(), FaultKind.NOT_HELD, "verdict: it has not read the whole blob"));
            return false;
        }
        settled.add(reply.member());
        Outcome outcome = answer.state() == VerdictState.WHOLE ? Outcome.WHOLE : Outcome.WRONG;
        BlsSignature signature = verified(reply.member(), outcome, answer.signature());
        if (signature == null) {
            faults.put(
                    reply.member(),
                    new MemberFault(
                            reply.member(), FaultKind.WRONG_VERDICT, "verdict: the signature does not verify"));
        } else {
            faults.remove(reply.member());
            of(outcome).put(reply.member(), signature);
        }
        return true;
    }

    private Map<Integer, BlsSignature> of(Outcome outcome) {
        return signatures.getOrDefault(outcome, Map.of());
    }

    private @Nullable BlsSignature verified(int member, Outcome outcome, byte[] encoded) {
        try {
            BlsSignature signature = BlsSignature.decode(encoded);
            boolean isGood = committee
                    .members()
                    .get(member)
                    .publicKey()
                    .verify(verdict(outcome).encode(), signature);
            return isGood ? signature : null;
        } catch (InvalidPointException e) {
            return null;
        }
    }

    private AvailabilityVerdict verdict(Outcome outcome) {
        return new AvailabilityVerdict(outcome, committee.deploymentId(), blobId);
    }

    private int weight(Outcome outcome) {
        return of(outcome).keySet().stream().mapToInt(committee::weight).sum();
    }

    private int requiredWeight() {
        return committee.geometry().faultTolerance() + 1;
    }

    private boolean isBinding(Outcome outcome) {
        return weight(outcome) >= requiredWeight();
    }

    /** Whether either verdict binds. */
    boolean isBinding() {
        return isBinding(Outcome.WHOLE) || isBinding(Outcome.WRONG);
    }

    /** Whether every member has had its say, and no verdict binds. */
    boolean isHopeless() {
        return settled.size() == committee.members().size();
    }

    /** How it stands. */
    AuditReport report() {
        SignedVerdict verdict = null;
        for (Outcome outcome : Outcome.values()) {
            if (isBinding(outcome)) {
                verdict = signed(outcome);
            }
        }
        AuditOutcome found = verdict == null
                ? AuditOutcome.NOT_YET
                : verdict.verdict().outcome() == Outcome.WHOLE ? AuditOutcome.WHOLE : AuditOutcome.WRONG;
        return new AuditReport(
                blobId,
                found,
                verdict,
                weight(Outcome.WHOLE),
                weight(Outcome.WRONG),
                requiredWeight(),
                new BlameReport(List.copyOf(faults.values())));
    }

    private @Nullable SignedVerdict signed(Outcome outcome) {
        Map<Integer, BlsSignature> signers = of(outcome);
        BlsSignature aggregate =
                SignatureAggregator.aggregate(new ArrayList<>(signers.values())).orElseThrow();
        SignedVerdict verdict = SignedVerdict.of(
                verdict(outcome), committee.members().size(), signers.keySet(), aggregate);
        return verdict.verify(committee) == CertificateVerdict.ACCEPT ? verdict : null;
    }
}
