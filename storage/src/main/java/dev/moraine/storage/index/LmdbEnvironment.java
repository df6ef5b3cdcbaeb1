package dev.moraine.storage.index;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * One LMDB file with one table of keys and values. Every commit is forced before it returns; a crash leaves the last one.
 *
 * <p>Threading: one thread at a time writes, any number read, each through a {@link Reader} of its own; nobody waits for
 * another. Closed once, when nobody uses it any more.
 */
@SuppressWarnings("restricted") // values lie in native memory of a length that only the library knows
public final class LmdbEnvironment implements AutoCloseable {
    /** Longest key in bytes. */
    public static final int MAX_KEY_BYTES = 64;

    /** Address space only: the file grows with what is in it. */
    private static final long MAP_BYTES = 256L << 30;

    private static final int MAX_READERS = 2_048;
    private static final int MAX_IDLE_READERS = 64;
    /** All memory: the library says where in it a value is. */
    private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private static final int FILE_MODE = 0600;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** {@code MDB_val}: length, address. */
    private static final long VALUE_BYTES = JAVA_LONG.byteSize() + ADDRESS.byteSize();

    private final Arena arena = Arena.ofShared();
    private final MemorySegment environment;
    private final int table;
    private final AtomicReferenceArray<@Nullable Reader> idle = new AtomicReferenceArray<>(MAX_IDLE_READERS);

    /** Commits that are over, for {@link Reader#renew}. */
    private final AtomicLong commitsEnded = new AtomicLong();

    private LmdbEnvironment(MemorySegment environment) throws LmdbException {
        this.environment = environment;
        this.table = openTable();
    }

    /**
     * Opens or makes a file.
     *
     * @param file the file; another of the same name and {@code -lock} stands beside it
     * @return the open file
     * @throws LmdbException if it cannot be opened, or is none of LMDB
     */
    public static LmdbEnvironment open(Path file) throws LmdbException {
        try (Arena local = Arena.ofConfined()) {
            MemorySegment holder = local.allocate(ADDRESS);
            check("mdb_env_create", (int) LmdbLibrary.ENV_CREATE.invokeExact(holder));
            MemorySegment environment = holder.get(ADDRESS, 0);
            boolean opened = false;
            try {
                check("mdb_env_set_mapsize", (int) LmdbLibrary.ENV_SET_MAPSIZE.invokeExact(environment, MAP_BYTES));
                check(
                        "mdb_env_set_maxreaders",
                        (int) LmdbLibrary.ENV_SET_MAXREADERS.invokeExact(environment, MAX_READERS));
                int flags = LmdbLibrary.NOSUBDIR | LmdbLibrary.NOTLS | LmdbLibrary.NO_READAHEAD;
                check("mdb_env_open", (int) LmdbLibrary.ENV_OPEN.invokeExact(
                        environment, local.allocateFrom(file.toString()), flags, FILE_MODE));
                LmdbEnvironment made = new LmdbEnvironment(environment);
                opened = true;
                return made;
            } finally {
                if (!opened) {
                    LmdbLibrary.ENV_CLOSE.invokeExact(environment);
                }
            }
        } catch (LmdbException e) {
            throw e;
        } catch (Throwable e) {
            throw LmdbLibrary.unexpected(e);
        }
    }

    private static void check(String call, int result) throws LmdbException {
        if (result != LmdbLibrary.SUCCESS) {
            throw new LmdbException(call, result);
        }
    }

    private MemorySegment begin(int flags) throws LmdbException {
        try (Arena local = Arena.ofConfined()) {
            MemorySegment holder = local.allocate(ADDRESS);
            check("mdb_txn_begin", (int) LmdbLibrary.TXN_BEGIN.invokeExact(
                    environment, MemorySegment.NULL, flags, holder));
            return holder.get(ADDRESS, 0);
        } catch (LmdbException e) {
            throw e;
        } catch (Throwable e) {
            throw LmdbLibrary.unexpected(e);
        }
    }

    private int openTable() throws LmdbException {
        MemorySegment transaction = begin(0);
        try (Arena local = Arena.ofConfined()) {
            MemorySegment holder = local.allocate(JAVA_INT);
            check("mdb_dbi_open", (int) LmdbLibrary.DBI_OPEN.invokeExact(
                    transaction, MemorySegment.NULL, 0, holder));
            MemorySegment ended = transaction;
            transaction = MemorySegment.NULL;
            check("mdb_txn_commit", (int) LmdbLibrary.TXN_COMMIT.invokeExact(ended));
            return holder.get(JAVA_INT, 0);
        } catch (LmdbException e) {
            throw e;
        } catch (Throwable e) {
            throw LmdbLibrary.unexpected(e);
        } finally {
            abort(transaction);
        }
    }

