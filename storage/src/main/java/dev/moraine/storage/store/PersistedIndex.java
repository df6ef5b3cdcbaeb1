package dev.moraine.storage.store;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.storage.index.IndexFile;
import dev.moraine.storage.index.LmdbEnvironment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The part of the index that is on the disk: blob id to entry, bundle to certificate, and how far it goes. It says
 * nothing that the segments do not say, and is built anew from them when it is lost.
 *
 * <p>Threading: one thread at a time commits, any number look up; nobody waits for another.
 */
final class PersistedIndex {
    private static final Logger LOG = System.getLogger(SliverStore.class.getName());

    private static final byte BLOB = 'b';
    private static final byte BUNDLE = 'c';
    private static final byte[] STATE_KEY = {'s'};
    private static final byte[] COUNTS_KEY = {'n'};
    private static final byte FEED = 'f';
    private static final byte[] NUMBERS_KEY = {'i'};
    private static final byte[] HELD = {1};
    private static final int BLOB_KEY_BYTES = 1 + Digest.BYTES;
    private static final int BUNDLE_KEY_BYTES = 1 + Long.BYTES + Digest.BYTES;

    /** Added to the users when the index is closed; far below what users alone can reach. */
    private static final long CLOSED = Long.MIN_VALUE / 2;

    private final IndexFile file;
    private final AtomicLong users = new AtomicLong();
    private LmdbEnvironment environment;

    /**
     * How much there is.
     *
     * @param pairs whole pairs
     * @param bundles certificates
     */
    record Counts(long pairs, long bundles) {}

    private PersistedIndex(IndexFile file, LmdbEnvironment environment) {
        this.file = file;
        this.environment = environment;
    }

    /**
     * Opens the index of a folder, an empty one where it is missing, cut or changed.
     *
     * @param folder the folder of the store
     * @return the index
     * @throws IOException if it cannot be opened even so
     */
    static PersistedIndex open(Path folder) throws IOException {
        IndexFile file = new IndexFile(folder);
        if (!file.breakSeal()) {
            file.delete();
        }
        try {
            return new PersistedIndex(file, LmdbEnvironment.open(file.path()));
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the index cannot be opened and is built anew", e);
            file.delete();
            return new PersistedIndex(file, LmdbEnvironment.open(file.path()));
        }
    }

    /** Throws everything away. Nobody may look up meanwhile. */
    void reset() throws IOException {
        environment.close();
        file.delete();
        environment = LmdbEnvironment.open(file.path());
    }

    /** How far the index goes, or null if it is empty or was not finished. */
    @Nullable IndexState state() {
        byte[] encoded = get(STATE_KEY);
        return encoded == null ? null : IndexState.decode(encoded);
    }

