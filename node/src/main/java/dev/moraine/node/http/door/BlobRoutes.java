package dev.moraine.node.http.door;

import dev.moraine.node.http.HttpAnswer;
import dev.moraine.node.http.HttpHandler;
import dev.moraine.node.http.HttpProblem;
import dev.moraine.node.http.HttpProblemException;
import dev.moraine.node.http.HttpReply;
import dev.moraine.node.http.HttpRequest;
import dev.moraine.node.http.HttpRoutes;
import dev.moraine.node.http.WorkerThreads;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.proofs.committee.Committee;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The gateway's own interface: {@code PUT /v1/blobs}, and {@code GET /v1/blobs/{id}} with {@code /certificate} and
 * {@code /status}.
 */
final class BlobRoutes {
    /** Longest batch that the event loop copies into the write path's memory itself; it takes a tenth of a millisecond. */
    private static final long MAX_COPIED_BYTES = 1 << 20;

    private static final int OK = 200;
    private static final int PARTIAL = 206;
    private static final int NOT_MODIFIED = 304;
    private static final int BAD_REQUEST = 400;
    private static final int UNPROCESSABLE = 422;

    private final BlobPosting posting;
    private final BlobReading reading;
    private final Committee committee;
    private final HttpHandler longPosts;

    private BlobRoutes(BlobPosting posting, BlobReading reading, Committee committee, WorkerThreads writers) {
        this.posting = posting;
        this.reading = reading;
        this.committee = committee;
        this.longPosts = writers.running(this::postAndWait);
    }

    /**
     * Makes the routes.
     *
     * @param posting the way in
     * @param reading the way out
     * @param committee the deployment
     * @param writers run posts of long batches
     * @param readers run reads
     * @param maxBlobBytes longest batch
     * @return the routes
     */
    static HttpRoutes of(
            BlobPosting posting,
            BlobReading reading,
            Committee committee,
            WorkerThreads writers,
            WorkerThreads readers,
            long maxBlobBytes) {
        BlobRoutes routes = new BlobRoutes(posting, reading, committee, writers);
        return new HttpRoutes.Context()
                .upload("PUT", "/v1/blobs", maxBlobBytes, routes::checkPost, null, routes::post)
                .get("/v1/blobs/{id}", readers.running(routes::read))
                .get("/v1/blobs/{id}/certificate", readers.running(routes::certificate))
                .get("/v1/blobs/{id}/status", readers.running(routes::status))
                .conclude();
    }

    private void checkPost(HttpRequest request) throws HttpProblemException {
        request.allowParameters("namespace", "retain", "expiry");
        namespace(request);
        expiry(request);
    }

    private static Namespace namespace(HttpRequest request) throws HttpProblemException {
        String text = request.parameter("namespace");
        try {
            return Namespace.parse(text == null ? "" : text);
        } catch (IllegalArgumentException e) {
            throw HttpProblem.ofField(
                            BAD_REQUEST, "INVALID_PARAMETER", "namespace", text == null ? "" : text,
                            "64 lower-case hex digits or a name of 1 to 32 printable ASCII characters")
                    .toException();
        }
    }

    private long expiry(HttpRequest request) throws HttpProblemException {
        long epoch = posting.expiryAfter(0);
        Long retain = request.number("retain", 1, committee.retentionEpochs());
        Long expiry = request.number("expiry", epoch, epoch + committee.retentionEpochs());
        if ((retain == null) == (expiry == null)) {
            throw HttpProblem.ofField(
                            BAD_REQUEST, "INVALID_PARAMETER", "retain, expiry", retain == null ? "neither" : "both",
                            "one of the two: epochs to keep the blob for, or the last epoch to keep it in")
                    .toException();
        }
        return retain == null ? expiry : epoch + retain;
    }

    private void post(HttpRequest request, HttpReply reply) throws HttpProblemException {
        if (request.body().byteSize() > MAX_COPIED_BYTES) {
            longPosts.handle(request, reply);
            return;
        }
        posting.post(
                request,
                namespace(request),
                expiry(request),
                certificate -> reply.send(posted(request, certificate)),
                problem -> reply.send(problem.toAnswer()));
    }

