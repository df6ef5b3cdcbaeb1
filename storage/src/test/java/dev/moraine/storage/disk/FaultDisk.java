package dev.moraine.storage.disk;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A folder in memory that knows, besides what a process sees, what a power cut would leave of it. Every sector that was
 * written and not forced may be left at any of its versions; so may the names.
 *
 * <p>It fails on demand: a write that fails has written half, a force that fails has dropped what it should have
 * kept, while reads go on to see it, as Linux does.
 */
public final class FaultDisk implements Disk {
    /** What a disk writes at once or not at all. */
    public static final int SECTOR_BYTES = 512;

    /** Decides what a power cut leaves. */
    @FunctionalInterface
    public interface Fate {
        /**
         * How many of the unforced changes of one sector, or of the names, are left: the oldest so many.
         *
         * @param sector the number of the sector in its file, or −1 for the names
         * @param changes how many there are, at least 1
         * @return from 0 to changes
         */
        int kept(long sector, int changes);
    }

    private static final class Inode {
        /** Positions that cannot be read, from and to. */
        private final List<long[]> unreadable = new ArrayList<>();

        private byte[] seen = new byte[0];
        private byte[] durable = new byte[0];
        /** Versions of each unforced sector, oldest first. */
        private final SortedMap<Long, List<byte[]>> unforced = new TreeMap<>();
    }

    private SortedMap<String, Inode> names = new TreeMap<>();
    private final List<SortedMap<String, Inode>> unforcedNames = new ArrayList<>();
    private SortedMap<String, Inode> durableNames = new TreeMap<>();
    private LongPredicate failing = call -> false;
    private Runnable beforeChange = () -> {};
    private long capacityBytes = Long.MAX_VALUE;
    private boolean failingForces;
    private long calls;

    /** Runs something before every call that changes anything. */
    public void beforeChange(Runnable observer) {
        beforeChange = observer;
    }

    /** Sets which calls fail, counted from 1 since the disk was made or this was called. */
    public void failCalls(LongPredicate predicate) {
        calls = 0;
        failing = predicate;
    }

    /** Sets whether every force of a file fails. */
    public void failForces(boolean value) {
        failingForces = value;
    }

    /** Limits the length of all files together. */
    public void capacityBytes(long value) {
        capacityBytes = value;
    }

    /** How many calls there were since the last {@link #failCalls}. */
    public long calls() {
        return calls;
    }

    /** How many files there are. */
    public int fileCount() {
        return names.size();
    }

    /** Whether a process sees a file of a name. */
    public boolean has(String name) {
        return names.containsKey(name);
    }

    /** What a process sees of a file. */
    public byte[] contents(String name) {
        return inode(names, name).seen.clone();
    }

    /** Replaces a file, now and for ever. */
    public void replace(String name, byte[] contents) {
        Inode inode = new Inode();
        inode.seen = contents.clone();
        inode.durable = contents.clone();
        names.put(name, inode);
        durableNames.put(name, inode);
    }

    /** Damages one bit, now and for ever. */
    public void flipBit(String name, long bit) {
        Inode inode = inode(names, name);
        int at = Math.toIntExact(bit / Byte.SIZE);
        inode.seen[at] ^= (byte) (1 << (bit % Byte.SIZE));
        inode.durable[at] ^= (byte) (1 << (bit % Byte.SIZE));
    }

    /** Makes a part of a file unreadable, from one position to another. */
    public void spoil(String name, long from, long to) {
        inode(names, name).unreadable.add(new long[] {from, to});
    }

    /** Another disk with the same files, all of them durable. */
    public FaultDisk copy() {
        FaultDisk copy = new FaultDisk();
        names.forEach((name, inode) -> copy.replace(name, inode.seen));
        return copy;
    }

    /** The disk that the next process finds when the power fails now. */
    public FaultDisk afterPowerCut(Fate fate) {
        SortedMap<String, Inode> left = durableNames;
        if (!unforcedNames.isEmpty()) {
            int kept = fate.kept(-1, unforcedNames.size());
            left = kept == 0 ? durableNames : unforcedNames.get(kept - 1);
        }
        FaultDisk after = new FaultDisk();
        left.forEach((name, inode) -> after.replace(name, afterPowerCut(inode, fate)));
        return after;
    }

    private static byte[] afterPowerCut(Inode inode, Fate fate) {
        byte[] left = inode.durable.clone();
        for (Map.Entry<Long, List<byte[]>> entry : inode.unforced.entrySet()) {
            int kept = fate.kept(entry.getKey(), entry.getValue().size());
            if (kept > 0) {
                byte[] version = entry.getValue().get(kept - 1);
                int at = Math.toIntExact(entry.getKey() * SECTOR_BYTES);
                left = Arrays.copyOf(left, Math.max(left.length, at + version.length));
                System.arraycopy(version, 0, left, at, version.length);
            }
        }
        return left;
    }

    private void call(boolean changes) throws IOException {
        if (changes) {
            beforeChange.run();
        }
        if (isNextFailing()) {
            throw injected();
        }
    }

    private boolean isNextFailing() {
        calls++;
        return failing.test(calls);
    }

