package dev.moraine.sampling.read;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.sampling.scripted.Behaviour;
import dev.moraine.sampling.scripted.ScriptedBlob;
import dev.moraine.sampling.scripted.ScriptedCommittee;
import dev.moraine.sampling.scripted.Subsets;
import dev.moraine.testing.Seed;
import dev.moraine.wire.message.GetSliver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamedReadTest {
    private static final Duration PATIENT = Duration.ofSeconds(20);
    private static final Duration HASTY = Duration.ofMillis(15);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Random random = Seed.random("StreamedReadTest");

    /** Keeps what it is given, and checks its order. */
    private static final class Collected implements BlobSink {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private @Nullable BlobHeader header;

        @Override
        public void onHeader(BlobHeader given) {
            header = given;
        }

        @Override
        public void onBytes(long offset, MemorySegment given) {
            assertTrue(header != null && given.byteSize() > 0);
            assertEquals(bytes.size(), offset);
            bytes.writeBytes(given.toArray(ValueLayout.JAVA_BYTE));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 7, 10})
    void aStreamIsTheBlobWhicheverFMembersFail(int shards) throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, shards)) {
            int f = committee.committee().geometry().faultTolerance();
            for (Behaviour behaviour : Behaviour.values()) {
                try (SharedReader reader = reader(committee, HASTY)) {
                    int lengthBytes = 1 + random.nextInt(12_000);
                    ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, shards, lengthBytes));
                    committee.behave(Subsets.some(random, shards, f, 1).getFirst(), behaviour);
                    Collected sink = new Collected();
                    try (ReadResult result =
                            reader.stream(blob.id(), reader.committee().deadline(TIMEOUT), sink)) {
                        assertInstanceOf(ReadResult.Read.class, result, behaviour::toString);
                    }
                    assertArrayEquals(blob.bytes(), sink.bytes.toByteArray(), behaviour::toString);
                }
            }
        }
    }

    @Test
    void rowsAreHandedOnBeforeTheBlobIsThere() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, 4);
                SharedReader reader = reader(committee, PATIENT);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, 4, 12_200));
            int second = reader.committee().holderOf(blob.id(), 1);
            committee.behave(List.of(second), Behaviour.SILENT);
            AtomicInteger taken = new AtomicInteger();
            Future<ReadResult> reading = threads.submit(() -> reader.stream(
                    blob.id(), reader.committee().deadline(Duration.ofSeconds(2)), new BlobSink() {
                        @Override
                        public void onHeader(BlobHeader header) {}

                        @Override
                        public void onBytes(long offset, MemorySegment bytes) {
                            taken.addAndGet((int) bytes.byteSize());
                        }
                    }));
            while (taken.get() == 0 && !reading.isDone()) {
                Thread.onSpinWait();
            }
            assertEquals(blob.primary(0).length, taken.get());
            // Nobody is asked beside the silent holder before the patience is over, which is after the deadline.
            assertInstanceOf(ReadResult.Unavailable.class, reading.get());
        }
    }

    @Test
    void aWrongBlobIsCalledSoAtTheEnd() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, 4);
                SharedReader reader = reader(committee, PATIENT)) {
            ScriptedBlob padding = committee.hold(ScriptedBlob.withPadding(random, 4, 9_000));
            Collected sink = new Collected();
            ReadResult result = reader.stream(padding.id(), reader.committee().deadline(TIMEOUT), sink);
            assertInstanceOf(ReadResult.Inconsistent.class, result);
            // Its rows are what they are committed to.
            assertArrayEquals(padding.bytes(), sink.bytes.toByteArray());

            ScriptedBlob row = committee.hold(ScriptedBlob.withWrongSymbol(random, 4, 9_000, 0, 0));
            Collected nothing = new Collected();
            ReadResult wrongRow = reader.stream(row.id(), reader.committee().deadline(TIMEOUT), nothing);
            assertInstanceOf(ReadResult.Inconsistent.class, wrongRow);
            assertEquals(0, nothing.bytes.size());
        }
    }

    @Test
    void aSinkThatHasEnoughEndsTheReadAndNothingElse() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, 4);
                SharedReader reader = reader(committee, PATIENT)) {
            ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, 4, 9_000));
            Deadline deadline = reader.committee().deadline(TIMEOUT);
            IOException thrown = assertThrows(
                    IOException.class, () -> reader.stream(blob.id(), deadline, new BlobSink() {
                        @Override
                        public void onHeader(BlobHeader header) {}

                        @Override
                        public void onBytes(long offset, MemorySegment bytes) throws IOException {
                            throw new IOException("enough");
                        }
                    }));
            assertEquals("enough", thrown.getMessage());
            Collected sink = new Collected();
            reader.stream(blob.id(), deadline, sink).close();
            assertArrayEquals(blob.bytes(), sink.bytes.toByteArray());
        }
    }

    @Test
    void shortAndKeptBlobsComeAtOnce() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, 4);
                SharedReader reader = new SharedReader.Context()
                        .committee(committee.reader(PATIENT).conclude())
                        .streamFromBytes(5_000)
                        .conclude()) {
            for (int lengthBytes : new int[] {4_999, 5_000}) {
                ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, 4, lengthBytes));
                reader.read(blob.id(), reader.committee().deadline(TIMEOUT)).close();
                committee.behave(Behaviour.NOT_FOUND);
                AtomicInteger pieces = new AtomicInteger();
                try (ReadResult result = reader.stream(
                        blob.id(), reader.committee().deadline(TIMEOUT), new BlobSink() {
                            @Override
                            public void onHeader(BlobHeader header) {}

                            @Override
                            public void onBytes(long offset, MemorySegment bytes) {
                                pieces.incrementAndGet();
                            }
                        })) {
                    assertInstanceOf(ReadResult.Read.class, result);
                }
                assertEquals(1, pieces.get());
                committee.members().forEach(member -> assertEquals(List.of(), member.requests(GetSliver.class)));
                committee.behave(Behaviour.HONEST);
            }
        }
    }

    private static SharedReader reader(ScriptedCommittee committee, Duration hedgeDelay) {
        return new SharedReader.Context()
                .committee(committee.reader(hedgeDelay).conclude())
                .streamFromBytes(1)
                .conclude();
    }
}
