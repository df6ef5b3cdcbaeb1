package dev.moraine.sampling.dispute;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.proofs.certificate.AvailabilityVerdict.Outcome;
import dev.moraine.proofs.certificate.CertificateVerdict;
import dev.moraine.proofs.certificate.SignedVerdict;
import dev.moraine.proofs.proof.ProofVerdict;
import dev.moraine.sampling.read.Answer;
import dev.moraine.sampling.read.BlameReport;
import dev.moraine.sampling.read.Deadline;
import dev.moraine.sampling.read.SharedReader;
import dev.moraine.sampling.scripted.Behaviour;
import dev.moraine.sampling.scripted.ScriptedBlob;
import dev.moraine.sampling.scripted.ScriptedCommittee;
import dev.moraine.sampling.scripted.Subsets;
import dev.moraine.testing.Seed;
import dev.moraine.wire.message.GetCertificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DisputeFetchTest {
    private static final Duration HASTY = Duration.ofMillis(15);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int SHARDS = 7;
    private static final int LENGTH_BYTES = 9_000;

    private final Random random = Seed.random("DisputeFetchTest");

    @Test
    void evidenceIsCompleteWhicheverFMembersFailOrLie() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, SHARDS)) {
            for (Behaviour behaviour : Behaviour.values()) {
                ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, SHARDS, LENGTH_BYTES));
                committee.certify(blob.id(), LENGTH_BYTES);
                committee.behave(Subsets.some(random, SHARDS, 2, 1).getFirst(), behaviour);
                SignedVerdict whole = committee.verdict(blob.id(), Outcome.WHOLE, List.of(0, 3, 6));
                int offset = random.nextInt(LENGTH_BYTES - 3_000);
                DisputeResult.Evidence evidence = assertInstanceOf(
                        DisputeResult.Evidence.class,
                        fetch(committee, whole, blob, offset, 3_000),
                        behaviour::toString);
                assertEquals(CertificateVerdict.ACCEPT, evidence.certificate().verify(committee.committee()));
                assertEquals(CertificateVerdict.ACCEPT, evidence.verdict().verify(committee.committee()));
                assertEquals(
                        ProofVerdict.ACCEPT,
                        evidence.range().verify(committee.committee().geometry(), blob.id(), offset, 3_000));
                assertArrayEquals(
                        Arrays.copyOfRange(blob.bytes(), offset, offset + 3_000),
                        evidence.range().bytes());
            }
        }
    }

    @Test
    void whatIsMissingIsNamed() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, SHARDS)) {
            ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, SHARDS, LENGTH_BYTES));
            ScriptedBlob other = committee.hold(ScriptedBlob.random(random, SHARDS, LENGTH_BYTES));
            committee.certify(blob.id(), LENGTH_BYTES);
            SignedVerdict whole = committee.verdict(blob.id(), Outcome.WHOLE, List.of(0, 3, 6));
            List<@Nullable SignedVerdict> useless = Arrays.asList(
                    null,
                    committee.verdict(blob.id(), Outcome.WHOLE, List.of(0, 3)),
                    committee.verdict(other.id(), Outcome.WHOLE, List.of(0, 3, 6)));
            for (SignedVerdict verdict : useless) {
                assertMissing(List.of("a verdict of enough weight"), fetch(committee, verdict, blob, 0, 10));
            }
            committee.members().forEach(member -> member.behave(GetCertificate.class, Behaviour.NOT_FOUND));
            assertMissing(List.of("the certificate"), fetch(committee, whole, blob, 0, 10));
            committee.behave(Behaviour.NOT_FOUND);
            DisputeResult nothing = fetch(committee, whole, blob, 0, 10);
            assertMissing(List.of("the certificate", "the range"), nothing);
            assertEquals(SHARDS, nothing.blame().members().size());
        }
    }

    @Test
    void aBlobWithAWrongVerdictCountsAsEmpty() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, SHARDS)) {
            ScriptedBlob blob = committee.hold(ScriptedBlob.withPadding(random, SHARDS, LENGTH_BYTES));
            committee.certify(blob.id(), LENGTH_BYTES);
            SignedVerdict wrong = committee.verdict(blob.id(), Outcome.WRONG, List.of(1, 2, 4));
            DisputeResult.CountsAsEmpty empty = assertInstanceOf(
                    DisputeResult.CountsAsEmpty.class, fetch(committee, wrong, blob, 0, 10));
            assertEquals(Outcome.WRONG, empty.verdict().verdict().outcome());
        }
    }

    @Test
    void rangesOutOfBoundsAreRefused() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, SHARDS)) {
            ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, SHARDS, LENGTH_BYTES));
            committee.certify(blob.id(), LENGTH_BYTES);
            IllegalArgumentException beyond = assertThrows(
                    IllegalArgumentException.class, () -> fetch(committee, null, blob, LENGTH_BYTES - 1, 2));
            assertTrue(String.valueOf(beyond.getMessage()).contains(Integer.toString(LENGTH_BYTES)));
            assertThrows(IllegalArgumentException.class, () -> fetch(committee, null, blob, -1, 2));
            assertThrows(IllegalArgumentException.class, () -> fetch(committee, null, blob, 0, 0));
        }
    }

    private static DisputeResult fetch(
            ScriptedCommittee committee, @Nullable SignedVerdict verdict, ScriptedBlob blob, long offset, int length)
            throws InterruptedException {
        try (SharedReader reader = new SharedReader.Context()
                .committee(committee.reader(HASTY).conclude())
                .conclude()) {
            DisputeFetch fetch = new DisputeFetch(
                    reader, (_, _) -> new Answer<>(Optional.ofNullable(verdict), BlameReport.NONE));
            Deadline deadline = reader.committee().deadline(TIMEOUT);
            return fetch.fetch(blob.id(), offset, length, deadline);
        }
    }

    private static void assertMissing(List<String> missing, DisputeResult result) {
        assertEquals(
                missing, assertInstanceOf(DisputeResult.Incomplete.class, result).missing());
    }
}
