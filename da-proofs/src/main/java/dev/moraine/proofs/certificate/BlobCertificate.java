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
        Placed placed = Placed.decode(encoded, members);
        return new BlobCertificate(
                Certificate.decode(Arrays.copyOf(encoded, Certificate.encodedBytes(members)), members),
                placed.entry(),
                placed.index(),
                placed.path());
    }

    /**
     * Verifies foreign bytes. Never throws, whatever they are. The aggregate is read last.
     *
     * @param encoded the bytes
     * @param committee the committee of the epoch
     * @return {@link CertificateVerdict#ACCEPT} if they certify the entry that they carry, else the reason why not
     */
    public static CertificateVerdict verify(byte[] encoded, Committee committee) {
        try {
            int members = committee.members().size();
            CertificateVerdict path = Placed.decode(encoded, members).verify();
            return path == CertificateVerdict.ACCEPT
                    ? Certificate.verify(Arrays.copyOf(encoded, Certificate.encodedBytes(members)), committee)
                    : path;
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
        CertificateVerdict placed = new Placed(certificate.statement(), entry, index, path).verify();
        if (placed != CertificateVerdict.ACCEPT) {
            return placed;
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

    /** An entry with its place under a statement, whoever signed that. */
    @SuppressWarnings("ArrayRecordComponent") // nothing changes or compares the array
    private record Placed(Statement statement, BundleEntry entry, int index, byte[] path) {
        static Placed decode(byte[] encoded, int members) throws InvalidEncodingException {
            int entryOffset = Certificate.encodedBytes(members);
            int indexOffset = entryOffset + BundleEntry.ENCODED_BYTES;
            int pathOffset = indexOffset + Integer.BYTES;
            if (encoded.length < pathOffset) {
                throw new InvalidEncodingException(
                        EncodingFault.WRONG_LENGTH,
                        "a blob's certificate of " + members + " nodes has at least " + pathOffset + " bytes, not "
                                + encoded.length);
            }
            Statement statement = CertificateHead.decode(Arrays.copyOf(encoded, entryOffset), members).statement();
            BundleEntry entry = BundleEntry.decode(Arrays.copyOfRange(encoded, entryOffset, indexOffset));
            int index = ByteBuffer.wrap(encoded).getInt(indexOffset);
            int count = statement.count();
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
            return new Placed(statement, entry, index, Arrays.copyOfRange(encoded, pathOffset, encoded.length));
        }

        CertificateVerdict verify() {
            Digest root = MerklePath.rootFrom(MerkleTree.leafHash(entry.encode()), index, statement.count(), path);
            if (root == null) {
                return CertificateVerdict.WRONG_LENGTH;
            }
            return root.equals(statement.bundleRoot()) ? CertificateVerdict.ACCEPT : CertificateVerdict.WRONG_PATH;
        }
    }
}
