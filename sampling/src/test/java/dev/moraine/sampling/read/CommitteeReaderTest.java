package dev.moraine.sampling.read;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.proofs.proof.ChunkProof;
import dev.moraine.proofs.proof.ChunkRun;
import dev.moraine.proofs.proof.SymbolProof;
import dev.moraine.sampling.scripted.Behaviour;
import dev.moraine.sampling.scripted.ScriptedBlob;
import dev.moraine.sampling.scripted.ScriptedCommittee;
import dev.moraine.testing.Seed;
import dev.moraine.wire.message.Coordinate;
import dev.moraine.wire.message.GetSymbols;
import dev.moraine.wire.message.Part;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CommitteeReaderTest {
    private static final Duration PATIENT = Duration.ofSeconds(20);
    private static final Duration HASTY = Duration.ofMillis(15);
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final Random random = Seed.random("CommitteeReaderTest");

    @Test
    void aCertificateComesFromAnyMemberAndVerifies() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, 4);
                ScriptedCommittee strangers = ScriptedCommittee.ofShards(random, 4)) {
            CommitteeReader reader = committee.reader(PATIENT).conclude();
            ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, 4, 1_000));
            assertEquals(Optional.empty(), reader.certificate(blob.id(), reader.deadline(TIMEOUT)).value());
            BlobCertificate certificate = committee.certify(blob.id(), 1_000);
            for (int honest = 0; honest < 4; honest++) {
                committee.behave(Behaviour.WRONG_TYPE);
                committee.member(honest).behave(Behaviour.HONEST);
                Answer<BlobCertificate> answer = reader.certificate(blob.id(), reader.deadline(TIMEOUT));
                assertEquals(Optional.of(certificate), answer.value());
                assertTrue(!answer.blame().liars().contains(honest), answer.blame()::toString);
            }
            // Four strangers sign what these four did not.
            committee.behave(Behaviour.HONEST);
            CommitteeReader misled = new CommitteeReader.Context()
                    .committee(strangers.committee())
                    .peers(committee.peers())
                    .conclude();
            Answer<BlobCertificate> foreign = misled.certificate(blob.id(), reader.deadline(TIMEOUT));
            assertEquals(Optional.empty(), foreign.value());
            assertEquals(Set.of(0, 1, 2, 3), foreign.blame().liars());
            assertEquals(Set.of(FaultKind.WRONG_CERTIFICATE), foreign.blame().counts().keySet());
        }
    }

    @Test
    void metadataComesWithinTwoHedgeDelaysOfASilentMember() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, 4)) {
            CommitteeReader reader = committee.reader(HASTY).conclude();
            ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, 4, 1_000));
            committee.behave(Behaviour.SILENT);
            committee.member((reader.holderOf(blob.id(), 0) + 3) % 4).behave(Behaviour.HONEST);
            var answer = reader.metadata(blob.id(), reader.deadline(TIMEOUT));
            assertEquals(Optional.of(blob.metadata()), answer.value());
            assertEquals(3, answer.blame().members().size());
        }
    }

    @Test
    void everySliverComesFromItsHolderAndMatchesItsRoot() throws Exception {
        try (ScriptedCommittee committee = new ScriptedCommittee(random, 2, 1, 2, 2)) {
            CommitteeReader reader = committee.reader(PATIENT).conclude();
            ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, 7, 5_000));
            for (int pair = 0; pair < 7; pair++) {
                try (Sliver primary = sliver(reader, blob, pair, Part.PRIMARY).value().orElseThrow();
                        Sliver secondary = sliver(reader, blob, pair, Part.SECONDARY).value().orElseThrow()) {
                    assertArrayEquals(blob.primary(pair), primary.bytes().toArray(ValueLayout.JAVA_BYTE));
                    assertArrayEquals(blob.secondary(pair), secondary.bytes().toArray(ValueLayout.JAVA_BYTE));
                }
            }
            for (Behaviour behaviour : Behaviour.values()) {
                if (behaviour == Behaviour.SILENT) {
                    continue;
                }
                int holder = reader.holderOf(blob.id(), 3);
                committee.behave(List.of(holder), behaviour);
                Answer<Sliver> answer = sliver(reader, blob, 3, Part.PRIMARY);
                boolean isGood = behaviour == Behaviour.HONEST
                        || behaviour == Behaviour.TALKATIVE
                        || behaviour == Behaviour.BUSY_AT_TIMES;
                assertEquals(isGood, answer.value().isPresent(), behaviour::toString);
                assertEquals(behaviour.isLie() ? Set.of(holder) : Set.of(), answer.blame().liars());
                answer.value().ifPresent(Sliver::close);
            }
            assertThrows(IndexOutOfBoundsException.class, () -> sliver(reader, blob, 7, Part.PRIMARY));
            assertThrows(IndexOutOfBoundsException.class, () -> sliver(reader, blob, -1, Part.PRIMARY));
            assertThrows(IllegalArgumentException.class, () -> sliver(reader, blob, 0, Part.METADATA));
        }
    }

    @Test
    void symbolsAreProvedByEitherHolder() throws Exception {
        try (ScriptedCommittee committee = new ScriptedCommittee(random, 2, 1, 2, 2)) {
            CommitteeReader reader = committee.reader(PATIENT).conclude();
            ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, 7, 5_000));
            Set<Coordinate> all = new HashSet<>();
            for (int i = 0; i < 49; i++) {
                all.add(new Coordinate(i / 7, i % 7));
            }
            for (Axis axis : Axis.values()) {
                Answer<Map<Coordinate, SymbolProof>> answer =
                        reader.symbols(blob.metadata().header(), axis, all, reader.deadline(TIMEOUT));
                assertEquals(List.of(), answer.blame().faults());
                Map<Coordinate, SymbolProof> proofs = answer.value().orElseThrow();
                assertEquals(all, proofs.keySet());
                proofs.forEach((at, proof) -> assertEquals(
                        SymbolProof.of(blob.commitment(), blob.matrixBytes(), at.row(), at.column(), axis), proof));
            }
        }
    }

    @Test
    void aLyingHolderLosesItsOwnSymbolsOnly() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, 4)) {
            CommitteeReader reader = committee.reader(PATIENT).conclude();
            ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, 4, 2_000));
            Set<Coordinate> all = new HashSet<>();
            for (int i = 0; i < 16; i++) {
                all.add(new Coordinate(i / 4, i % 4));
            }
            for (Behaviour behaviour : Behaviour.values()) {
                if (!behaviour.isLie() && behaviour != Behaviour.NOT_FOUND) {
                    continue;
                }
                int column = random.nextInt(4);
                int holder = reader.holderOf(blob.id(), column);
                committee.behave(List.of(holder), behaviour);
                Answer<Map<Coordinate, SymbolProof>> answer =
                        reader.symbols(blob.metadata().header(), Axis.COLUMN, all, reader.deadline(TIMEOUT));
                Set<Coordinate> wanted = new HashSet<>(all);
                if (behaviour == Behaviour.CORRUPT) {
                    // One bit of every proof is wrong.
                    assertEquals(4, answer.blame().faults().size());
                }
                wanted.removeIf(each -> each.column() == column);
                assertEquals(wanted, answer.value().orElseThrow().keySet(), behaviour::toString);
                assertEquals(behaviour.isLie() ? Set.of(holder) : Set.of(), answer.blame().liars());
            }
        }
    }

    @Test
    void symbolsAreAskedForInBatchesThatFitAnAnswer() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, 4)) {
            CommitteeReader reader = committee.reader(PATIENT).conclude();
            // Symbols of 350,016 bytes: two proofs pass a batch of 1 MiB, three do not.
            ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, 4, 2_100_000));
            List<Coordinate> row = new ArrayList<>();
            for (int column = 0; column < 4; column++) {
                row.add(new Coordinate(1, column));
            }
            Answer<Map<Coordinate, SymbolProof>> answer =
                    reader.symbols(blob.metadata().header(), Axis.ROW, row, reader.deadline(TIMEOUT));
            assertEquals(4, answer.value().orElseThrow().size());
            List<Integer> batches = committee
                    .member(reader.holderOf(blob.id(), 1))
                    .requests(GetSymbols.class)
                    .stream()
                    .map(get -> get.coordinates().size())
                    .toList();
            assertEquals(List.of(2, 2), batches);
        }
    }

    @Test
    void chunksComeFromTheHolderOfTheRowOrNotAtAll() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, 4)) {
            CommitteeReader reader = committee.reader(PATIENT).conclude();
            ScriptedBlob blob = committee.hold(ScriptedBlob.random(random, 4, 20_000));
            ChunkRun run = new ChunkRun(1, 2, 1, 3);
            Answer<List<ChunkProof>> answer =
                    reader.chunks(blob.metadata().header(), run, reader.deadline(TIMEOUT));
            assertEquals(Optional.of(ChunkProof.of(blob.commitment(), blob.matrixBytes(), run)), answer.value());
            int holder = reader.holderOf(blob.id(), 1);
            for (Behaviour behaviour : Behaviour.values()) {
                if (behaviour.isLie()) {
                    committee.behave(List.of(holder), behaviour);
                    Answer<List<ChunkProof>> lie =
                            reader.chunks(blob.metadata().header(), run, reader.deadline(TIMEOUT));
                    assertEquals(Optional.empty(), lie.value(), behaviour::toString);
                    assertEquals(Set.of(holder), lie.blame().liars(), behaviour::toString);
                }
            }
        }
    }

    @Test
    void settingsOutOfRangeAreRefused() throws Exception {
        try (ScriptedCommittee committee = ScriptedCommittee.ofShards(random, 4)) {
            committee.reader(Duration.ofDays(1)).maxBlobBytes(Geometry.MAX_BLOB_BYTES).conclude();
            List<CommitteeReader.Context> wrong = List.of(
                    new CommitteeReader.Context(),
                    new CommitteeReader.Context().committee(committee.committee()),
                    committee.reader(PATIENT).peers(committee.peers().subList(0, 3)),
                    committee.reader(Duration.ZERO),
                    committee.reader(Duration.ofDays(1).plusNanos(1)),
                    committee.reader(PATIENT).hedgeBytesPerSecond(0),
                    committee.reader(PATIENT).maxBlobBytes(0),
                    committee.reader(PATIENT).maxBlobBytes(Geometry.MAX_BLOB_BYTES + 1),
                    committee.reader(PATIENT).maxRangeBytes(0));
            for (CommitteeReader.Context context : wrong) {
                assertThrows(IllegalArgumentException.class, context::conclude);
            }
        }
    }

    private static Answer<Sliver> sliver(CommitteeReader reader, ScriptedBlob blob, int pair, Part part)
            throws InterruptedException {
        return reader.sliver(blob.metadata(), pair, part, reader.deadline(TIMEOUT));
    }
}
