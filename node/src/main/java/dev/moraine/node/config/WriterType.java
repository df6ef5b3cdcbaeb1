package dev.moraine.node.config;

import dev.moraine.node.storagenode.WriterGrant;
import dev.moraine.proofs.certificate.InvalidEncodingException;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.proofs.certificate.WriterPublicKey;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How what a writer may store is written: a section of its own in a list. */
final class WriterType implements ValueType<WriterGrant> {
    private static final int MAX_NAMESPACES = 1 << 16;
    private static final long MAX_QUOTA_BYTES = 1L << 62;

    private static final ConfigKey<WriterPublicKey> KEY = ConfigKey.required(
            "key", ValueTypes.text("an Ed25519 public key of 64 hex digits", WriterType::publicKey), "The writer's key.");
    private static final ConfigKey<List<Namespace>> NAMESPACES = ConfigKey.optional(
            "namespaces",
            ValueTypes.listOf(
                    ValueTypes.text("64 hex digits or a name of 1 to 32 ASCII characters", Namespace::parse),
                    MAX_NAMESPACES),
            "What it may write. Not set: any namespace.");
    private static final ConfigKey<Long> QUOTA = ConfigKey.required(
            "quotaBytes", ValueTypes.bytes(0, MAX_QUOTA_BYTES), "What it may hold at once, in the whole committee.");
    private static final ConfigKey<Long> BYTES_PER_SECOND = ConfigKey.of(
            "bytesPerSecond",
            ValueTypes.bytes(1, WriterGrant.ANY_RATE),
            WriterGrant.ANY_RATE,
            "How fast its bytes may come to this node; whoever is faster is put off.");
    private static final ConfigKey<Long> MAX_RETENTION = ConfigKey.of(
            "maxRetentionEpochs",
            ValueTypes.whole(0, WriterGrant.ANY_RETENTION),
            WriterGrant.ANY_RETENTION,
            "For how many epochs it may have a blob kept, if that is less than the deployment's.");
    private static final ConfigSchema SCHEMA =
            ConfigSchema.of("writer", KEY, NAMESPACES, QUOTA, BYTES_PER_SECOND, MAX_RETENTION);

    @Override
    public WriterGrant read(YamlValue value) {
        try {
            Configuration grant = Configuration.of(SCHEMA, value, Path.of(""), List.of());
            List<Namespace> namespaces = grant.find(NAMESPACES);
            return new WriterGrant(
                    grant.get(KEY),
                    namespaces == null ? null : Set.copyOf(namespaces),
                    grant.get(QUOTA),
                    grant.get(BYTES_PER_SECOND),
                    grant.get(MAX_RETENTION));
        } catch (ConfigException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    @Override
    public Object show(WriterGrant grant) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put(KEY.path(), grant.key().toString());
        Set<Namespace> namespaces = grant.namespaces();
        if (namespaces != null) {
            shown.put(NAMESPACES.path(), namespaces.stream().map(Namespace::toString).sorted().toList());
        }
        shown.put(QUOTA.path(), QUOTA.type().show(grant.quotaBytes()));
        if (grant.bytesPerSecond() != WriterGrant.ANY_RATE) {
            shown.put(BYTES_PER_SECOND.path(), BYTES_PER_SECOND.type().show(grant.bytesPerSecond()));
        }
        if (grant.maxRetentionEpochs() != WriterGrant.ANY_RETENTION) {
            shown.put(MAX_RETENTION.path(), MAX_RETENTION.type().show(grant.maxRetentionEpochs()));
        }
        return shown;
    }

    @Override
    public String rule() {
        return "a section with " + String.join(", ", SCHEMA.keys().stream().map(ConfigKey::path).toList());
    }

    private static WriterPublicKey publicKey(String text) {
        try {
            return WriterPublicKey.parse(text);
        } catch (InvalidEncodingException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
