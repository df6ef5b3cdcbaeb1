package dev.moraine.storage.store;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.BlsSignature;
import dev.moraine.proofs.certificate.Bundle;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.certificate.Certificate;
import dev.moraine.proofs.certificate.InvalidEncodingException;
import dev.moraine.proofs.certificate.Statement;
import dev.moraine.storage.segment.RecordContent;
import dev.moraine.storage.segment.RecordHeader;
import dev.moraine.storage.segment.RecordLayout;
import dev.moraine.storage.segment.RecordType;
import dev.moraine.storage.segment.Segment;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A certificate with the entries of its bundle, as it is stored: the certificate's own bytes, and all entries, from
 * which the path of each is computed when it is asked for.
 */
final class CertificateRecord {
    private static final int FIXED_BYTES = Statement.ENCODED_BYTES + BlsSignature.ENCODED_BYTES;

    /** Longest certificate: that of a committee with a node for every shard. */
    private static final int MAX_CERTIFICATE_BYTES = Certificate.encodedBytes(Geometry.MAX_SHARDS);

    private static final long MAX_RECORD_BYTES = new RecordLayout(
                    MAX_CERTIFICATE_BYTES, Bundle.MAX_ENTRIES * BundleEntry.ENCODED_BYTES, 0, 0)
            .lengthBytes();

    private final byte[] encoded;
    private final Statement statement;
    private final Bundle bundle;

    private CertificateRecord(byte[] encoded, Statement statement, Bundle bundle) {
        this.encoded = encoded;
        this.statement = statement;
        this.bundle = bundle;
    }

    /**
     * Checks that certificate and entries belong together.
     *
     * @param encoded the certificate
     * @param entries the entries of its bundle
     * @return the record
     * @throws IllegalArgumentException if the bytes are no certificate, or one of other entries
     */
    static CertificateRecord of(byte[] encoded, List<BundleEntry> entries) {
        if (encoded.length <= FIXED_BYTES || encoded.length > MAX_CERTIFICATE_BYTES) {
            throw new IllegalArgumentException("a certificate has more than " + FIXED_BYTES + " and at most "
                    + MAX_CERTIFICATE_BYTES + " bytes, not " + encoded.length);
        }
        Bundle bundle = new Bundle(entries);
        try {
            Statement statement = Statement.decode(Arrays.copyOf(encoded, Statement.ENCODED_BYTES));
            if (statement.count() != entries.size() || !statement.bundleRoot().equals(bundle.root())) {
                throw new IllegalArgumentException("the certificate is over " + statement.count()
                        + " entries with the root " + statement.bundleRoot() + ", but the entries are " + entries.size()
                        + " with the root " + bundle.root());
            }
            return new CertificateRecord(encoded, statement, bundle);
        } catch (InvalidEncodingException e) {
            throw new IllegalArgumentException("the certificate begins with no statement", e);
        }
    }

    /**
     * Reads and checks a stored certificate.
     *
     * @param segment in which segment
     * @param place where in it
     * @return the record, or null if it is damaged
     * @throws IOException if it cannot be read
     */
    static @Nullable CertificateRecord read(Segment segment, RecordPlace place) throws IOException {
        if (place.lengthBytes() > MAX_RECORD_BYTES) {
            return null;
        }
        MemorySegment bytes = MemorySegment.ofArray(new byte[(int) place.lengthBytes()]);
        RecordHeader header = segment.readRecord(place.offset(), bytes);
        if (header == null || header.type() != RecordType.CERTIFICATE) {
            return null;
        }
        RecordLayout layout = header.layout();
        byte[] encoded = bytes.asSlice(layout.leadOffset(), layout.leadBytes()).toArray(ValueLayout.JAVA_BYTE);
        List<BundleEntry> entries = new ArrayList<>(layout.listBytes() / BundleEntry.ENCODED_BYTES);
        try {
            for (int done = 0; done < layout.listBytes(); done += BundleEntry.ENCODED_BYTES) {
                entries.add(BundleEntry.decode(bytes.asSlice(layout.listOffset() + done, BundleEntry.ENCODED_BYTES)
                        .toArray(ValueLayout.JAVA_BYTE)));
            }
            return of(encoded, entries);
        } catch (InvalidEncodingException | IllegalArgumentException e) {
            return null;
        }
    }

    BundleKey key() {
        return BundleKey.of(statement);
    }

    List<BundleEntry> entries() {
        return bundle.entries();
    }

    /**
     * What is stored.
     *
     * @param number the number of the certificate
     */
    RecordContent content(long number) {
        byte[] list = new byte[entries().size() * BundleEntry.ENCODED_BYTES];
        for (int i = 0; i < entries().size(); i++) {
            System.arraycopy(
                    entries().get(i).encode(), 0, list, i * BundleEntry.ENCODED_BYTES, BundleEntry.ENCODED_BYTES);
        }
        return RecordContent.certificate(number, MemorySegment.ofArray(encoded), MemorySegment.ofArray(list));
    }

    /**
     * The certificate of one blob.
     *
     * @param index which entry
     * @return the certificate with the entry and its path, or null if the stored certificate is none
     */
    @Nullable BlobCertificate blobCertificate(int index) {
        // Which bits of the bitmap stand for a node was checked when the certificate was verified; the store need not
        // know the committee.
        int bitmapBits = (encoded.length - FIXED_BYTES) * Byte.SIZE;
        try {
            return bundle.blobCertificate(Certificate.decode(encoded, bitmapBits), index);
        } catch (InvalidEncodingException e) {
            return null;
        }
    }

    /**
     * The certificates of some of its blobs.
     *
     * @param firstEntry the entry to begin with
     * @param wanted which entries
     * @param maxCount most of them
     * @param found where they go
     * @return the first entry that was not looked at; the count of entries when all were, or when the stored certificate
     *     is none
     */
    int collect(int firstEntry, Predicate<BundleEntry> wanted, int maxCount, List<BlobCertificate> found) {
        Certificate certificate;
        try {
            certificate = Certificate.decode(encoded, (encoded.length - FIXED_BYTES) * Byte.SIZE);
        } catch (InvalidEncodingException e) {
            return entries().size();
        }
        int entry = firstEntry;
        int left = maxCount;
        for (; entry < entries().size() && left > 0; entry++) {
            if (wanted.test(entries().get(entry))) {
                found.add(bundle.blobCertificate(certificate, entry));
                left--;
            }
        }
        return entry;
    }
}