    private static void abort(MemorySegment transaction) {
        try {
            if (!transaction.equals(MemorySegment.NULL)) {
                LmdbLibrary.TXN_ABORT.invokeExact(transaction);
            }
        } catch (Throwable e) {
            throw LmdbLibrary.unexpected(e);
        }
    }

    /**
     * A transaction that writes.
     *
     * @return the transaction, which the same thread commits or closes
     * @throws LmdbException if it cannot begin
     */
    public Writer write() throws LmdbException {
        return new Writer(begin(0));
    }

    /**
     * A reader, one of those that were given back or a new one.
     *
     * @return the reader, which is to be closed
     * @throws LmdbException if there are too many
     */
    public Reader reader() throws LmdbException {
        int start = (int) Thread.currentThread().threadId();
        for (int i = 0; i < MAX_IDLE_READERS; i++) {
            Reader reader = idle.getAndSet((start + i) % MAX_IDLE_READERS, null);
            if (reader != null) {
                return reader;
            }
        }
        return new Reader();
    }

    /** Writes keys and values that all appear, and survive a power cut, with the commit, or not at all. */
    public final class Writer implements AutoCloseable {
        private final Arena local = Arena.ofConfined();
        private final MemorySegment key = local.allocate(VALUE_BYTES);
        private final MemorySegment value = local.allocate(VALUE_BYTES);
        private final MemorySegment keyBytes = local.allocate(MAX_KEY_BYTES);
        private MemorySegment valueBytes = local.allocate(4 << 10);
        private MemorySegment transaction;

        private Writer(MemorySegment transaction) {
            this.transaction = transaction;
        }

        private void setKey(byte[] bytes) {
            MemorySegment.copy(MemorySegment.ofArray(bytes), 0, keyBytes, 0, bytes.length);
            key.set(JAVA_LONG, 0, bytes.length);
            key.set(ADDRESS, JAVA_LONG.byteSize(), keyBytes);
        }

        /**
         * Sets the value of a key.
         *
         * @param keyContent the key, at most {@link #MAX_KEY_BYTES}
         * @param content the value
         * @throws LmdbException if that fails; the transaction is to be closed then
         */
        public void put(byte[] keyContent, byte[] content) throws LmdbException {
            setKey(keyContent);
            if (valueBytes.byteSize() < content.length) {
                valueBytes = local.allocate(2L * content.length);
            }
            MemorySegment.copy(MemorySegment.ofArray(content), 0, valueBytes, 0, content.length);
            value.set(JAVA_LONG, 0, content.length);
            value.set(ADDRESS, JAVA_LONG.byteSize(), valueBytes);
            try {
                check("mdb_put", (int) LmdbLibrary.PUT.invokeExact(transaction, table, key, value, 0));
            } catch (LmdbException e) {
                throw e;
            } catch (Throwable e) {
                throw LmdbLibrary.unexpected(e);
            }
        }

        /**
         * Removes a key, if it is there.
         *
         * @param keyContent the key
         * @throws LmdbException if that fails; the transaction is to be closed then
         */
        public void delete(byte[] keyContent) throws LmdbException {
            setKey(keyContent);
            try {
                int result = (int) LmdbLibrary.DELETE.invokeExact(transaction, table, key, MemorySegment.NULL);
                if (result != LmdbLibrary.NOT_FOUND) {
                    check("mdb_del", result);
                }
            } catch (LmdbException e) {
                throw e;
            } catch (Throwable e) {
                throw LmdbLibrary.unexpected(e);
            }
        }

        /**
         * Ends the transaction, and returns when it survives a power cut.
         *
         * @throws LmdbException if that is not certain
         */
        public void commit() throws LmdbException {
            MemorySegment ended = transaction;
            transaction = MemorySegment.NULL;
            try {
                check("mdb_txn_commit", (int) LmdbLibrary.TXN_COMMIT.invokeExact(ended));
            } catch (LmdbException e) {
                throw e;
            } catch (Throwable e) {
                throw LmdbLibrary.unexpected(e);
            } finally {
                commitsEnded.incrementAndGet();
            }
        }

        /** Forgets what was not committed. */
        @Override
        public void close() {
            abort(transaction);
            transaction = MemorySegment.NULL;
            local.close();
        }
    }

