package dev.moraine.storage.store;

import dev.moraine.proofs.hash.Digest;
import dev.moraine.storage.disk.Disk;
import dev.moraine.storage.disk.FileDisk;
import dev.moraine.storage.disk.FolderInUseException;
import dev.moraine.storage.index.IndexFile;
import dev.moraine.storage.segment.DamagedRange;
import dev.moraine.storage.segment.LogRecovery;
import dev.moraine.storage.segment.SegmentDescriptor;
import dev.moraine.storage.segment.SegmentFolder;
import dev.moraine.storage.segment.SegmentHeader;
import dev.moraine.storage.store.StoreException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.agrona.concurrent.NanoClock;

/** Works on the folder of a store that no process has open, for people who look after nodes. */
public final class StoreTool {
    private static final int IDLE_ROUNDS_TO_END = 8;

    private final Path folder;

    /**
     * What is in a folder.
     *
     * @param deploymentId whose slivers these are
     * @param segments its segments
     * @param indexBytes length of the index, 0 if there is none
     */
    public record Description(Digest deploymentId, List<SegmentFolder.Summary> segments, long indexBytes) {}

    /**
     * What a full check found.
     *
     * @param health the store, after everything was read
     * @param readBytes length of all records that were read
     * @param tornRecords how many records a crash had torn
     * @param damagedRanges places that hold no record any more; the first of them
     */
    public record Verification(
            StoreHealth health, long readBytes, long tornRecords, List<DamagedRange> damagedRanges) {
        /**
         * Whether nothing is wrong.
         *
         * @return true if nothing was quarantined
         */
        public boolean isWhole() {
            return health.quarantined() == 0;
        }
    }

    /**
     * Prepares for a folder.
     *
     * @param folder the folder of a store
     * @throws IllegalArgumentException if there is no such folder
     */
    public StoreTool(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException("there is no folder " + folder);
        }
        this.folder = folder;
    }

    /** Opens and locks the folder, but only of a store: it takes other users' rights away. */
    private Disk open() throws IOException, StoreException {
        try (Stream<Path> files = Files.list(folder)) {
            if (files.map(Path::getFileName)
                    .noneMatch(name -> name != null
                            && SegmentDescriptor.segmentIdOf(name.toString()).isPresent())) {
                throw new StoreException(
                        Reason.CANNOT_OPEN, "the folder " + folder + " holds no segment of a store", null);
            }
        }
        return FileDisk.open(folder);
    }

    /**
     * Goes through the headers of all records, and changes nothing.
     *
     * @param progress is told how many segments were looked at
     * @return what there is
     * @throws StoreException if the folder is in use, is none of a store, or cannot be read
     */
    public Description describe(LongConsumer progress) throws StoreException {
        try (Disk disk = open()) {
            List<SegmentFolder.Summary> summaries = new ArrayList<>();
            for (long id : SegmentFolder.ids(disk)) {
                summaries.add(SegmentFolder.summary(disk, header(disk, id)));
                progress.accept(summaries.size());
            }
            Path index = folder.resolve(IndexFile.NAME);
            return new Description(
                    summaries.getFirst().header().deploymentId(),
                    summaries,
                    Files.exists(index) ? Files.size(index) : 0);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private SegmentHeader header(Disk disk, long segmentId) throws IOException, StoreException {
        SegmentHeader header = SegmentFolder.header(disk, segmentId);
        if (header == null) {
            throw new StoreException(
                    Reason.DAMAGED_SEGMENT, "segment " + segmentId + " of " + folder + " has no whole header", null);
        }
        return header;
    }

    private StoreException unreadable(IOException e) {
        return new StoreException(
                e instanceof FolderInUseException ? Reason.FOLDER_IN_USE : Reason.CANNOT_OPEN,
                e instanceof FolderInUseException
                        ? String.valueOf(e.getMessage())
                        : "the folder " + folder + " cannot be read: " + e,
                e);
    }

    private StoreContext context() throws StoreException {
        try (Disk disk = open()) {
            SegmentHeader first = header(disk, SegmentFolder.ids(disk).getFirst());
            return new StoreContext().folder(folder).deploymentId(first.deploymentId()).reserveBytes(0);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /**
     * Recovers the store as a start of its node would, reads every record, and hashes every sliver up to its root.
     *
     * @param progress is told how many bytes were read
     * @return what was found
     * @throws StoreException if the store cannot be opened
     */
    public Verification verify(LongConsumer progress) throws StoreException {
        try (SliverStore store = SliverStore.open(context().usesIndex(false))) {
            Scrubber scrubber = store.newScrubber();
            while (scrubber.rounds() == 0) {
                scrubber.step();
                progress.accept(scrubber.scrubbedBytes());
            }
            LogRecovery recovery = store.recovery();
            return new Verification(
                    store.health(), scrubber.scrubbedBytes(), recovery.tornRecords(), recovery.firstDamage());
        }
    }

    /**
     * Deletes what has expired: copies what is kept out of segments that are mostly dead, as fast as the disk can.
     *
     * @param epoch the current epoch; blobs that expire before it are given up
     * @param clock measures the time
     * @param progress is told how many segment files there are
     * @return the store afterwards
     * @throws StoreException if the store cannot be opened, or the disk fails
     */
    public StoreHealth compact(long epoch, NanoClock clock, LongConsumer progress) throws StoreException {
        StoreContext context = context().compactionBytesPerSecond(Long.MAX_VALUE);
        try (SliverStore store = SliverStore.open(context)) {
            int idleRounds = 0;
            while (idleRounds < IDLE_ROUNDS_TO_END) {
                boolean surveyed = false;
                Surveyor surveyor = store.newSurveyor();
                for (int i = store.health().segments(); i > 0; i--) {
                    surveyed |= surveyor.step(epoch);
                    while (store.compact(clock) > 0) {
                        progress.accept(store.health().segments());
                        idleRounds = 0;
                    }
                }
                idleRounds += surveyed ? 1 : IDLE_ROUNDS_TO_END;
            }
            return store.health();
        }
    }

    /**
     * Throws the index away and builds it from the segments.
     *
     * @return the store afterwards
     * @throws StoreException if the index cannot be deleted, or the store cannot be opened
     */
    public StoreHealth rebuildIndex() throws StoreException {
        StoreContext context = context();
        try (Disk disk = open()) {
            Path place = disk.folder();
            new IndexFile(place == null ? folder : place).delete();
        } catch (IOException e) {
            throw unreadable(e);
        }
        try (SliverStore store = SliverStore.open(context)) {
            return store.health();
        }
    }
}
