package dev.moraine.proofs.certificate;

import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.hash.Digest;
import dev.moraine.proofs.merkle.MerklePath;
import dev.moraine.proofs.merkle.MerkleTree;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/**
 * What a rollup posts: a certificate and the path that shows one blob in its bundle,
 * {@code certificate ‖ entry 80 ‖ index u32 ‖ Merkle path of the entry}.
 *
 * <p>Immutable and thread-safe.
 *
 * @param certificate the certificate over the bundle
 * @param entry the blob's entry
 * @param index its place in the bundle, from 0, below the count of the statement
 * @param path the sibling hashes, bottom up, 32 bytes each; copied
 */
// The array is copied on its way in and out, and compared by content.
@SuppressWarnings("ArrayRecordComponent")
public record BlobCertificate(Certificate certificate, BundleEntry entry, int index, byte[] path) {
    /**
     * Checks the index and copies the path.
     *
     * @throws IndexOutOfBoundsException if the index is not below the count of the statement
     */
    public BlobCertificate {
        Objects.checkIndex(index, certificate.statement().count());
        path = path.clone();
    }

    /**
     * Bytes of the longest encoding, that of an entry of the largest bundle.
     *
     * @param members how many nodes the committee has
     * @return a length that no encoding for such a committee exceeds
     */
    public static int maxEncodedBytes(int members) {
        return Certificate.encodedBytes(members)
                + BundleEntry.ENCODED_BYTES
                + Integer.BYTES
                + MerklePath.siblingCount(0, Bundle.MAX_ENTRIES) * Digest.BYTES;
    }

    /**
     * The encoding.
     *
     * @return a new array
     */
    public byte[] encode() {
        byte[] bundleCertificate = certificate.encode();
        return ByteBuffer.allocate(
                        bundleCertificate.length + BundleEntry.ENCODED_BYTES + Integer.BYTES + path.length)
                .put(bundleCertificate)
                .put(entry.encode())
                .putInt(index)
                .put(path)
                .array();
    }

    /**
     * Reads an encoding.
     *
     * @param encoded bytes from outside, of any length and content
     * @param members how many nodes the committee has
     * @return the certificate, which is not verified
     * @throws InvalidEncodingException unless they are the encoding of a blob's certificate of such a committee
     */
    public static BlobCertificate decode(byte[] encoded, int members) throws InvalidEncodingException {
        int entryOffset = Certificate.encodedBytes(members);
        int indexOffset = entryOffset + BundleEntry.ENCODED_BYTES;
        int pathOffset = indexOffset + Integer.BYTES;
        if (encoded.length < pathOffset) {
            throw new InvalidEncodingException(
                    EncodingFault.WRONG_LENGTH,
                    "a blob's certificate of " + members + " nodes has at least " + pathOffset + " bytes, not "
                            + encoded.length);
        }
        Certificate certificate = Certificate.decode(Arrays.copyOf(encoded, entryOffset), members);
        BundleEntry entry = BundleEntry.decode(Arrays.copyOfRange(encoded, entryOffset, indexOffset));
        int index = ByteBuffer.wrap(encoded).getInt(indexOffset);
        int count = certificate.statement().count();
        if (index < 0 || index >= count) {
            throw new InvalidEncodingException(
                    EncodingFault.OUT_OF_RANGE,
                    "the index must be below the count " + count + ", but is " + Integer.toUnsignedString(index));
        }
        int pathBytes = MerklePath.siblingCount(index, count) * Digest.BYTES;
        if (encoded.length != pathOffset + pathBytes) {
            throw new InvalidEncodingException(
                    EncodingFault.WRONG_LENGTH,
                    "the path of entry " + index + " of " + count + " has " + pathBytes + " bytes, not "
                            + (encoded.length - pathOffset));
        }
        return new BlobCertificate(
                certificate, entry, index, Arrays.copyOfRange(encoded, pathOffset, encoded.length));
    }

    /**
     * Verifies foreign bytes. Never throws, whatever they are.
     *
     * @param encoded the bytes
     * @param committee the committee of the epoch
     * @return {@link CertificateVerdict#ACCEPT} if they certify the entry that they carry, else the reason why not
     */
    public static CertificateVerdict verify(byte[] encoded, Committee committee) {
        try {
            return decode(encoded, committee.members().size()).verify(committee);
        } catch (InvalidEncodingException e) {
            return CertificateVerdict.of(e.fault());
        }
    }

    /**
     * Whether the entry is in the bundle and the certificate is valid.
     *
     * @param committee the committee of the epoch
     * @return the verdict
     */
    public CertificateVerdict verify(Committee committee) {
        Digest root = MerklePath.rootFrom(
                MerkleTree.leafHash(entry.encode()), index, certificate.statement().count(), path);
        if (root == null) {
            return CertificateVerdict.WRONG_LENGTH;
        }
        if (!root.equals(certificate.statement().bundleRoot())) {
            return CertificateVerdict.WRONG_PATH;
        }
        return certificate.verify(committee);
    }

    /** A copy of the path. */
    @Override
    public byte[] path() {
        return path.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BlobCertificate blob
                && certificate.equals(blob.certificate)
                && entry.equals(blob.entry)
                && index == blob.index
                && Arrays.equals(path, blob.path);
    }

    @Override
    public int hashCode() {
        return Objects.hash(certificate, entry, index, Arrays.hashCode(path));
    }
}