    private static IOException injected() {
        return new IOException("Input/output error (injected)");
    }

    private void changeNames(SortedMap<String, Inode> changed) {
        names = changed;
        unforcedNames.add(changed);
    }

    private static Inode inode(SortedMap<String, Inode> names, String name) {
        Inode inode = names.get(name);
        if (inode == null) {
            throw new IllegalArgumentException("no file " + name);
        }
        return inode;
    }

    @Override
    public List<String> list() throws IOException {
        call(false);
        return List.copyOf(names.keySet());
    }

    @Override
    public DiskFile create(String name) throws IOException {
        call(true);
        if (names.containsKey(name)) {
            throw new FileAlreadyExistsException(name);
        }
        SortedMap<String, Inode> changed = new TreeMap<>(names);
        Inode inode = new Inode();
        changed.put(name, inode);
        changeNames(changed);
        return new OpenFile(inode);
    }

    @Override
    public DiskFile open(String name) throws IOException {
        call(false);
        @Nullable Inode inode = names.get(name);
        if (inode == null) {
            throw new FileNotFoundException(name);
        }
        return new OpenFile(inode);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        call(true);
        if (names.containsKey(to)) {
            throw new FileAlreadyExistsException(to);
        }
        SortedMap<String, Inode> changed = new TreeMap<>(names);
        changed.put(to, inode(names, from));
        changed.remove(from);
        changeNames(changed);
    }

    @Override
    public void delete(String name) throws IOException {
        call(true);
        if (!names.containsKey(name)) {
            throw new FileNotFoundException(name);
        }
        SortedMap<String, Inode> changed = new TreeMap<>(names);
        changed.remove(name);
        changeNames(changed);
    }

    @Override
    public void force() throws IOException {
        call(true);
        durableNames = names;
        unforcedNames.clear();
    }

    @Override
    public long usableBytes() {
        return capacityBytes - names.values().stream().mapToLong(inode -> inode.seen.length).sum();
    }

    @Override
    public @Nullable Path folder() {
        return null;
    }

    @Override
    public String describe(String name) {
        return "memory/" + name;
    }

    @Override
    public void close() {}

    private final class OpenFile implements DiskFile {
        private final Inode inode;
        private boolean closed;

        private OpenFile(Inode inode) {
            this.inode = inode;
        }

        @Override
        public long sizeBytes() throws IOException {
            checkOpen();
            call(false);
            return inode.seen.length;
        }

        @Override
        public void read(long position, MemorySegment target) throws IOException {
            checkOpen();
            call(false);
            if (position + target.byteSize() > inode.seen.length) {
                throw new EOFException("the file has " + inode.seen.length + " bytes");
            }
            for (long[] range : inode.unreadable) {
                if (position < range[1] && position + target.byteSize() > range[0]) {
                    throw injected();
                }
            }
            target.copyFrom(MemorySegment.ofArray(inode.seen).asSlice(position, target.byteSize()));
        }

        @Override
        public MemorySegment map(long lengthBytes, Arena arena) throws IOException {
            checkOpen();
            call(false);
            if (lengthBytes > inode.seen.length) {
                throw new EOFException("the file has " + inode.seen.length + " bytes");
            }
            return MemorySegment.ofArray(inode.seen).asReadOnly();
        }

        @Override
        public void write(long position, MemorySegment source) throws IOException {
            checkOpen();
            beforeChange.run();
            if (isNextFailing()) {
                apply(position, source.asSlice(0, source.byteSize() / 2));
                throw injected();
            }
            long others = names.values().stream().mapToLong(other -> other.seen.length).sum() - inode.seen.length;
            if (Math.max(inode.seen.length, position + source.byteSize()) > capacityBytes - others) {
                throw new NoSpaceException("No space left on device (injected)", null);
            }
            apply(position, source);
        }

        private void apply(long position, MemorySegment source) {
            if (source.byteSize() == 0) {
                return;
            }
            int start = Math.toIntExact(position);
            int end = Math.toIntExact(position + source.byteSize());
            if (end > inode.seen.length) {
                inode.seen = Arrays.copyOf(inode.seen, end);
            }
            MemorySegment.ofArray(inode.seen).asSlice(position, source.byteSize()).copyFrom(source);
            for (int sector = start / SECTOR_BYTES; sector * SECTOR_BYTES < end; sector++) {
                int sectorEnd = Math.min((sector + 1) * SECTOR_BYTES, inode.seen.length);
                inode.unforced
                        .computeIfAbsent((long) sector, key -> new ArrayList<>())
                        .add(Arrays.copyOfRange(inode.seen, sector * SECTOR_BYTES, sectorEnd));
            }
        }

        @Override
        public void force(boolean withMetadata) throws IOException {
            checkOpen();
            beforeChange.run();
            if (isNextFailing() || failingForces) {
                inode.unforced.clear();
                throw injected();
            }
            inode.durable = FaultDisk.afterPowerCut(inode, (sector, changes) -> changes);
            inode.unforced.clear();
        }

        private void checkOpen() throws IOException {
            if (closed) {
                throw new ClosedChannelException();
            }
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
