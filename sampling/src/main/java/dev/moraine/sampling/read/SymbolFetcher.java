package dev.moraine.sampling.read;

import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.proofs.proof.ProofVerdict;
import dev.moraine.proofs.proof.SymbolProof;
import dev.moraine.proofs.proof.SymbolVerifier;
import dev.moraine.wire.message.Coordinate;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.message.MessageLimits;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks for symbols of one blob, each from the holder of its row or its column, many at a time. Questions can be added
 * as replies come in; every question gets one reply, unless the fetcher is closed before.
 *
 * <p>Used by one thread. It is closed before its deadline or after.
 */
public final class SymbolFetcher implements AutoCloseable {
    /** How many bytes of proofs are asked of a member in one request, at the most, unless one proof is longer. */
    public static final int MAX_BATCH_BYTES = 1 << 20;

    /** How many requests to a member run at the same time. */
    public static final int MAX_RUNNING_PER_MEMBER = 4;

    private record Lane(int member, Axis axis) {}

    private record Retry(SymbolsRequest request, long atNs) {}

    private final CommitteeReader committee;
    private final BlobHeader header;
    private final BlobId blobId;
    private final SymbolVerifier verifier;
    private final Deadline deadline;
    private final BlameLog blame = new BlameLog();
    private final BlockingQueue<MemberRequest> inbox = new LinkedBlockingQueue<>();
    private final Map<Lane, Deque<Coordinate>> queued = new LinkedHashMap<>();
    private final Set<SymbolsRequest> running = new HashSet<>();
    private final int[] runningOfMember;
    private final List<Retry> retries = new ArrayList<>();
    private final Deque<SymbolReply> replies = new ArrayDeque<>();

    /**
     * Nothing is asked yet.
     *
     * @param committee whom to ask
     * @param header the header of the blob, valid in this deployment
     * @param deadline when to stop waiting
     */
    public SymbolFetcher(CommitteeReader committee, BlobHeader header, Deadline deadline) {
        this.committee = committee;
        this.header = header;
        this.blobId = header.id();
        this.verifier = new SymbolVerifier(header, blobId);
        this.deadline = deadline;
        this.runningOfMember = new int[committee.memberCount()];
    }

    /**
     * Adds a question; it goes out with the next {@link #poll}.
     *
     * @param coordinate the symbol
     * @param axis whose holder to ask: that of the symbol's row, or of its column
     * @throws IndexOutOfBoundsException if the blob has no such symbol
     */
    public void ask(Coordinate coordinate, Axis axis) {
        Objects.checkIndex(coordinate.row(), header.shards());
        Objects.checkIndex(coordinate.column(), header.shards());
        int member = committee.holderOf(blobId, axis == Axis.ROW ? coordinate.row() : coordinate.column());
        queued.computeIfAbsent(new Lane(member, axis), _ -> new ArrayDeque<>()).add(coordinate);
    }

    /**
     * Sends what is asked, and waits for a reply.
     *
     * @param timeoutNs how long to wait at the most, in nanoseconds
     * @return the next reply, or null if none came in time or none is to come
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public @Nullable SymbolReply poll(long timeoutNs) throws InterruptedException {
        Deadline patience = deadline.within(timeoutNs);
        while (true) {
            SymbolReply reply = replies.poll();
            if (reply != null) {
                return reply;
            }
            long nowNs = deadline.elapsedNs();
            long retryNs = repeatDue(nowNs);
            sendQueued();
            if (isIdle()) {
                return null;
            }
            long waitNs = Math.max(0, Math.min(patience.remainingNs(), retryNs - nowNs));
            MemberRequest ended = inbox.poll(waitNs, TimeUnit.NANOSECONDS);
            if (ended != null) {
                settle((SymbolsRequest) ended);
            } else if (patience.hasPassed()) {
                return null;
            }
        }
    }

    /**
     * Whether every question has got its reply, and every reply was taken.
     *
     * @return true if {@link #poll} would not wait
     */
    public boolean isIdle() {
        return running.isEmpty() && retries.isEmpty() && replies.isEmpty() && queued.isEmpty();
    }

    /**
     * Who failed so far, members that are late with an answer included.
     *
     * @return the report
     */
    public BlameReport blame() {
        BlameLog all = new BlameLog();
        all.addAll(blame.report());
        for (SymbolsRequest request : running) {
            if (deadline.hasPassed() || deadline.elapsedNs() >= request.lateNs()) {
                all.add(request.member(), FaultKind.NO_ANSWER, request.subject() + ": still waiting");
            }
        }
        return all.report();
    }

