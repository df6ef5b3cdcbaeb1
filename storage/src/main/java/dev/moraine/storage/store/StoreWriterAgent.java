package dev.moraine.storage.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of a store on behalf of many threads. Group commit: whatever is queued when the agent comes by is
 * appended, and one force serves all of it.
 *
 * <p>Threading: any number of threads call {@link #appendBundle} and {@link #appendSliver}; one thread runs the agent,
 * and nobody else appends to the store.
 */
public final class StoreWriterAgent implements Agent {
    /** Most appends that share a force. */
    public static final int MAX_GROUP = 1_024;

    private final SliverStore store;
    private final ManyToOneConcurrentArrayQueue<Append> queue;
    private final List<Append> group = new ArrayList<>(MAX_GROUP);
    private final List<Append> appended = new ArrayList<>(MAX_GROUP);
    private volatile boolean closed;

    /** What is appended. */
    @FunctionalInterface
    private interface Content {
        void appendTo(SliverStore store) throws StoreException;
    }

    /** One caller's append, and how it ended. */
    private static final class Append {
        private final Content content;
        private final CountDownLatch done = new CountDownLatch(1);
        private volatile @Nullable Exception failure;

        private Append(Content content) {
            this.content = content;
        }

        private void end(@Nullable Exception cause) {
            failure = cause;
            done.countDown();
        }
    }

    /**
     * An agent with nothing to do.
     *
     * @param store the store, which this agent alone writes, and which stays the caller's to close afterwards
     * @param queueCapacity most appends that wait, at least 1
     */
    public StoreWriterAgent(SliverStore store, int queueCapacity) {
        if (queueCapacity < 1) {
            throw new IllegalArgumentException("queueCapacity must be at least 1, but is " + queueCapacity);
        }
        this.store = store;
        this.queue = new ManyToOneConcurrentArrayQueue<>(queueCapacity);
    }

    /**
     * Appends a bundle, and returns when all of it survives a power cut.
     *
     * @param bundle the bundle, verified; its memory is read until this returns
     * @throws IllegalArgumentException if no segment can hold so much
     * @throws StoreException if the disk is full, and then nothing of the bundle was stored, or has failed
     * @throws QueueFullException if too many appends wait already; nothing was stored
     * @throws IllegalStateException if the agent is closed
     * @throws InterruptedException if the thread was interrupted; the bundle may be stored or not
     */
    public void appendBundle(BundleRecord bundle) throws StoreException, InterruptedException {
        append(target -> target.appendBundle(bundle));
    }

    /**
     * Appends a sliver, and returns when it survives a power cut.
     *
     * @param sliver the sliver, verified; its memory is read until this returns
     * @throws StoreException if the disk is full, and then nothing was stored, or has failed
     * @throws QueueFullException if too many appends wait already; nothing was stored
     * @throws IllegalStateException if the agent is closed
     * @throws InterruptedException if the thread was interrupted; the sliver may be stored or not
     */
    public void appendSliver(SliverRecord sliver) throws StoreException, InterruptedException {
        append(target -> target.appendSliver(sliver));
    }

    /** There is no room in the queue: to be tried again later. */
    public static final class QueueFullException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private QueueFullException(int capacity) {
            super(capacity + " appends wait already, try again later");
        }
    }

    private void append(Content content) throws StoreException, InterruptedException {
        Append append = new Append(content);
        if (closed) {
            throw closed();
        }
        if (!queue.offer(append)) {
            throw new QueueFullException(queue.capacity());
        }
        if (closed) {
            // The end may have come in between, and then nobody else looks into the queue any more.
            dropQueued();
        }
        append.done.await();
        switch (append.failure) {
            case null -> {}
            case StoreException e -> throw e;
            case RuntimeException e -> throw e;
            case Exception e -> throw new IllegalStateException(e);
        }
    }

    private static IllegalStateException closed() {
        return new IllegalStateException("the writer of the store is closed");
    }

    @Override
    public int doWork() {
        int count = queue.drainTo(group, MAX_GROUP);
        if (count == 0) {
            return 0;
        }
        try {
            for (Append append : group) {
                try {
                    append.content.appendTo(store);
                    appended.add(append);
                } catch (StoreException | RuntimeException e) {
                    append.end(e);
                }
            }
            if (!appended.isEmpty()) {
                force();
            }
        } finally {
            group.clear();
            appended.clear();
        }
        return count;
    }

    private void force() {
        Exception failure = null;
        try {
            store.force();
        } catch (StoreException | RuntimeException e) {
            failure = e;
        }
        for (Append append : appended) {
            append.end(failure);
        }
    }

    @Override
    public void onClose() {
        closed = true;
        dropQueued();
    }

    private synchronized void dropQueued() {
        queue.drain(append -> append.end(closed()));
    }

    @Override
    public String roleName() {
        return "store-writer";
    }
}
