package dev.moraine.node.http.door;

import dev.moraine.node.http.HttpAnswer;
import dev.moraine.node.http.HttpProblem;
import dev.moraine.node.http.HttpProblemException;
import dev.moraine.node.http.HttpRequest;
import dev.moraine.node.http.HttpRoutes;
import dev.moraine.node.http.WorkerThreads;
import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.proofs.proof.SymbolProof;
import dev.moraine.sampling.read.CommitteeReader;
import dev.moraine.sampling.read.Deadline;
import dev.moraine.sampling.read.RangeResult;
import dev.moraine.sampling.read.SharedReader;
import dev.moraine.wire.message.Coordinate;
import dev.moraine.wire.transport.PeerConnection;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Ranges and symbols of blobs with their proofs, as the nodes of the committee give them: verified here, and to be
 * verified by whoever asks. However many ask for the same, it is fetched once.
 *
 * <p>Thread-safe.
 */
final class ProofRoutes implements AutoCloseable {
    private static final int BAD_REQUEST = 400;
    private static final int GONE = 410;
    private static final int OK = 200;
    private static final long CACHE_BYTES = 32L << 20;
    private static final String UNCHECKED = "moraine-unchecked";
    private static final String HEADER = "moraine-header";
    private static final String AXIS = "moraine-axis";

    private final SharedReader reader;
    private final Duration timeout;
    private final int shards;

    /**
     * Answers over connections that stay the caller's.
     *
     * @param committee who is asked
     * @param peers one connection for each member
     * @param maxBlobBytes longest blob that is read whole where its rows cannot be had
     * @param timeout how long an answer may take
     */
    ProofRoutes(Committee committee, List<PeerConnection> peers, long maxBlobBytes, Duration timeout) {
        this.reader = new SharedReader.Context()
                .committee(new CommitteeReader.Context()
                        .committee(committee)
                        .peers(peers)
                        .maxBlobBytes(maxBlobBytes)
                        .conclude())
                .cacheBytes(CACHE_BYTES)
                .conclude();
        this.timeout = timeout;
        this.shards = committee.geometry().shards();
    }

    /**
     * The table.
     *
     * @param workers run the requests, which block
     * @return two routes
     */
    HttpRoutes routes(WorkerThreads workers) {
        return new HttpRoutes.Context()
                .get("/v1/blobs/{id}/proof", workers.running(this::range))
                .get("/v1/blobs/{id}/symbols/{row}/{column}", workers.running(this::symbol))
                .conclude();
    }

    private HttpAnswer range(HttpRequest request) throws HttpProblemException, InterruptedException {
        request.allowParameters("offset", "length");
        BlobId id = blobId(request);
        long offset = required(request, "offset", 0, Long.MAX_VALUE);
        int lengthBytes = (int) required(request, "length", 1, reader.committee().maxRangeBytes());
        Deadline deadline = reader.committee().deadline(timeout);
        long blobBytes = metadata(id, deadline).header().lengthBytes();
        if (offset > blobBytes - lengthBytes) {
            throw HttpProblem.ofField(
                            BAD_REQUEST,
                            "RANGE_OUT_OF_BOUNDS",
                            "offset, length",
                            offset + ", " + lengthBytes,
                            "an end within the blob's " + blobBytes + " bytes")
                    .toException();
        }
        return switch (reader.range(id, offset, lengthBytes, deadline)) {
            case RangeResult.Proved proved -> HttpAnswer.bytes(
                            OK, HttpAnswer.BYTES, proved.proof().encode())
                    .header(UNCHECKED, Boolean.toString(proved.isUnchecked()));
            case RangeResult.Inconsistent _ ->
                throw HttpProblem.of(GONE, "COUNTS_AS_EMPTY", "the blob was encoded wrongly and counts as empty")
                        .toException();
            case RangeResult.Unavailable unavailable ->
                throw Problems.unavailable(unavailable.missing()).toException();
        };
    }

    private HttpAnswer symbol(HttpRequest request) throws HttpProblemException, InterruptedException {
        request.allowParameters();
        BlobId id = blobId(request);
        Coordinate coordinate = new Coordinate(index(request, "row"), index(request, "column"));
        Deadline deadline = reader.committee().deadline(timeout);
        BlobHeader header = metadata(id, deadline).header();
        for (Axis axis : Axis.values()) {
            Optional<Map<Coordinate, SymbolProof>> proofs = reader.committee()
                    .symbols(header, axis, List.of(coordinate), reader.committee().deadline(timeout.dividedBy(2)))
                    .value();
            if (proofs.isPresent()) {
                byte[] proof = proofs.get().values().iterator().next().encode();
                return HttpAnswer.bytes(OK, HttpAnswer.BYTES, proof)
                        .header(AXIS, axis.name().toLowerCase(Locale.ROOT))
                        .header(HEADER, HexFormat.of().formatHex(header.encode()))
                        .header(UNCHECKED, "true");
            }
        }
        throw Problems.unavailable("neither holder proved the symbol").toException();
    }

    private BlobMetadata metadata(BlobId id, Deadline deadline) throws HttpProblemException, InterruptedException {
        Optional<BlobMetadata> metadata = reader.metadata(id, deadline).value();
        if (metadata.isEmpty()) {
            throw Problems.unavailable("no node gave the metadata of " + id).toException();
        }
        return metadata.get();
    }

    private static BlobId blobId(HttpRequest request) throws HttpProblemException {
        String id = request.pathParameter("id");
        try {
            return BlobId.parse(id);
        } catch (IllegalArgumentException e) {
            throw HttpProblem.ofField(BAD_REQUEST, "WRONG_ID", "id", id, "64 lower-case hex digits")
                    .toException();
        }
    }

    private static long required(HttpRequest request, String name, long least, long most)
            throws HttpProblemException {
        Long number = request.number(name, least, most);
        if (number == null) {
            throw HttpProblem.ofField(BAD_REQUEST, "MISSING", name, "nothing", "a number from " + least)
                    .toException();
        }
        return number;
    }

    private int index(HttpRequest request, String name) throws HttpProblemException {
        String text = request.pathParameter(name);
        if (text.matches("0|[1-9][0-9]{0,3}") && Integer.parseInt(text) < shards) {
            return Integer.parseInt(text);
        }
        throw HttpProblem.ofField(BAD_REQUEST, "OUT_OF_RANGE", name, text, "a number from 0 to " + (shards - 1))
                .toException();
    }

    @Override
    public void close() {
        reader.close();
    }
}
