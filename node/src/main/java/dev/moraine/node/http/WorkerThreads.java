package dev.moraine.node.http;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

/**
 * Runs what must not run on event loops: one thread for each request, and no more of them than there may be; a request
 * that finds none is told to come again. Thread-safe.
 */
public final class WorkerThreads implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(WorkerThreads.class.getName());

    /** Work on a request that may block. */
    @FunctionalInterface
    public interface Work {
        /**
         * Answers a request.
         *
         * @param request the request with its whole body
         * @return the answer
         * @throws HttpProblemException in place of an answer
         * @throws InterruptedException if the server is being closed
         */
        HttpAnswer answer(HttpRequest request) throws HttpProblemException, InterruptedException;
    }

    private final String name;
    private final int limit;
    private final Semaphore free;
    private final ExecutorService threads;

    /**
     * Threads that nothing runs on.
     *
     * @param name what they do, for thread names and refusals
     * @param limit how many requests at a time, at least 1
     */
    public WorkerThreads(String name, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1, but is " + limit);
        }
        this.name = name;
        this.limit = limit;
        this.free = new Semaphore(limit);
        this.threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("moraine-" + name + "-", 0).factory());
    }

    /**
     * Makes a handler of work that may block.
     *
     * @param work the work
     * @return the handler
     */
    public HttpHandler running(Work work) {
        return (request, reply) -> {
            if (!free.tryAcquire()) {
                throw HttpProblem.ofField(429, "OVER_CAPACITY", name + " at a time", "more", "at most " + limit)
                        .retryAfter(1)
                        .toException();
            }
            boolean isStarted = false;
            try {
                threads.execute(() -> run(work, request, reply));
                isStarted = true;
            } catch (RejectedExecutionException e) {
                throw closing().toException();
            } finally {
                if (!isStarted) {
                    free.release();
                }
            }
        };
    }

    private void run(Work work, HttpRequest request, HttpReply reply) {
        HttpAnswer answer;
        try {
            answer = work.answer(request);
        } catch (HttpProblemException e) {
            answer = e.problem().toAnswer();
        } catch (InterruptedException e) {
            answer = closing().toAnswer();
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.log(System.Logger.Level.ERROR, "a request failed", e);
            answer = HttpProblem.of(500, "INTERNAL", "the server failed; its log says how").toAnswer();
        } finally {
            free.release();
        }
        reply.send(answer);
    }

    private static HttpProblem closing() {
        return HttpProblem.of(503, "CLOSING", "the server is being closed").retryAfter(1);
    }

    /** Interrupts what still runs; it is answered that the server is being closed. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
