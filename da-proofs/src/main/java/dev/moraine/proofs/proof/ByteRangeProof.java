package dev.moraine.proofs.proof;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobCommitment;
import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.blob.InvalidMetadataException;
import dev.moraine.proofs.blob.SymbolTree;
import dev.moraine.proofs.hash.Digest;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A byte range of a blob with the header and the chunks that cover it, each with its way to the blob root (protocol,
 * section 9).
 *
 * <p>Encoded: {@code header ‖ offset u64 ‖ length u32}, then the covering chunks in the order of the blob's bytes.
 * Before the first chunk of a row stand {@code C_row ‖ path of the pair to T}, before the first chunk of a symbol its
 * path to {@code R_row}; a chunk is followed by its path to the symbol root. So every length follows from header and
 * range.
 *
 * <p>What is shown is what the rows commit to; whether the blob counts at all is for a WHOLE verdict to say.
 *
 * @param header the blob's header
 * @param offset first byte of the range
 * @param lengthBytes bytes of the range
 * @param chunks the proofs of the chunks that cover the range, in the order of the blob's bytes
 */
public record ByteRangeProof(BlobHeader header, long offset, int lengthBytes, List<ChunkProof> chunks) {
    /** Longest range of one proof. */
    public static final int MAX_RANGE_BYTES = 1 << 24;

    private static final int PREFIX_BYTES = BlobHeader.ENCODED_BYTES + Long.BYTES + Integer.BYTES;

    /** Keeps its own copy of the list. */
    public ByteRangeProof {
        chunks = List.copyOf(chunks);
    }

    /**
     * Makes a proof from the whole blob.
     *
     * @param commitment the blob's commitment
     * @param matrixBytes the n·n symbols row by row
     * @param offset first byte of the range
     * @param lengthBytes bytes of the range, from 1 to {@link #MAX_RANGE_BYTES}
     * @return the proof
     * @throws IllegalArgumentException if the range is empty, too long or not within the blob, or commitment and matrix
     *     do not fit together
     */
    public static ByteRangeProof of(
            BlobCommitment commitment, MemorySegment matrixBytes, long offset, int lengthBytes) {
        if (lengthBytes > MAX_RANGE_BYTES) {
            throw new IllegalArgumentException(
                    "lengthBytes must be at most " + MAX_RANGE_BYTES + ", but is " + lengthBytes);
        }
        BlobHeader header = commitment.metadata().header();
        List<ChunkProof> chunks = new ArrayList<>();
        for (ChunkRun run : ChunkRun.covering(header, offset, lengthBytes)) {
            chunks.addAll(ChunkProof.of(commitment, matrixBytes, run));
        }
        return new ByteRangeProof(header, offset, lengthBytes, chunks);
    }

    /**
     * Length of an encoded proof.
     *
     * @param header a valid header
     * @param offset first byte of the range
     * @param lengthBytes bytes of the range
     * @return bytes
     * @throws IllegalArgumentException if it is no range of the blob
     */
    public static long encodedBytes(BlobHeader header, long offset, int lengthBytes) {
        return PREFIX_BYTES + bodyBytes(header, placesOf(header, offset, lengthBytes));
    }

