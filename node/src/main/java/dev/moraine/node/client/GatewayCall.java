package dev.moraine.node.client;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request to the gateway, sent again after 429, 503 and broken connections until it is answered or its deadline has
 * passed. Every request of the client may be repeated: the gateway gives the same bytes the same certificate.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Every attempt ends in onEnd, which ends the answer or tries again.
final class GatewayCall {
    private static final long FIRST_DELAY_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONGEST_DELAY_NS = TimeUnit.SECONDS.toNanos(2);
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int TOO_MANY = 429;
    private static final int UNAVAILABLE = 503;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpClient http;
    private final Supplier<HttpRequest.Builder> request;
    private final long maxAnswerBytes;
    private final long startNs = System.nanoTime();
    private final long timeoutNs;
    private final CompletableFuture<byte[]> answer = new CompletableFuture<>();
    private long delayNs = FIRST_DELAY_NS;

    /**
     * A request that is not sent yet.
     *
     * @param http sends it
     * @param request makes it anew for every attempt
     * @param maxAnswerBytes longest answer
     * @param timeoutNs how long all attempts may take together
     */
    GatewayCall(HttpClient http, Supplier<HttpRequest.Builder> request, long maxAnswerBytes, long timeoutNs) {
        this.http = http;
        this.request = request;
        this.maxAnswerBytes = maxAnswerBytes;
        this.timeoutNs = timeoutNs;
    }

    /**
     * Sends the request.
     *
     * @return the content of the answer, or a {@link ClientException}
     */
    CompletableFuture<byte[]> send() {
        attempt("no answer came");
        return answer;
    }

    private long leftNs() {
        return timeoutNs - (System.nanoTime() - startNs);
    }

    private void attempt(String lastProblem) {
        long leftNs = leftNs();
        if (leftNs <= 0) {
            fail(ClientException.Kind.UNAVAILABLE, lastProblem);
            return;
        }
        HttpRequest next = request.get().timeout(Duration.ofNanos(leftNs)).build();
        http.sendAsync(next, BodyHandlers.limiting(BodyHandlers.ofByteArray(), maxAnswerBytes))
                .whenComplete((given, failure) -> onEnd(next, given, failure));
    }

    private void onEnd(HttpRequest sent, @Nullable HttpResponse<byte[]> given, @Nullable Throwable failure) {
        String where = sent.uri().getScheme() + "://" + sent.uri().getRawAuthority();
        if (given == null) {
            Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                    ? failure.getCause()
                    : failure;
            String problem = where + " cannot be reached: " + words(cause);
            if (cause instanceof IOException) {
                retry(problem, 0);
            } else {
                fail(ClientException.Kind.UNAVAILABLE, problem);
            }
            return;
        }
        int status = given.statusCode();
        if (status == OK) {
            answer.complete(given.body());
        } else if (status == TOO_MANY || status == UNAVAILABLE) {
            retry(problem(given), retryAfterNs(given));
        } else {
            fail(status == NOT_FOUND ? ClientException.Kind.NOT_FOUND : ClientException.Kind.REFUSED, problem(given));
        }
    }

    private void retry(String problem, long leastNs) {
        long jitterNs = ThreadLocalRandom.current().nextLong(delayNs / 2, delayNs + 1);
        long waitNs = leastNs + jitterNs;
        delayNs = Math.min(2 * delayNs, LONGEST_DELAY_NS);
        if (waitNs >= leftNs()) {
            fail(ClientException.Kind.UNAVAILABLE, problem);
            return;
        }
        CompletableFuture.delayedExecutor(waitNs, TimeUnit.NANOSECONDS).execute(() -> attempt(problem));
    }

    private void fail(ClientException.Kind kind, String problem) {
        answer.completeExceptionally(new ClientException(kind, problem));
    }

    private static long retryAfterNs(HttpResponse<byte[]> given) {
        String seconds = given.headers().firstValue("Retry-After").orElse("");
        boolean isNumber = seconds.matches("[0-9]{1,4}");
        return isNumber ? TimeUnit.SECONDS.toNanos(Integer.parseInt(seconds)) : 0;
    }

    private static String problem(HttpResponse<byte[]> given) {
        String message = "";
        try {
            JsonNode text = MAPPER.readTree(given.body()).at("/error/message");
            message = text.asText();
        } catch (JacksonException e) {
            // Somebody between here and the gateway, whose words are not for us.
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("bytes in memory can be read", e);
        }
        return "the gateway answers " + given.statusCode() + (message.isEmpty() ? "" : ": " + message);
    }

    private static String words(@Nullable Throwable cause) {
        if (cause == null) {
            return "no reason is known";
        }
        String message = cause.getMessage();
        return message == null || message.isBlank() ? cause.getClass().getSimpleName() : message;
    }
}
