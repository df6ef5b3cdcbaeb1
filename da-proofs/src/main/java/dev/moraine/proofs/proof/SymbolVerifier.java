package dev.moraine.proofs.proof;

import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.hash.Digest;

/**
 * Verifies encoded symbol proofs of one blob where they lie, without making an object: for whoever verifies many. The
 * verdicts are those of {@link SymbolProof#verify}, except that bytes of a wrong length are no proof there.
 *
 * <p>For one thread.
 */
public final class SymbolVerifier {
    private final BlobHeader header;
    private final byte[] blobRoot;
    private final ProofVerdict headerVerdict;
    private final PathHasher hasher = new PathHasher();

    /**
     * Checks the header once for all proofs.
     *
     * @param header the header of the wanted blob, which the caller has found valid for its deployment
     * @param id the wanted blob; every proof is rejected if the header is not its
     */
    public SymbolVerifier(BlobHeader header, BlobId id) {
        this.header = header;
        this.blobRoot = header.blobRoot().toBytes();
        this.headerVerdict = CommitmentPath.checkHeader(header, id);
    }

    /**
     * Verifies that bytes are the proof of the symbol that was asked for. Never throws, whatever they are, and
     * allocates nothing from the second symbol on.
     *
     * @param bytes where the encoded proof is
     * @param offset its first byte
     * @param lengthBytes how long it is; {@code [offset, offset + lengthBytes)} lies in the array
     * @param row the row that was asked for
     * @param column the column that was asked for
     * @param axis the axis that was asked for
     * @return {@link ProofVerdict#ACCEPT} or the reason to reject
     */
    public ProofVerdict verify(byte[] bytes, int offset, int lengthBytes, int row, int column, Axis axis) {
        if (headerVerdict != ProofVerdict.ACCEPT) {
            return headerVerdict;
        }
        if (!CommitmentPath.hasSymbol(header, row, column)) {
            return ProofVerdict.OUT_OF_RANGE;
        }
        int symbolSizeBytes = header.symbolSizeBytes();
        int linePathBytes = CommitmentPath.linePathBytes(header, axis, row, column);
        int blobPathBytes = CommitmentPath.blobPathBytes(header, axis, row, column);
        int pathsBytes = linePathBytes + Digest.BYTES + blobPathBytes;
        if (lengthBytes != (long) symbolSizeBytes + pathsBytes
                || offset < 0
                || offset > bytes.length - lengthBytes) {
            return ProofVerdict.WRONG_LENGTH;
        }
        boolean byRow = axis == Axis.ROW;
        int linePath = offset + symbolSizeBytes;
        int pairSibling = linePath + linePathBytes;
        hasher.startAtSymbol(bytes, offset, symbolSizeBytes);
        hasher.climb(bytes, linePath, byRow ? column : row, header.shards());
        hasher.pairUp(bytes, pairSibling, axis);
        hasher.climb(bytes, pairSibling + Digest.BYTES, byRow ? row : column, header.shards());
        return hasher.isAt(blobRoot) ? ProofVerdict.ACCEPT : ProofVerdict.WRONG_ROOT;
    }
}
