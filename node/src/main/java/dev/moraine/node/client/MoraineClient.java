package dev.moraine.node.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.moraine.node.genesis.GenesisException;
import dev.moraine.node.genesis.GenesisFile;
import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.proofs.committee.Committee;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Posts batches through a gateway and reads them back. Certificates are verified against the committee, and ids are
 * computed from the bytes, so that a gateway can withhold but not deceive, provided that the committee was given and not
 * fetched from the gateway.
 *
 * <p>Futures end with a value or with a {@link ClientException}, at the latest soon after the deadline. Requests and bytes
 * in flight are bounded: a call waits on its own thread while there are too many. Thread-safe.
 */
public final class MoraineClient implements AutoCloseable {
    private static final int MAX_CERTIFICATE_BYTES = 64 << 10;
    private static final int MAX_JSON_BYTES = 1 << 20;
    private static final int EXPECT_CONTINUE_BYTES = 1 << 20;
    private static final int VERIFIERS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final ClientSettings settings;
    private final InFlight inFlight;
    private final HttpClient http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore verifiers = new Semaphore(VERIFIERS);
    private final AtomicReference<@Nullable BlobVerifier> verifier = new AtomicReference<>();

    private MoraineClient(ClientSettings settings) {
        this.settings = settings;
        this.inFlight = new InFlight(settings.maxRequestsInFlight(), settings.maxBytesInFlight());
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(settings.timeout())
                .build();
        Committee committee = settings.committee();
        verifier.set(committee == null ? null : new BlobVerifier(committee));
    }

    /**
     * Makes a client. Nothing is sent before the first request.
     *
     * @param settings which gateway, whom to believe, and how much at a time
     * @return the client
     */
    public static MoraineClient open(ClientSettings settings) {
        return new MoraineClient(settings);
    }

    /**
     * Posts a batch.
     *
     * @param batch its bytes, at least one, in memory that any thread may read; not to be changed before the future ends
     * @param namespace whose batch it is
     * @param retainEpochs how many epochs after the current one it is kept, at least 1
     * @return the verified certificate
     */
    public CompletableFuture<BlobCertificate> post(MemorySegment batch, Namespace namespace, long retainEpochs) {
        String path = "/v1/blobs?namespace=" + URLEncoder.encode(namespace.toString(), StandardCharsets.US_ASCII)
                + "&retain=" + retainEpochs;
        return bounded(batch.byteSize(), () -> withVerifier(known -> {
            // The id is computed here while the gateway computes it there.
            CompletableFuture<BlobId> id = computing(() -> known.id(batch));
            return call(() -> request(path)
                            .header("Accept", "application/octet-stream")
                            .expectContinue(batch.byteSize() >= EXPECT_CONTINUE_BYTES)
                            .PUT(new SegmentPublisher(batch)), MAX_CERTIFICATE_BYTES)
                    .thenCombine(id, (encoded, own) -> checked(() -> {
                        BlobCertificate certificate = known.certificate(own, encoded);
                        known.checkEntry(certificate, batch.byteSize(), namespace, retainEpochs);
                        return certificate;
                    }));
        }));
    }

    /**
     * Reads a blob through the gateway.
     *
     * @param id the blob
     * @return its bytes, whose id is the one that was asked for
     */
    public CompletableFuture<byte[]> get(BlobId id) {
        return bounded(0, () -> withVerifier(known -> call(() -> request("/v1/blobs/" + id), settings.maxBlobBytes())
                .thenCompose(content -> computing(() -> checked(() -> {
                    known.checkContent(id, MemorySegment.ofArray(content));
                    return content;
                })))));
    }

    /**
     * Fetches a blob's certificate.
     *
     * @param id the blob
     * @return the verified certificate
     */
    public CompletableFuture<BlobCertificate> certificate(BlobId id) {
        return bounded(0, () -> withVerifier(known -> call(
                        () -> request("/v1/blobs/" + id + "/certificate"), MAX_CERTIFICATE_BYTES)
                .thenApply(encoded -> checked(() -> known.certificate(id, encoded)))));
    }

    /**
     * Asks the gateway what became of a blob.
     *
     * @param id the blob
     * @return what it says
     */
    public CompletableFuture<ReportedStatus> status(BlobId id) {
        return bounded(0, () -> call(() -> request("/v1/blobs/" + id + "/status"), MAX_JSON_BYTES)
                .thenApply(json -> checked(() -> {
                    JsonNode facts = tree(json);
                    return new ReportedStatus(
                            facts.path("status").asText("UNKNOWN"),
                            facts.path("expiryEpoch").asLong(0));
                })));
    }

    private static JsonNode tree(byte[] json) throws ClientException {
        try {
            return MAPPER.readTree(json);
        } catch (IOException e) {
            throw new ClientException(ClientException.Kind.WRONG_ANSWER, "the gateway's status is not JSON");
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(settings.gateway() + path));
    }

    private CompletableFuture<byte[]> call(
            java.util.function.Supplier<HttpRequest.Builder> request, long maxAnswerBytes) {
        return new GatewayCall(http, request, maxAnswerBytes, settings.timeout().toNanos()).send();
    }

    /** Waits for room, runs, and makes room again however it ends. */
    private <T> CompletableFuture<T> bounded(
            long lengthBytes, java.util.function.Supplier<CompletableFuture<T>> work) {
        if (!inFlight.enter(lengthBytes, settings.timeout().toNanos())) {
            return CompletableFuture.failedFuture(new ClientException(
                    ClientException.Kind.UNAVAILABLE,
                    "the limits of " + settings.maxRequestsInFlight() + " requests and " + settings.maxBytesInFlight()
                            + " bytes in flight were reached until the deadline"));
        }
        CompletableFuture<T> result;
        try {
            result = work.get();
        } catch (RuntimeException e) {
            inFlight.leave(lengthBytes);
            throw e;
        }
        return result.whenComplete((_, _) -> inFlight.leave(lengthBytes));
    }

    /** The committee decides how certificates are read; where none was given, the gateway's is taken at its word. */
    private <T> CompletableFuture<T> withVerifier(
            java.util.function.Function<BlobVerifier, CompletableFuture<T>> work) {
        BlobVerifier known = verifier.get();
        if (known != null) {
            return work.apply(known);
        }
        return call(() -> request("/v1/genesis"), GenesisFile.MAX_FILE_BYTES)
                .thenApply(file -> checked(() -> new BlobVerifier(committee(file))))
                .thenCompose(fetched -> {
                    verifier.set(fetched);
                    return work.apply(fetched);
                });
    }

    private static Committee committee(byte[] file) throws ClientException {
        try {
            return GenesisFile.parse(file);
        } catch (GenesisException e) {
            throw new ClientException(
                    ClientException.Kind.WRONG_ANSWER, "the gateway's genesis file is not valid: " + e.getMessage());
        }
    }

    /** Work that encodes, a few at a time, away from the threads of the HTTP client. */
    private <T> CompletableFuture<T> computing(java.util.function.Supplier<T> work) {
        Executor few = task -> threads.execute(() -> {
            verifiers.acquireUninterruptibly();
            try {
                task.run();
            } finally {
                verifiers.release();
            }
        });
        return CompletableFuture.supplyAsync(work, few);
    }

    /** Work that a client exception may end. */
    private interface Checked<T> {
        T get() throws ClientException;
    }

    private static <T> T checked(Checked<T> work) {
        try {
            return work.get();
        } catch (ClientException e) {
            throw new java.util.concurrent.CompletionException(e);
        }
    }

    /** Ends all requests. */
    @Override
    public void close() {
        http.shutdownNow();
        threads.shutdownNow();
    }
}
