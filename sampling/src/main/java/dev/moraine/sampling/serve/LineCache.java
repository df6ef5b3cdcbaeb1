package dev.moraine.sampling.serve;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.proof.Axis;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The symbols of lines beyond the ones that are stored, as far as they were computed lately: the longest unused line is
 * forgotten first. What is here says nothing about whether the line is still held or owed. For one thread.
 */
final class LineCache {
    /** A line with a larger share of the cache than this one is not kept. */
    private static final int MAX_SHARE = 4;

    private record Key(BlobId blobId, int pairIndex, Axis axis) {}

    private final long maxBytes;
    private final Map<Key, byte[]> lines = new LinkedHashMap<>(16, 0.75f, true);
    private long keptBytes;

    /**
     * An empty cache.
     *
     * @param maxBytes most bytes of symbols, at least 0
     */
    LineCache(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Whether so many symbols would be kept. */
    boolean hasRoomFor(long extensionBytes) {
        return extensionBytes <= maxBytes / MAX_SHARE;
    }

    /**
     * The symbols beyond the stored ones.
     *
     * @param blobId the blob
     * @param pairIndex the line
     * @param axis row or column
     * @return n − k symbols, or null if they are not here
     */
    byte @Nullable [] find(BlobId blobId, int pairIndex, Axis axis) {
        return lines.get(new Key(blobId, pairIndex, axis));
    }

    /** Keeps symbols for which there is room. */
    void keep(BlobId blobId, int pairIndex, Axis axis, byte[] extension) {
        byte[] before = lines.put(new Key(blobId, pairIndex, axis), extension);
        keptBytes += extension.length - (before == null ? 0 : before.length);
        Iterator<byte[]> oldest = lines.values().iterator();
        while (keptBytes > maxBytes) {
            keptBytes -= oldest.next().length;
            oldest.remove();
        }
    }

    /** What is kept, in bytes of symbols. */
    long keptBytes() {
        return keptBytes;
    }
}
