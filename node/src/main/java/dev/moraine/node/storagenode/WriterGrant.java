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
 */
public record WriterGrant(WriterPublicKey key, @Nullable Set<Namespace> namespaces, long quotaBytes) {
    /**
     * Copies the namespaces.
     *
     * @throws IllegalArgumentException if the quota is negative
     */
    public WriterGrant {
        if (quotaBytes < 0) {
            throw new IllegalArgumentException("quotaBytes must not be negative, but is " + quotaBytes);
        }
        namespaces = namespaces == null ? null : Set.copyOf(namespaces);
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
