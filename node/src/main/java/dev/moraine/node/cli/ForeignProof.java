package dev.moraine.node.cli;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.blob.InvalidMetadataException;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.certificate.CertificateVerdict;
import dev.moraine.proofs.certificate.InvalidEncodingException;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.proofs.proof.ByteRangeProof;
import dev.moraine.proofs.proof.ProofVerdict;
import dev.moraine.proofs.proof.SymbolProof;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a file about a blob of a deployment. The header is checked against the blob id before the length that it
 * implies is believed, and the file's length is compared before the file is read.
 */
final class ForeignProof {
    private final Committee committee;
    private final Geometry geometry;
    private final ProofFile file;
    private final BlobId id;

    /**
     * Prepares.
     *
     * @param committee the deployment's committee
     * @param file the file
     * @param id the blob that the file must be about
     */
    ForeignProof(Committee committee, ProofFile file, BlobId id) {
        this.committee = committee;
        this.geometry = committee.geometry();
        this.file = file;
        this.id = id;
    }

    /**
     * Verifies the file as the blob's certificate.
     *
     * @param namespace whose batch it must be, or null for any
     * @param minExpiryEpoch the least epoch until which the blob must be kept
     * @return what was found
     * @throws CommandFailedException if reading fails
     */
    Finding verifyCertificate(@Nullable Namespace namespace, long minExpiryEpoch) throws CommandFailedException {
        int members = committee.members().size();
        if (file.lengthBytes() > BlobCertificate.maxEncodedBytes(members)) {
            return Finding.of(CertificateVerdict.WRONG_LENGTH);
        }
        byte[] encoded = file.read((int) file.lengthBytes());
        CertificateVerdict verdict = BlobCertificate.verify(encoded, committee);
        if (verdict != CertificateVerdict.ACCEPT) {
            return Finding.of(verdict);
        }
        BlobCertificate certificate;
        try {
            certificate = BlobCertificate.decode(encoded, members);
        } catch (InvalidEncodingException e) {
            throw new IllegalStateException("bytes that were accepted decode", e);
        }
        BundleEntry entry = certificate.entry();
        if (!entry.blobId().equals(id)) {
            return Finding.of(ProofVerdict.WRONG_ID);
        }
        if (namespace != null && !entry.namespace().equals(namespace)) {
            return Finding.of(Demand.WRONG_NAMESPACE);
        }
        if (entry.expiryEpoch() < minExpiryEpoch) {
            return Finding.of(Demand.EXPIRES_TOO_SOON);
        }
        return Finding.accept(factsOf(certificate));
    }

    /** What a valid certificate may not meet of what its reader demands. */
    private enum Demand {
        /** The blob was stored for another rollup. */
        WRONG_NAMESPACE,
        /** The blob need not be kept for as long as its reader needs it. */
        EXPIRES_TOO_SOON
    }

    private Map<String, Object> factsOf(BlobCertificate certificate) {
        BundleEntry entry = certificate.entry();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("blobId", entry.blobId().toString());
        facts.put("namespace", entry.namespace().value().toString());
        facts.put("lengthBytes", entry.lengthBytes());
        facts.put("epoch", certificate.certificate().statement().epoch());
        facts.put("expiryEpoch", entry.expiryEpoch());
        facts.put(
                "weight",
                certificate.certificate().signers().stream()
                        .mapToInt(committee::weight)
                        .sum());
        return facts;
    }

    /**
     * Verifies the file as a header and the proof of a symbol.
     *
     * @param row the symbol's row, from 0 to n − 1
     * @param column the symbol's column, from 0 to n − 1
     * @param axis what it is proved by
     * @return what was found
     * @throws CommandFailedException if reading fails
     */
    Finding verifySymbol(int row, int column, Axis axis) throws CommandFailedException {
        BlobHeader header;
        try {
            header = readHeader();
        } catch (InvalidMetadataException e) {
            return Finding.of(ProofVerdict.INVALID_HEADER);
        }
        ProofVerdict headerVerdict = check(header);
        if (headerVerdict != ProofVerdict.ACCEPT) {
            return Finding.of(headerVerdict);
        }
        long proofBytes = SymbolProof.encodedBytes(header, row, column, axis);
        if (file.lengthBytes() != BlobHeader.ENCODED_BYTES + proofBytes) {
            return Finding.of(ProofVerdict.WRONG_LENGTH);
        }
        byte[] encoded = file.read(Math.toIntExact(file.lengthBytes()));
        byte[] proof = Arrays.copyOfRange(encoded, BlobHeader.ENCODED_BYTES, encoded.length);
        SymbolProof decoded = SymbolProof.decode(proof, header, row, column, axis);
        ProofVerdict verdict =
                decoded == null ? ProofVerdict.WRONG_LENGTH : decoded.verify(header, id, row, column, axis);
        if (verdict != ProofVerdict.ACCEPT) {
            return Finding.of(verdict);
        }
        Map<String, Object> facts = factsOf(header);
        facts.put("symbolSizeBytes", header.symbolSizeBytes());
        return Finding.accept(facts);
    }

    /**
     * Verifies the file as the proof of a byte range.
     *
     * @param offset the first byte
     * @param lengthBytes how many bytes
     * @return what was found
     * @throws CommandFailedException if reading fails
     */
    Finding verifyRange(long offset, int lengthBytes) throws CommandFailedException {
        BlobHeader header;
        try {
            header = readHeader();
        } catch (InvalidMetadataException e) {
            return Finding.of(ProofVerdict.INVALID_HEADER);
        }
        ProofVerdict headerVerdict = check(header);
        if (headerVerdict != ProofVerdict.ACCEPT) {
            return Finding.of(headerVerdict);
        }
        if (!ByteRangeProof.isRange(header, offset, lengthBytes)) {
            return Finding.of(ProofVerdict.OUT_OF_RANGE);
        }
        if (file.lengthBytes() != ByteRangeProof.encodedBytes(header, offset, lengthBytes)) {
            return Finding.of(ProofVerdict.WRONG_LENGTH);
        }
        ByteRangeProof proof = ByteRangeProof.decode(file.read(Math.toIntExact(file.lengthBytes())), geometry);
        ProofVerdict verdict =
                proof == null ? ProofVerdict.WRONG_RANGE : proof.verify(geometry, id, offset, lengthBytes);
        return verdict == ProofVerdict.ACCEPT ? Finding.accept(factsOf(header)) : Finding.of(verdict);
    }

    private static Map<String, Object> factsOf(BlobHeader header) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("blobId", header.id().toString());
        facts.put("lengthBytes", header.lengthBytes());
        // The writer's commitment alone may be to a blob that counts as empty: only a WHOLE verdict makes it final.
        facts.put("unchecked", true);
        return facts;
    }

    private BlobHeader readHeader() throws CommandFailedException, InvalidMetadataException {
        return BlobHeader.decode(file.read((int) Math.min(file.lengthBytes(), BlobHeader.ENCODED_BYTES)));
    }

    private ProofVerdict check(BlobHeader header) {
        if (!header.isValidFor(geometry)) {
            return ProofVerdict.INVALID_HEADER;
        }
        return header.id().equals(id) ? ProofVerdict.ACCEPT : ProofVerdict.WRONG_ID;
    }
}
