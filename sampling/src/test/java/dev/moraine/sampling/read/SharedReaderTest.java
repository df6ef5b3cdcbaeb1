package dev.moraine.sampling.read;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.proofs.certificate.AvailabilityVerdict.Outcome;
import dev.moraine.proofs.certificate.CertificateVerdict;
import dev.moraine.sampling.scripted.Behaviour;
import dev.moraine.sampling.scripted.ScriptedBlob;
import dev.moraine.sampling.scripted.ScriptedCommittee;
import dev.moraine.sampling.scripted.ScriptedMember;
import dev.moraine.testing.Seed;
import dev.moraine.wire.message.GetChunks;
import dev.moraine.wire.message.GetMetadata;
import dev.moraine.wire.message.GetSliver;
import dev.moraine.wire.message.Message;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class SharedReaderTest {
    private static final Duration PATIENT = Duration.ofSeconds(20);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int SHARDS = 4;
    private static final int SOURCE_ROWS = 2;
    private static final int LENGTH_BYTES = 12_200;

    private final Random random = Seed.random("SharedReaderTest");

    @Test
    void hundredsOfIdenticalReadsFetchTheBlobOnce() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, SHARDS);
                SharedReader reader = shared(committee).conclude()) {
            ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, SHARDS, LENGTH_BYTES));
            assertBytesOfAll(blob, together(400, () -> reader.read(blob.id(), deadline(committee))));
            assertEquals(SOURCE_ROWS, count(committee, GetSliver.class));
            assertEquals(1, count(committee, GetMetadata.class));
            assertEquals(LENGTH_BYTES, reader.keptBytes());
        }
    }

    @Test
    void identicalReadsFetchTheBlobOnceEvenIfNothingIsKept() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, SHARDS);
                SharedReader reader = shared(committee).cacheBytes(0).conclude()) {
            ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, SHARDS, LENGTH_BYTES));
            // No member answers before all readers wait.
            committee.behave(Behaviour.SILENT);
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Deadline shortOne = reader.committee().deadline(Duration.ofMillis(300));
                Future<ReadResult> first = threads.submit(() -> reader.read(blob.id(), shortOne));
                while (count(committee, GetMetadata.class) == 0) {
                    Thread.onSpinWait();
                }
                committee.members().forEach(member -> member.behave(GetMetadata.class, Behaviour.HONEST));
                committee.members().forEach(member -> member.behave(GetSliver.class, Behaviour.HONEST));
                List<ReadResult> others = together(50, () -> reader.read(blob.id(), deadline(committee)));
                assertInstanceOf(ReadResult.Unavailable.class, first.get());
                assertBytesOfAll(blob, others);
                assertEquals(0, reader.keptBytes());
            }
        }
    }

    @Test
    void hundredsOfIdenticalRangesFetchTheirRowsOnce() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, SHARDS);
                SharedReader reader = shared(committee).conclude()) {
            ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, SHARDS, LENGTH_BYTES));
            List<RangeResult> results = together(400, () -> reader.range(blob.id(), 10, 50, deadline(committee)));
            for (RangeResult result : results) {
                RangeResult.Proved proved = assertInstanceOf(RangeResult.Proved.class, result);
                assertTrue(proved.isUnchecked());
                assertEquals(50, proved.proof().bytes().length);
            }
            assertEquals(1, count(committee, GetChunks.class));
            assertEquals(1, count(committee, GetMetadata.class));
        }
    }

    @Test
    void aVerdictMakesRangesFinalThatAreKept() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, SHARDS);
                SharedReader reader = shared(committee).conclude()) {
            ScriptedBlob whole = committee.hold(ScriptedBlob.random(random, SHARDS, LENGTH_BYTES));
            ScriptedBlob wrong = committee.hold(ScriptedBlob.withPadding(random, SHARDS, LENGTH_BYTES));
            for (ScriptedBlob blob : List.of(whole, wrong)) {
                assertTrue(assertInstanceOf(
                                RangeResult.Proved.class, reader.range(blob.id(), 1, 2, deadline(committee)))
                        .isUnchecked());
            }
            // One signer may be lying; f + 1 = 2 are not all.
            assertEquals(
                    CertificateVerdict.TOO_LITTLE_WEIGHT,
                    reader.accept(committee.verdict(whole.id(), Outcome.WHOLE, List.of(3))));
            assertEquals(Optional.empty(), reader.outcome(whole.id()));
            assertEquals(
                    CertificateVerdict.ACCEPT,
                    reader.accept(committee.verdict(whole.id(), Outcome.WHOLE, List.of(0, 3))));
            assertEquals(
                    CertificateVerdict.ACCEPT,
                    reader.accept(committee.verdict(wrong.id(), Outcome.WRONG, List.of(1, 2))));
            assertFalse(assertInstanceOf(
                            RangeResult.Proved.class, reader.range(whole.id(), 1, 2, deadline(committee)))
                    .isUnchecked());
            assertInstanceOf(
                    RangeResult.Inconsistent.class, reader.range(wrong.id(), 1, 2, deadline(committee)));
            assertInstanceOf(ReadResult.Inconsistent.class, reader.read(wrong.id(), deadline(committee)));
            assertEquals(0, count(committee, GetSliver.class));
        }
    }

    @Test
    void whatIsKeptIsBoundedAndWhatCallersHoldStaysTheirs() throws Exception {
        int kept = 3;
        List<ScriptedBlob> blobs = new ArrayList<>();
        List<ReadResult> held = new ArrayList<>();
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, SHARDS);
                SharedReader reader =
                        shared(committee).cacheBytes((long) kept * LENGTH_BYTES).conclude()) {
            for (int i = 0; i < 6; i++) {
                blobs.add(committee.hold(ScriptedBlob.random(random, SHARDS, LENGTH_BYTES)));
                held.add(reader.read(blobs.get(i).id(), deadline(committee)));
                assertEquals((long) Math.min(i + 1, kept) * LENGTH_BYTES, reader.keptBytes());
            }
            int fetched = count(committee, GetSliver.class);
            reader.read(blobs.getLast().id(), deadline(committee)).close();
            assertEquals(fetched, count(committee, GetSliver.class));
            reader.read(blobs.getFirst().id(), deadline(committee)).close();
            assertEquals(fetched + SOURCE_ROWS, count(committee, GetSliver.class));
        }
        // The reader is closed, and so is everything that it kept.
        for (int i = 0; i < 6; i++) {
            assertBytesOfAll(blobs.get(i), List.of(held.get(i)));
        }
    }

    @Test
    void blobsThatNeedMoreThanTheBudgetAreReadOneByOne() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, SHARDS);
                SharedReader reader =
                        shared(committee).readBytes(1).cacheBytes(0).conclude()) {
            List<ScriptedBlob> blobs = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                blobs.add(committee.hold(ScriptedBlob.random(random, SHARDS, LENGTH_BYTES)));
            }
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<ReadResult>> results = new ArrayList<>();
                for (ScriptedBlob blob : blobs) {
                    results.add(threads.submit(() -> reader.read(blob.id(), deadline(committee))));
                }
                for (int i = 0; i < blobs.size(); i++) {
                    assertBytesOfAll(blobs.get(i), List.of(results.get(i).get()));
                }
            }
        }
    }

    @Test
    void nothingIsUnavailableForEver() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, SHARDS);
                SharedReader reader = shared(committee).conclude()) {
            ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, SHARDS, LENGTH_BYTES));
            committee.behave(Behaviour.NOT_FOUND);
            for (ReadResult result : together(20, () -> reader.read(blob.id(), deadline(committee)))) {
                assertInstanceOf(ReadResult.Unavailable.class, result);
            }
            committee.behave(Behaviour.HONEST);
            assertBytesOfAll(blob, List.of(reader.read(blob.id(), deadline(committee))));
        }
    }

    @Test
    void settingsOutOfRangeAreRefused() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, SHARDS)) {
            List<SharedReader.Context> wrong = List.of(
                    new SharedReader.Context(),
                    shared(committee).cacheBytes(-1),
                    shared(committee).metadataCacheBytes(-1),
                    shared(committee).rangeCacheBytes(-1),
                    shared(committee).readBytes(0),
                    shared(committee).streamFromBytes(0));
            for (SharedReader.Context context : wrong) {
                assertThrows(IllegalArgumentException.class, context::conclude);
            }
        }
    }

    private static SharedReader.Context shared(ScriptedCommittee committee) {
        return new SharedReader.Context().committee(committee.reader(PATIENT).conclude());
    }

    private static Deadline deadline(ScriptedCommittee committee) {
        return committee.reader(PATIENT).conclude().deadline(TIMEOUT);
    }

    private static <T> List<T> together(int callers, Callable<T> call) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<T> results = new ArrayList<>();
            for (Future<T> each : threads.invokeAll(Collections.nCopies(callers, call))) {
                results.add(each.get());
            }
            return results;
        }
    }

    private static void assertBytesOfAll(ScriptedBlob blob, List<ReadResult> results) {
        for (ReadResult result : results) {
            ReadResult.Read read = assertInstanceOf(ReadResult.Read.class, result, result::toString);
            assertArrayEquals(blob.bytes(), read.bytes().toArray(ValueLayout.JAVA_BYTE));
            read.close();
            assertThrows(IllegalStateException.class, read::share);
        }
    }

    private static int count(ScriptedCommittee committee, Class<? extends Message> type) {
        int count = 0;
        for (ScriptedMember member : committee.members()) {
            count += member.requests(type).size();
        }
        return count;
    }
}
