package dev.moraine.storage.store;

import dev.moraine.storage.disk.Disk;
import dev.moraine.storage.disk.FolderInUseException;
import dev.moraine.storage.segment.DamagedRange;
import dev.moraine.storage.segment.LogRecovery;
import dev.moraine.storage.segment.SegmentLog;
import dev.moraine.storage.segment.SegmentRefusedException;
import dev.moraine.storage.segment.SegmentTable;
import dev.moraine.storage.store.StoreException.Reason;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * An opened folder: locked, recovered and read.
 *
 * @param disk the locked folder
 * @param log its segments
 * @param index where everything in them is
 * @param loader what filled the index
 */
record StoreOpening(Disk disk, SegmentLog log, SliverIndex index, StoreLoader loader) {
    private static final Logger LOG = System.getLogger(SliverStore.class.getName());

    /** Locks, recovers and reads a folder; leaves nothing open when that fails. */
    static StoreOpening of(StoreContext context) throws StoreException {
        Path folder = context.folder();
        Disk disk;
        try {
            disk = context.disks().open(folder);
        } catch (FolderInUseException e) {
            throw new StoreException(Reason.FOLDER_IN_USE, String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new StoreException(
                    Reason.CANNOT_OPEN, "the store's folder " + folder + " cannot be made or locked: " + e, e);
        }
        try {
            return read(disk, context);
        } catch (StoreException | RuntimeException e) {
            try {
                disk.close();
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    private static StoreOpening read(Disk disk, StoreContext context) throws StoreException {
        SegmentTable segments = new SegmentTable();
        PersistedIndex persisted = context.usesIndex() ? openIndex(disk) : null;
        SliverIndex index = new SliverIndex(segments, persisted);
        StoreLoader loader = new StoreLoader(index, persisted);
        boolean opened = false;
        try {
            SegmentLog log = SegmentLog.open(disk, context.logSettings(), segments, loader);
            report(log.recovery());
            if (log.recovery().damagedRanges() > 0 || loader.damagedCertificates() > 0) {
                // What is damaged may have been the certificate with the highest number, which another would get now.
                index.numbers().renew();
            }
            index.numbers().onForced(index.numbers().next());
            opened = true;
            return new StoreOpening(disk, log, index, loader);
        } catch (SegmentRefusedException e) {
            Reason reason = switch (e.refusal()) {
                case UNKNOWN_VERSION -> Reason.UNKNOWN_VERSION;
                case FOREIGN_DEPLOYMENT -> Reason.FOREIGN_DEPLOYMENT;
                case WRONG_SEGMENT_ID, DAMAGED_HEADER -> Reason.DAMAGED_SEGMENT;
            };
            throw new StoreException(reason, String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new StoreException(Reason.CANNOT_OPEN, "the store cannot be read or recovered: " + e, e);
        } finally {
            if (!opened) {
                index.close(false);
            }
        }
    }

    /** Without an index on the disk the store works as well, and takes more memory. */
    private static @Nullable PersistedIndex openIndex(Disk disk) throws StoreException {
        Path folder = disk.folder();
        if (folder == null) {
            return null;
        }
        try {
            return PersistedIndex.open(folder);
        } catch (IOException e) {
            throw new StoreException(Reason.CANNOT_OPEN, "the index in " + folder + " cannot be opened: " + e, e);
        } catch (LinkageError e) {
            LOG.log(Level.WARNING, "no index on the disk, everything is indexed in memory: " + e);
            return null;
        }
    }

    private static void report(LogRecovery recovery) {
        LOG.log(Level.INFO, () -> "store opened: " + recovery.segments() + " segments, " + recovery.records()
                + " records, " + recovery.tornRecords() + " torn by a crash");
        for (DamagedRange range : recovery.firstDamage()) {
            LOG.log(Level.WARNING, () -> "quarantined: " + range.lengthBytes() + " bytes at " + range.offset() + " of "
                    + range.file());
        }
    }
}
