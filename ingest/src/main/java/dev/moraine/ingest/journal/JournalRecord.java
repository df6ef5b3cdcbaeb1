package dev.moraine.ingest.journal;

import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.certificate.Certificate;
import dev.moraine.proofs.certificate.InvalidEncodingException;
import dev.moraine.proofs.hash.Digest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a journal remembers, one record each. Integers are big-endian. */
sealed interface JournalRecord {
    /** The type byte of {@link Certified}. */
    int CERTIFIED = 1;

    /** The type byte of {@link Delivered}. */
    int DELIVERED = 2;

    /** {@return the type byte} */
    int type();

    /** {@return the last epoch in which anybody may want this record} */
    long expiryEpoch();

    /** {@return the bytes of the record without its head} */
    byte[] body();

    /**
     * Reads a body whose checksum was right.
     *
     * @param type the type byte
     * @param body the bytes
     * @param members nodes of the committee
     * @return the record, or null if it is none
     */
    static @Nullable JournalRecord decode(int type, byte[] body, int members) {
        try {
            return switch (type) {
                case CERTIFIED -> Certified.decode(body, members);
                case DELIVERED -> Delivered.decode(body, members);
                default -> null;
            };
        } catch (InvalidEncodingException | IllegalArgumentException e) {
            return null;
        }
    }

    /**
     * A bundle's certificate: {@code certificate ‖ entries}.
     *
     * @param certificate the certificate
     * @param entries the entries of the bundle that it names, in their order
     */
    record Certified(Certificate certificate, List<BundleEntry> entries) implements JournalRecord {
        static Certified decode(byte[] body, int members) throws InvalidEncodingException {
            int certificateBytes = Certificate.encodedBytes(members);
            Certificate certificate =
                    Certificate.decode(Arrays.copyOf(body, Math.min(body.length, certificateBytes)), members);
            int count = certificate.statement().count();
            if (body.length != certificateBytes + (long) count * BundleEntry.ENCODED_BYTES) {
                throw new IllegalArgumentException("the entries of a certificate are not as many as it names");
            }
            List<BundleEntry> entries = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                int at = certificateBytes + i * BundleEntry.ENCODED_BYTES;
                entries.add(BundleEntry.decode(Arrays.copyOfRange(body, at, at + BundleEntry.ENCODED_BYTES)));
            }
            return new Certified(certificate, List.copyOf(entries));
        }

        @Override
        public int type() {
            return CERTIFIED;
        }

        @Override
        public long expiryEpoch() {
            return entries.stream().mapToLong(BundleEntry::expiryEpoch).max().orElse(0);
        }

        @Override
        public byte[] body() {
            byte[] encoded = certificate.encode();
            ByteBuffer body = ByteBuffer.allocate(encoded.length + entries.size() * BundleEntry.ENCODED_BYTES);
            body.put(encoded);
            entries.forEach(entry -> body.put(entry.encode()));
            return body.array();
        }

        /** {@return what names this bundle in a {@link Delivered}} */
        BundleKey key() {
            return new BundleKey(
                    certificate.statement().bundleRoot(), certificate.statement().epoch());
        }
    }

    /**
     * Which nodes said that they keep a certificate: {@code bundle root 32 ‖ epoch u64 ‖ expiry epoch u64 ‖ bitmap}.
     *
     * @param key whose certificate
     * @param expiryEpoch the last epoch of the bundle's blobs
     * @param keepers node i is bit i mod 8, lowest first, of byte ⌊i/8⌋
     */
    @SuppressWarnings("ArrayRecordComponent") // made for one write or read, and never compared
    record Delivered(BundleKey key, long expiryEpoch, byte[] keepers) implements JournalRecord {
        private static final int HEAD_BYTES = Digest.BYTES + 2 * Long.BYTES;

        static Delivered decode(byte[] body, int members) {
            if (body.length != HEAD_BYTES + (members + 7) / 8) {
                throw new IllegalArgumentException("a record of deliveries has the wrong length");
            }
            ByteBuffer from = ByteBuffer.wrap(body, Digest.BYTES, 2 * Long.BYTES);
            return new Delivered(
                    new BundleKey(Digest.of(Arrays.copyOf(body, Digest.BYTES)), from.getLong()),
                    from.getLong(),
                    Arrays.copyOfRange(body, HEAD_BYTES, body.length));
        }

        @Override
        public int type() {
            return DELIVERED;
        }

        @Override
        public byte[] body() {
            return ByteBuffer.allocate(HEAD_BYTES + keepers.length)
                    .put(key.bundleRoot().toBytes())
                    .putLong(key.epoch())
                    .putLong(expiryEpoch)
                    .put(keepers)
                    .array();
        }
    }

    /**
     * What tells bundles apart.
     *
     * @param bundleRoot the root of its entries
     * @param epoch the epoch of its statement
     */
    record BundleKey(Digest bundleRoot, long epoch) {}
}