    /** Looks up one key after another, each in the state of the last commit. For one thread at a time. */
    public final class Reader implements AutoCloseable {
        private final MemorySegment transaction;
        private final MemorySegment key = arena.allocate(VALUE_BYTES);
        private final MemorySegment value = arena.allocate(VALUE_BYTES);
        private final MemorySegment keyBytes = arena.allocate(MAX_KEY_BYTES);

        private Reader() throws LmdbException {
            transaction = begin(LmdbLibrary.READ_ONLY);
            key.set(ADDRESS, JAVA_LONG.byteSize(), keyBytes);
            try {
                LmdbLibrary.TXN_RESET.invokeExact(transaction);
            } catch (Throwable e) {
                throw LmdbLibrary.unexpected(e);
            }
        }

        /**
         * Where the caller puts the key before {@link #find}.
         *
         * @return {@link #MAX_KEY_BYTES} bytes
         */
        public MemorySegment key() {
            return keyBytes;
        }

        /**
         * Looks a key up. Allocates nothing.
         *
         * @param keyLengthBytes length of the key
         * @return whether there is a value, which is valid until {@link #end}, and that must follow then
         * @throws LmdbException if the file cannot be read
         */
        public boolean find(int keyLengthBytes) throws LmdbException {
            key.set(JAVA_LONG, 0, keyLengthBytes);
            try {
                renew();
                int result = (int) LmdbLibrary.GET.invokeExact(transaction, table, key, value);
                if (result == LmdbLibrary.SUCCESS) {
                    return true;
                }
                end();
                if (result != LmdbLibrary.NOT_FOUND) {
                    throw new LmdbException("mdb_get", result);
                }
                return false;
            } catch (LmdbException e) {
                throw e;
            } catch (Throwable e) {
                throw LmdbLibrary.unexpected(e);
            }
        }

        /**
         * Goes to the state of the last commit. The library notes the number of that commit and then copies the roots of
         * its trees from one of two pages that commits overwrite in turn: where a commit ends between the two, the
         * roots may be those of the commit after it, which is not durable yet and not what the next look-up will see.
         */
        private void renew() throws Throwable {
            while (true) {
                long endedBefore = commitsEnded.get();
                check("mdb_txn_renew", (int) LmdbLibrary.TXN_RENEW.invokeExact(transaction));
                if (commitsEnded.get() == endedBefore) {
                    return;
                }
                LmdbLibrary.TXN_RESET.invokeExact(transaction);
            }
        }

        /**
         * How long the value is that was found.
         *
         * @return bytes
         */
        public long valueBytes() {
            return value.get(JAVA_LONG, 0);
        }

        /**
         * Reads a number out of the value that was found.
         *
         * @param offset where it begins
         * @return eight bytes, little endian
         * @throws IndexOutOfBoundsException if they are not inside the value
         */
        public long longAt(long offset) {
            Objects.checkFromIndexSize(offset, Long.BYTES, valueBytes());
            return MEMORY.get(LONG, value.get(JAVA_LONG, JAVA_LONG.byteSize()) + offset);
        }

        /**
         * A copy of the value that was found.
         *
         * @return all its bytes
         */
        public byte[] value() {
            long address = value.get(JAVA_LONG, JAVA_LONG.byteSize());
            return MEMORY.asSlice(address, valueBytes()).toArray(ValueLayout.JAVA_BYTE);
        }

        /** Lets go of the value that was found. */
        public void end() {
            try {
                LmdbLibrary.TXN_RESET.invokeExact(transaction);
            } catch (Throwable e) {
                throw LmdbLibrary.unexpected(e);
            }
        }

        /** Gives the reader back for others. */
        @Override
        public void close() {
            int start = (int) Thread.currentThread().threadId();
            for (int i = 0; i < MAX_IDLE_READERS; i++) {
                if (idle.compareAndSet((start + i) % MAX_IDLE_READERS, null, this)) {
                    return;
                }
            }
            abandon();
        }

        private void abandon() {
            abort(transaction);
        }
    }

    /** Closes the file. No reader or writer may be in use. */
    @Override
    public void close() {
        for (int i = 0; i < MAX_IDLE_READERS; i++) {
            Reader reader = idle.getAndSet(i, null);
            if (reader != null) {
                reader.abandon();
            }
        }
        try {
            LmdbLibrary.ENV_CLOSE.invokeExact(environment);
        } catch (Throwable e) {
            throw LmdbLibrary.unexpected(e);
        }
        arena.close();
    }
}
