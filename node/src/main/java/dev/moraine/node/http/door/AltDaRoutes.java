package dev.moraine.node.http.door;

import dev.moraine.node.http.HttpAnswer;
import dev.moraine.node.http.HttpCheck;
import dev.moraine.node.http.HttpProblem;
import dev.moraine.node.http.HttpProblemException;
import dev.moraine.node.http.HttpRequest;
import dev.moraine.node.http.HttpRoutes;
import dev.moraine.node.http.WorkerThreads;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.Namespace;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * The DA server that the OP Stack's alt-DA mode talks to: {@code POST /put} with generic commitments,
 * {@code POST /put/0x00…} with Keccak ones, {@code GET /get/0x…}. Status 404 means that there definitely are no such
 * bytes, since a rollup node acts on it; whatever else is wrong has another status.
 */
final class AltDaRoutes {
    private static final System.Logger LOG = System.getLogger(AltDaRoutes.class.getName());
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;

    private final BlobPosting posting;
    private final BlobReading reading;
    private final KeccakIndex index;
    private final Namespace namespace;
    private final long retainEpochs;

    /**
     * Makes a server's work.
     *
     * @param posting the way in
     * @param reading the way out
     * @param index remembers which blob a Keccak commitment stands for
     * @param namespace whose batches they are
     * @param retainEpochs how long they are kept
     */
    AltDaRoutes(
            BlobPosting posting, BlobReading reading, KeccakIndex index, Namespace namespace, long retainEpochs) {
        this.posting = posting;
        this.reading = reading;
        this.index = index;
        this.namespace = namespace;
        this.retainEpochs = retainEpochs;
    }

    /**
     * Makes the routes.
     *
     * @param writers run puts
     * @param readers run gets
     * @param maxBlobBytes longest batch
     * @return the routes
     */
    HttpRoutes routes(WorkerThreads writers, WorkerThreads readers, long maxBlobBytes) {
        HttpRoutes.Context routes = new HttpRoutes.Context().unknownPathStatus(BAD_REQUEST);
        HttpCheck isKeccak = request -> keccakKey(request);
        for (String method : new String[] {"POST", "PUT"}) {
            for (String path : new String[] {"/put", "/put/"}) {
                routes.upload(method, path, maxBlobBytes, HttpCheck.NONE, null, writers.running(this::putGeneric));
            }
            routes.upload(method, "/put/{key}", maxBlobBytes, isKeccak, null, writers.running(this::putKeccak));
        }
        return routes.get("/get/{key}", readers.running(this::get))
                .get("/health", (_, reply) -> reply.send(HttpAnswer.json(OK, Map.of("status", "OK"))))
                .conclude();
    }

    private HttpAnswer putGeneric(HttpRequest request) throws HttpProblemException, InterruptedException {
        BlobCertificate certificate = posting.postAndWait(request, namespace, posting.expiryAfter(retainEpochs));
        AltDaCommitment commitment =
                AltDaCommitment.generic(certificate.entry().blobId());
        return HttpAnswer.bytes(OK, HttpAnswer.BYTES, commitment.encode());
    }

    private static AltDaCommitment keccakKey(HttpRequest request) throws HttpProblemException {
        AltDaCommitment commitment = AltDaCommitment.parse(request.pathParameter("key"));
        if (!commitment.isKeccak()) {
            throw HttpProblem.ofField(
                            BAD_REQUEST, "INVALID_COMMITMENT", "commitment", request.pathParameter("key"),
                            "00 and a Keccak-256 hash: generic commitments are made by the server")
                    .toException();
        }
        return commitment;
    }

    private HttpAnswer putKeccak(HttpRequest request) throws HttpProblemException, InterruptedException {
        AltDaCommitment commitment = keccakKey(request);
        if (request.body().byteSize() > 0
                && !Keccak256.of(request.body()).equals(commitment.digest())) {
            throw HttpProblem.ofField(
                            BAD_REQUEST, "WRONG_COMMITMENT", "commitment", request.pathParameter("key"),
                            "00 and the Keccak-256 hash of the body")
                    .toException();
        }
        try {
            if (index.find(commitment.digest()) == null && !index.hasRoom(posting.epoch())) {
                throw Problems.unavailable("the index of Keccak commitments is full").toException();
            }
            BlobCertificate certificate = posting.postAndWait(request, namespace, posting.expiryAfter(retainEpochs));
            index.put(
                    commitment.digest(),
                    new KeccakIndex.Entry(
                            certificate.entry().blobId(), certificate.entry().expiryEpoch()));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, "the index of Keccak commitments cannot be written", e);
            throw Problems.unavailable("the index of Keccak commitments cannot be written").toException();
        }
        return HttpAnswer.bytes(OK, HttpAnswer.BYTES, new byte[0]);
    }

    private HttpAnswer get(HttpRequest request) throws HttpProblemException, InterruptedException {
        AltDaCommitment commitment = AltDaCommitment.parse(request.pathParameter("key"));
        Optional<BlobReading.Blob> blob = reading.read(blobId(commitment));
        // A blob that was encoded wrongly counts as the empty byte string: an answer, and not a miss.
        return blob.map(read -> HttpAnswer.lent(OK, HttpAnswer.BYTES, read.bytes(), read::close))
                .orElseGet(() -> HttpAnswer.bytes(OK, HttpAnswer.BYTES, new byte[0]))
                .header("Cache-Control", "public, max-age=31536000, immutable");
    }

    private BlobId blobId(AltDaCommitment commitment) throws HttpProblemException {
        if (!commitment.isKeccak()) {
            return new BlobId(commitment.digest());
        }
        KeccakIndex.Entry entry = index.find(commitment.digest());
        if (entry != null) {
            return entry.blobId();
        }
        throw (index.isComplete()
                        ? HttpProblem.ofField(
                                NOT_FOUND, "NOT_FOUND", "commitment", commitment.digest(),
                                "of a batch that was put through this gateway")
                        : Problems.unavailable("the index of Keccak commitments is damaged: put the batch again"))
                .toException();
    }
}