    private HttpAnswer postAndWait(HttpRequest request) throws HttpProblemException, InterruptedException {
        return posted(request, posting.postAndWait(request, namespace(request), expiry(request)));
    }

    private static HttpAnswer posted(HttpRequest request, BlobCertificate certificate) {
        return request.accepts(HttpAnswer.BYTES)
                ? HttpAnswer.bytes(OK, HttpAnswer.BYTES, certificate.encode())
                : HttpAnswer.json(OK, facts(certificate));
    }

    private static Map<String, Object> facts(BlobCertificate certificate) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("id", certificate.entry().blobId().toString());
        facts.put("namespace", certificate.entry().namespace().toString());
        facts.put("lengthBytes", certificate.entry().lengthBytes());
        facts.put("expiryEpoch", certificate.entry().expiryEpoch());
        facts.put("epoch", certificate.certificate().statement().epoch());
        facts.put("signers", certificate.certificate().signers());
        facts.put("certificate", HexFormat.of().formatHex(certificate.encode()));
        return facts;
    }

    private static BlobId id(HttpRequest request) throws HttpProblemException {
        String text = request.pathParameter("id");
        try {
            return BlobId.parse(text);
        } catch (IllegalArgumentException e) {
            throw HttpProblem.ofField(BAD_REQUEST, "INVALID_ID", "id", text, "64 lower-case hex digits").toException();
        }
    }

    private HttpAnswer read(HttpRequest request) throws HttpProblemException, InterruptedException {
        request.allowParameters();
        BlobId id = id(request);
        String tag = "\"" + id + "\"";
        if (tag.equals(request.header("If-None-Match"))) {
            // A blob never changes: whoever has it need not get it again.
            return HttpAnswer.empty(NOT_MODIFIED).header("ETag", tag);
        }
        BlobReading.Blob blob = reading.read(id)
                .orElseThrow(() -> HttpProblem.of(
                                UNPROCESSABLE, "INCONSISTENT", "the writer encoded this blob wrongly: it counts as empty")
                        .toException());
        boolean isGivenAway = false;
        try {
            MemorySegment bytes = blob.bytes();
            ByteRange range = ByteRange.of(request.header("Range"), bytes.byteSize());
            MemorySegment part = range == null ? bytes : bytes.asSlice(range.offset(), range.lengthBytes());
            HttpAnswer answer = HttpAnswer.lent(range == null ? OK : PARTIAL, HttpAnswer.BYTES, part, blob::close)
                    .header("ETag", tag)
                    .header("Accept-Ranges", "bytes")
                    .header("Cache-Control", "public, max-age=31536000, immutable");
            isGivenAway = true;
            return range == null
                    ? answer
                    : answer.header("Content-Range", "bytes " + range.offset() + "-"
                            + (range.offset() + range.lengthBytes() - 1) + "/" + bytes.byteSize());
        } finally {
            if (!isGivenAway) {
                blob.close();
            }
        }
    }

    private HttpAnswer certificate(HttpRequest request) throws HttpProblemException, InterruptedException {
        request.allowParameters();
        BlobId id = id(request);
        BlobCertificate certificate =
                reading.certificate(id).orElseThrow(() -> Problems.noSuchBlob(id).toException());
        return request.accepts(HttpAnswer.JSON)
                ? HttpAnswer.json(OK, facts(certificate))
                : HttpAnswer.bytes(OK, HttpAnswer.BYTES, certificate.encode());
    }

    private HttpAnswer status(HttpRequest request) throws HttpProblemException, InterruptedException {
        request.allowParameters();
        BlobId id = id(request);
        boolean isPending = reading.isPending(id);
        Optional<BlobCertificate> certificate = isPending ? Optional.empty() : reading.certificate(id);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("id", id.toString());
        facts.put("status", isPending ? "PENDING" : certificate.isPresent() ? "CERTIFIED" : "UNKNOWN");
        certificate.ifPresent(known -> {
            facts.put("namespace", known.entry().namespace().toString());
            facts.put("lengthBytes", known.entry().lengthBytes());
            facts.put("expiryEpoch", known.entry().expiryEpoch());
        });
        return HttpAnswer.json(OK, facts);
    }
}