    /**
     * Reads an encoded proof. Never throws, whatever the bytes are.
     *
     * @param bytes the encoded proof
     * @param deployment the geometry of the deployment
     * @return the proof, not yet verified; null if its header is not valid for the deployment, its range is not one of
     *     the blob, or its length is not exactly what both imply
     */
    public static @Nullable ByteRangeProof decode(byte[] bytes, Geometry deployment) {
        if (bytes.length < PREFIX_BYTES) {
            return null;
        }
        BlobHeader header;
        try {
            header = BlobHeader.decode(Arrays.copyOf(bytes, BlobHeader.ENCODED_BYTES));
        } catch (InvalidMetadataException e) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes).position(BlobHeader.ENCODED_BYTES);
        long offset = in.getLong();
        int lengthBytes = in.getInt();
        boolean isLongEnough = in.remaining() >= lengthBytes;
        if (!isLongEnough || !header.isValidFor(deployment) || !isRange(header, offset, lengthBytes)) {
            return null;
        }
        List<Place> places = placesOf(header, offset, lengthBytes);
        if (bodyBytes(header, places) != in.remaining()) {
            return null;
        }
        return new ByteRangeProof(header, offset, lengthBytes, decodeBody(in, header, places));
    }

    /**
     * The one byte form of this proof.
     *
     * @return a new array
     * @throws IllegalStateException if the chunks are not those of the range: such a proof has no byte form
     */
    public byte[] encode() {
        List<Place> places = checkedPlaces();
        ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(PREFIX_BYTES + bodyBytes(header, places)));
        out.put(header.encode()).putLong(offset).putInt(lengthBytes);
        for (int i = 0; i < places.size(); i++) {
            ChunkProof proof = chunks.get(i);
            if (places.get(i).startsRow()) {
                out.put(proof.columnRoot().toBytes()).put(proof.blobPath());
            }
            if (places.get(i).startsSymbol()) {
                out.put(proof.rowPath());
            }
            out.put(proof.chunk()).put(proof.symbolPath());
        }
        return out.array();
    }

    /**
     * The bytes of the range. They mean something only after {@link #verify} has accepted.
     *
     * @return a new array of {@code lengthBytes} bytes
     * @throws IllegalStateException if the chunks are not those of the range
     */
    public byte[] bytes() {
        checkedPlaces();
        byte[] bytes = new byte[lengthBytes];
        int skip = (int) (offset % header.symbolSizeBytes()) % SymbolTree.CHUNK_BYTES;
        int written = 0;
        for (ChunkProof proof : chunks) {
            int taken = Math.min(proof.chunk().length - skip, lengthBytes - written);
            System.arraycopy(proof.chunk(), skip, bytes, written, taken);
            written += taken;
            skip = 0;
        }
        return bytes;
    }

    /**
     * Verifies that this shows the range that was asked for. Never throws, whatever the proof holds.
     *
     * @param deployment the geometry of the deployment
     * @param id the wanted blob
     * @param wantedOffset first byte of the range that was asked for
     * @param wantedLengthBytes bytes of the range that was asked for
     * @return {@link ProofVerdict#ACCEPT} or the reason to reject
     */
    public ProofVerdict verify(Geometry deployment, BlobId id, long wantedOffset, int wantedLengthBytes) {
        if (!header.isValidFor(deployment)) {
            return ProofVerdict.INVALID_HEADER;
        }
        if (!header.id().equals(id)) {
            return ProofVerdict.WRONG_ID;
        }
        if (!isRange(header, wantedOffset, wantedLengthBytes)) {
            return ProofVerdict.OUT_OF_RANGE;
        }
        if (offset != wantedOffset || lengthBytes != wantedLengthBytes) {
            return ProofVerdict.WRONG_RANGE;
        }
        List<Place> places = placesOf(header, offset, lengthBytes);
        if (chunks.size() != places.size()) {
            return ProofVerdict.WRONG_LENGTH;
        }
        for (int i = 0; i < places.size(); i++) {
            Place place = places.get(i);
            ProofVerdict verdict = chunks.get(i).verifyUnder(header, place.row(), place.column(), place.chunk());
            if (verdict != ProofVerdict.ACCEPT) {
                return verdict;
            }
        }
        return ProofVerdict.ACCEPT;
    }

    /**
     * Whether a range can be proved.
     *
     * @param header a valid header
     * @param offset first byte of the range
     * @param lengthBytes bytes of the range
     * @return whether it has from 1 to {@link #MAX_RANGE_BYTES} bytes and lies within the blob
     */
    public static boolean isRange(BlobHeader header, long offset, int lengthBytes) {
        return offset >= 0
                && lengthBytes >= 1
                && lengthBytes <= MAX_RANGE_BYTES
                && offset <= header.lengthBytes() - lengthBytes;
    }

    private static List<Place> placesOf(BlobHeader header, long offset, int lengthBytes) {
        List<Place> places = new ArrayList<>();
        int row = -1;
        int column = -1;
        for (ChunkRun run : ChunkRun.covering(header, offset, lengthBytes)) {
            boolean startsRow = run.row() != row;
            boolean startsSymbol = startsRow || run.column() != column;
            for (int i = 0; i < run.chunkCount(); i++) {
                places.add(new Place(
                        run.row(), run.column(), run.firstChunk() + i, startsRow && i == 0, startsSymbol && i == 0));
            }
            row = run.row();
            column = run.column();
        }
        return places;
    }

    private static long bodyBytes(BlobHeader header, List<Place> places) {
        long bytes = 0;
        for (Place place : places) {
            bytes += place.startsRow() ? Digest.BYTES + place.blobPathBytes(header) : 0;
            bytes += place.startsSymbol() ? place.rowPathBytes(header) : 0;
            bytes += SymbolTree.chunkBytes(header.symbolSizeBytes(), place.chunk());
            bytes += ChunkProof.symbolPathBytes(header, place.chunk());
        }
        return bytes;
    }

    private static List<ChunkProof> decodeBody(ByteBuffer in, BlobHeader header, List<Place> places) {
        List<ChunkProof> chunks = new ArrayList<>(places.size());
        Digest columnRoot = header.blobRoot();
        byte[] blobPath = {};
        byte[] rowPath = {};
        for (Place place : places) {
            if (place.startsRow()) {
                columnRoot = ProofBytes.takeDigest(in);
                blobPath = ProofBytes.take(in, place.blobPathBytes(header));
            }
            if (place.startsSymbol()) {
                rowPath = ProofBytes.take(in, place.rowPathBytes(header));
            }
            byte[] chunk = ProofBytes.take(in, SymbolTree.chunkBytes(header.symbolSizeBytes(), place.chunk()));
            byte[] symbolPath = ProofBytes.take(in, ChunkProof.symbolPathBytes(header, place.chunk()));
            chunks.add(new ChunkProof(chunk, symbolPath, rowPath, columnRoot, blobPath));
        }
        return chunks;
    }

    /** The places of this range, once it is sure that the chunks have their lengths and agree on what they share. */
    private List<Place> checkedPlaces() {
        if (!header.isValidForSomeGeometry() || !isRange(header, offset, lengthBytes)) {
            throw new IllegalStateException("header and range are none of a blob");
        }
        List<Place> places = placesOf(header, offset, lengthBytes);
        if (chunks.size() != places.size()) {
            throw new IllegalStateException(
                    "the range is covered by " + places.size() + " chunks, not by " + chunks.size());
        }
        for (int i = 0; i < places.size(); i++) {
            Place place = places.get(i);
            ChunkProof proof = chunks.get(i);
            if (!proof.hasLengthsOf(header, place.row(), place.column(), place.chunk())
                    || (!place.startsRow() && !proof.sharesPairWith(chunks.get(i - 1)))
                    || (!place.startsSymbol() && !Arrays.equals(proof.rowPath(), chunks.get(i - 1).rowPath()))) {
                throw new IllegalStateException("chunk proof " + i + " does not fit the range or its neighbour");
            }
        }
        return places;
    }

    /** One covering chunk, and whether it is the first one of its row and of its symbol in the range. */
    private record Place(int row, int column, int chunk, boolean startsRow, boolean startsSymbol) {
        int blobPathBytes(BlobHeader header) {
            return CommitmentPath.blobPathBytes(header, Axis.ROW, row, column);
        }

        int rowPathBytes(BlobHeader header) {
            return CommitmentPath.linePathBytes(header, Axis.ROW, row, column);
        }
    }
}