    /** How much it says there is. */
    Counts counts() {
        byte[] encoded = get(COUNTS_KEY);
        if (encoded == null || encoded.length != 2 * Long.BYTES) {
            return new Counts(0, 0);
        }
        ByteBuffer in = ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN);
        return new Counts(in.getLong(), in.getLong());
    }

    /** How the certificates in it are numbered. */
    FeedNumbers.State numbers() {
        byte[] encoded = get(NUMBERS_KEY);
        if (encoded == null || encoded.length != 2 * Long.BYTES) {
            return new FeedNumbers.State(0, 0);
        }
        ByteBuffer in = ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN);
        return new FeedNumbers.State(in.getLong(), in.getLong());
    }

    /** The certificate of a number, or null if there is none. */
    @Nullable FeedSlot feedSlot(long number) {
        byte[] encoded = get(feedKey(number));
        if (encoded == null) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN);
        RecordPlace place = new RecordPlace(in.getLong(), in.getLong(), in.getLong());
        return new FeedSlot(place, Math.toIntExact(in.getLong()), in.getLong());
    }

    private byte @Nullable [] get(byte[] key) {
        LmdbEnvironment.Reader reader = enter();
        try {
            for (int i = 0; i < key.length; i++) {
                reader.key().set(ValueLayout.JAVA_BYTE, i, key[i]);
            }
            if (!reader.find(key.length)) {
                return null;
            }
            try {
                return reader.value();
            } finally {
                reader.end();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            exit(reader);
        }
    }

    private LmdbEnvironment.Reader enter() {
        if (users.getAndIncrement() < 0) {
            users.decrementAndGet();
            throw new IllegalStateException("the store is closed");
        }
        boolean entered = false;
        try {
            LmdbEnvironment.Reader reader = environment.reader();
            entered = true;
            return reader;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (!entered) {
                users.decrementAndGet();
            }
        }
    }

    private void exit(LmdbEnvironment.Reader reader) {
        reader.close();
        users.decrementAndGet();
    }

    /**
     * The entry of a blob.
     *
     * @param id the blob
     * @return the entry, or null if nothing is known
     * @throws UncheckedIOException if the index cannot be read
     */
    @Nullable BlobEntry blob(BlobId id) {
        byte[] encoded = get(key(id));
        return encoded == null ? null : BlobEntryCodec.decode(encoded);
    }

    /**
     * Looks up where a sliver and the metadata of its blob are. Allocates nothing.
     *
     * @param id the blob
     * @param pairIndex which pair
     * @param axis which sliver
     * @param place is set when the sliver is held
     * @return whether it is
     * @throws UncheckedIOException if the index cannot be read
     */
    boolean lookUp(BlobId id, int pairIndex, Axis axis, SliverPlace place) {
        LmdbEnvironment.Reader reader = enter();
        try {
            reader.key().set(ValueLayout.JAVA_BYTE, 0, BLOB);
            id.digest().copyTo(reader.key(), 1);
            if (!reader.find(BLOB_KEY_BYTES)) {
                return false;
            }
            try {
                return BlobEntryCodec.lookUp(reader, pairIndex, axis, place);
            } finally {
                reader.end();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            exit(reader);
        }
    }

    /** Whether the certificate of a bundle is held. */
    boolean hasBundle(BundleKey bundle) {
        return get(key(bundle)) != null;
    }

    private static byte[] key(BlobId id) {
        byte[] key = new byte[BLOB_KEY_BYTES];
        key[0] = BLOB;
        id.digest().copyTo(key, 1);
        return key;
    }

    private static byte[] key(BundleKey bundle) {
        byte[] key = new byte[BUNDLE_KEY_BYTES];
        ByteBuffer.wrap(key).put(BUNDLE).putLong(bundle.epoch());
        bundle.bundleRoot().copyTo(key, 1 + Long.BYTES);
        return key;
    }

    private static byte[] feedKey(long number) {
        return ByteBuffer.allocate(1 + Long.BYTES).put(FEED).putLong(number).array();
    }

    private static byte[] words(long... words) {
        byte[] encoded = new byte[words.length * Long.BYTES];
        ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(words);
        return encoded;
    }

    /**
     * Writes changes, and returns when they survive a power cut.
     *
     * @param changes what has changed
     * @param counts how much there is with these changes
     * @param numbers how certificates are numbered
     * @param state how far the index goes with these changes, or null to leave it as it is
     * @throws IOException if that is not certain; nothing or all of it was written
     */
    void commit(IndexLayer changes, Counts counts, FeedNumbers.State numbers, @Nullable IndexState state)
            throws IOException {
        try (LmdbEnvironment.Writer writer = environment.write()) {
            for (Map.Entry<BlobId, BlobEntry> change : changes.blobs().entrySet()) {
                if (change.getValue().equals(BlobEntry.EMPTY)) {
                    writer.delete(key(change.getKey()));
                } else {
                    writer.put(key(change.getKey()), BlobEntryCodec.encode(change.getValue()));
                }
            }
            for (Map.Entry<BundleKey, Boolean> change : changes.bundles().entrySet()) {
                if (change.getValue()) {
                    writer.put(key(change.getKey()), HELD);
                } else {
                    writer.delete(key(change.getKey()));
                }
            }
            for (Map.Entry<Long, FeedSlot> change : changes.feed().entrySet()) {
                FeedSlot slot = change.getValue();
                if (slot.equals(FeedSlot.GONE)) {
                    writer.delete(feedKey(change.getKey()));
                } else {
                    RecordPlace place = slot.place();
                    writer.put(
                            feedKey(change.getKey()),
                            words(
                                    place.segmentId(),
                                    place.offset(),
                                    place.lengthBytes(),
                                    slot.count(),
                                    slot.namespaces()));
                }
            }
            writer.put(COUNTS_KEY, words(counts.pairs(), counts.bundles()));
            writer.put(NUMBERS_KEY, words(numbers.feedId(), numbers.next()));
            if (state != null) {
                writer.put(STATE_KEY, state.encode());
            }
            writer.commit();
        }
    }

    /**
     * Closes the file when the last lookup has ended, which takes microseconds.
     *
     * @param clean whether it says all that the segments do, and may be sealed
     */
    void close(boolean clean) {
        users.addAndGet(CLOSED);
        while (users.get() != CLOSED) {
            Thread.onSpinWait();
        }
        environment.close();
        if (clean) {
            try {
                file.seal();
            } catch (IOException e) {
                LOG.log(Level.WARNING, "the index could not be sealed", e);
            }
        }
    }
}
