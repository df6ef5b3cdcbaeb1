package dev.moraine.node.storagenode;

import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.proofs.certificate.WriterPublicKey;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a writer may store. A writer is the key of whoever runs a gateway. Immutable.
 *
 * @param key the writer's Ed25519 key
 * @param namespaces the namespaces that it may write, or null for any
 * @param quotaBytes how many stored bytes, for the whole committee, it may hold at once
 * @param bytesPerSecond how many bytes a second it may send to this node
 * @param maxRetentionEpochs for how many epochs after the current one it may have a blob kept
 */
public record WriterGrant(
        WriterPublicKey key,
        @Nullable Set<Namespace> namespaces,
        long quotaBytes,
        long bytesPerSecond,
        long maxRetentionEpochs) {
    /** Any rate. */
    public static final long ANY_RATE = Long.MAX_VALUE;

    /** As long as the deployment keeps blobs. */
    public static final long ANY_RETENTION = Long.MAX_VALUE;

    /**
     * Copies the namespaces.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    public WriterGrant {
        if (quotaBytes < 0) {
            throw new IllegalArgumentException("quotaBytes must not be negative, but is " + quotaBytes);
        }
        if (bytesPerSecond < 1) {
            throw new IllegalArgumentException("bytesPerSecond must be at least 1, but is " + bytesPerSecond);
        }
        if (maxRetentionEpochs < 0) {
            throw new IllegalArgumentException("maxRetentionEpochs must not be negative, but is " + maxRetentionEpochs);
        }
        namespaces = namespaces == null ? null : Set.copyOf(namespaces);
    }

    /**
     * A grant at any rate, for as long as the deployment keeps blobs.
     *
     * @param key the writer's key
     * @param namespaces the namespaces that it may write, or null for any
     * @param quotaBytes how many stored bytes it may hold at once
     */
    public WriterGrant(WriterPublicKey key, @Nullable Set<Namespace> namespaces, long quotaBytes) {
        this(key, namespaces, quotaBytes, ANY_RATE, ANY_RETENTION);
    }

    /**
     * A grant for every namespace.
     *
     * @param key the writer's key
     * @param quotaBytes how many stored bytes it may hold at once
     * @return the grant
     */
    public static WriterGrant ofAnyNamespace(WriterPublicKey key, long quotaBytes) {
        return new WriterGrant(key, null, quotaBytes);
    }

    /**
     * Whether a namespace is granted.
     *
     * @param namespace the namespace
     * @return true if the writer may write it
     */
    public boolean covers(Namespace namespace) {
        return namespaces == null || namespaces.contains(namespace);
    }
}