    /** Gives up on all questions. */
    @Override
    public void close() {
        running.forEach(MemberRequest::abandon);
        running.clear();
        retries.clear();
        queued.clear();
    }

    private void settle(SymbolsRequest request) {
        running.remove(request);
        runningOfMember[request.member()]--;
        FaultKind fault = request.fault();
        if (fault == null) {
            for (int i = 0; i < request.coordinates().size(); i++) {
                replies.add(new SymbolReply(request.coordinates().get(i), request.axis(), verified(request, i)));
            }
            return;
        }
        blame.add(request.member(), fault, request.detail());
        long delayNs = Candidates.retryDelayNs(request, request.attempt());
        if (delayNs < Long.MAX_VALUE) {
            retries.add(new Retry(request, deadline.elapsedNs() + delayNs));
            return;
        }
        for (Coordinate coordinate : request.coordinates()) {
            replies.add(new SymbolReply(coordinate, request.axis(), null));
        }
    }

    private @Nullable SymbolProof verified(SymbolsRequest request, int index) {
        Coordinate coordinate = request.coordinates().get(index);
        int row = coordinate.row();
        int column = coordinate.column();
        String subject = "symbol (" + row + ", " + column + ") by " + request.axis();
        byte[] bytes = request.proof(index);
        if (bytes == null) {
            FailureCode failure = request.failure(index);
            FaultKind kind = failure == null ? FaultKind.MALFORMED : MemberRequest.kindOf(failure);
            blame.add(request.member(), kind, subject + ": " + failure);
            return null;
        }
        ProofVerdict verdict = verifier.verify(bytes, 0, bytes.length, row, column, request.axis());
        if (verdict != ProofVerdict.ACCEPT) {
            blame.add(request.member(), FaultKind.WRONG_PROOF, subject + ": " + verdict);
            return null;
        }
        return SymbolProof.decode(bytes, header, row, column, request.axis());
    }

    /** Sends again what is due, and says when the next is. */
    private long repeatDue(long nowNs) {
        long nextNs = Long.MAX_VALUE;
        for (Retry retry : List.copyOf(retries)) {
            if (retry.atNs <= nowNs) {
                retries.remove(retry);
                SymbolsRequest failed = retry.request;
                send(failed.member(), failed.axis(), failed.coordinates(), failed.attempt() + 1);
            } else {
                nextNs = Math.min(nextNs, retry.atNs);
            }
        }
        return nextNs;
    }

    private void sendQueued() {
        queued.forEach((lane, coordinates) -> {
            while (!coordinates.isEmpty() && runningOfMember[lane.member] < MAX_RUNNING_PER_MEMBER) {
                send(lane.member, lane.axis, takeBatch(coordinates, lane.axis), 1);
            }
        });
        queued.values().removeIf(Deque::isEmpty);
    }

    private List<Coordinate> takeBatch(Deque<Coordinate> coordinates, Axis axis) {
        List<Coordinate> batch = new ArrayList<>();
        long batchBytes = 0;
        while (!coordinates.isEmpty() && batch.size() < MessageLimits.MAX_COORDINATES) {
            Coordinate next = coordinates.peek();
            batchBytes += SymbolProof.encodedBytes(header, next.row(), next.column(), axis);
            if (!batch.isEmpty() && batchBytes > MAX_BATCH_BYTES) {
                break;
            }
            batch.add(coordinates.remove());
        }
        return batch;
    }

    private void send(int member, Axis axis, List<Coordinate> coordinates, int attempt) {
        int maxProofBytes = 0;
        long batchBytes = 0;
        for (Coordinate coordinate : coordinates) {
            int proofBytes = SymbolProof.encodedBytes(header, coordinate.row(), coordinate.column(), axis);
            maxProofBytes = Math.max(maxProofBytes, proofBytes);
            batchBytes += proofBytes;
        }
        long lateNs = deadline.elapsedNs() + committee.patienceNs(batchBytes);
        SymbolsRequest request =
                new SymbolsRequest(inbox, member, blobId, axis, coordinates, maxProofBytes, attempt, lateNs);
        running.add(request);
        runningOfMember[member]++;
        committee.send(request, deadline.remainingNs());
    }
}
