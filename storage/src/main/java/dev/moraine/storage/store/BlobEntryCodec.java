package dev.moraine.storage.store;

import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.storage.index.LmdbEnvironment;
import dev.moraine.storage.store.BlobEntry.CertificateSlot;
import dev.moraine.storage.store.BlobEntry.PairSlot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an entry in the index on the disk. Little endian; a place is segment id, offset and length, 8 bytes each,
 * and all zero where there is none.
 *
 * <pre>
 *     0  place of the metadata
 *    24  signed expiry, certified expiry
 *    40  number of pairs
 *    48  place of the certificate
 *    72  epoch of its bundle, root of its bundle (32 bytes), index of the entry, expiry of the entry
 *   128  for every pair: pair index, place of the primary, place of the secondary: 56 bytes
 * </pre>
 */
final class BlobEntryCodec {
    private static final int PLACE_BYTES = 3 * Long.BYTES;
    private static final int PAIR_COUNT_OFFSET = 40;
    private static final int PAIRS_OFFSET = 128;
    private static final int PAIR_BYTES = Long.BYTES + 2 * PLACE_BYTES;

    private BlobEntryCodec() {}

    static byte[] encode(BlobEntry entry) {
        byte[] bytes = new byte[PAIRS_OFFSET + entry.pairs().size() * PAIR_BYTES];
        ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        put(out, entry.metadata());
        out.putLong(entry.signedExpiryEpoch()).putLong(entry.certifiedExpiryEpoch());
        out.putLong(entry.pairs().size());
        CertificateSlot certificate = entry.certificate();
        if (certificate != null) {
            put(out, certificate.place());
            out.putLong(certificate.bundle().epoch()).put(certificate.bundle().bundleRoot().toBytes());
            out.putLong(certificate.index()).putLong(certificate.expiryEpoch());
        }
        out.position(PAIRS_OFFSET);
        for (PairSlot pair : entry.pairs()) {
            out.putLong(pair.pairIndex());
            put(out, pair.primary());
            put(out, pair.secondary());
        }
        return bytes;
    }

    private static void put(ByteBuffer out, @Nullable RecordPlace place) {
        if (place == null) {
            out.putLong(0).putLong(0).putLong(0);
        } else {
            out.putLong(place.segmentId()).putLong(place.offset()).putLong(place.lengthBytes());
        }
    }

    static BlobEntry decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        RecordPlace metadata = place(in);
        long signedExpiry = in.getLong();
        long certifiedExpiry = in.getLong();
        int pairCount = Math.toIntExact(in.getLong());
        RecordPlace certificatePlace = place(in);
        CertificateSlot certificate = null;
        if (certificatePlace != null) {
            long epoch = in.getLong();
            byte[] root = new byte[Digest.BYTES];
            in.get(root);
            certificate = new CertificateSlot(
                    certificatePlace,
                    new BundleKey(epoch, Digest.of(root)),
                    Math.toIntExact(in.getLong()),
                    in.getLong());
        }
        in.position(PAIRS_OFFSET);
        List<PairSlot> pairs = new ArrayList<>(pairCount);
        for (int i = 0; i < pairCount; i++) {
            pairs.add(new PairSlot(Math.toIntExact(in.getLong()), place(in), place(in)));
        }
        return new BlobEntry(metadata, List.copyOf(pairs), certificate, signedExpiry, certifiedExpiry);
    }

    private static @Nullable RecordPlace place(ByteBuffer in) {
        long segmentId = in.getLong();
        long offset = in.getLong();
        long lengthBytes = in.getLong();
        return segmentId == 0 ? null : new RecordPlace(segmentId, offset, lengthBytes);
    }

    /**
     * Reads the places that a symbol needs, and allocates nothing.
     *
     * @param value has found the entry
     * @param pairIndex which pair
     * @param axis which sliver
     * @param place is set when the sliver is held
     * @return whether it is
     */
    static boolean lookUp(LmdbEnvironment.Reader value, int pairIndex, Axis axis, SliverPlace place) {
        long pairCount = value.longAt(PAIR_COUNT_OFFSET);
        for (long i = 0; i < pairCount; i++) {
            long pair = PAIRS_OFFSET + i * PAIR_BYTES;
            if (value.longAt(pair) == pairIndex) {
                long sliver = pair + Long.BYTES + (axis == Axis.ROW ? 0 : PLACE_BYTES);
                place.metadataSegmentId = value.longAt(0);
                place.metadataOffset = value.longAt(Long.BYTES);
                place.metadataLengthBytes = value.longAt(2L * Long.BYTES);
                place.segmentId = value.longAt(sliver);
                place.offset = value.longAt(sliver + Long.BYTES);
                place.lengthBytes = value.longAt(sliver + 2L * Long.BYTES);
                return place.metadataSegmentId != 0 && place.segmentId != 0;
            }
        }
        return false;
    }
}
