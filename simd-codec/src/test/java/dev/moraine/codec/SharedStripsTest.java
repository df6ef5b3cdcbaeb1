package dev.moraine.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Strips are worked on once each, whatever the executor does. */
@Timeout(60)
class SharedStripsTest {
    private static final int COUNT = 7;

    private final AtomicIntegerArray done = new AtomicIntegerArray(COUNT);

    @Test
    void everyStripIsDoneOnceByThreadsTogether() {
        try (ExecutorService executor = Executors.newFixedThreadPool(3)) {
            strips().run(executor);
            assertAllDoneOnce();
        }
    }

    @Test
    void executorsThatRefuseOrForgetTasksLeaveThemToTheCaller() {
        strips().run(task -> {
            throw new RejectedExecutionException();
        });
        assertAllDoneOnce();
        new SharedStrips(COUNT, done::decrementAndGet).run(task -> {});
        assertEquals(0, done.get(0) + done.get(COUNT - 1));
    }

    @Test
    void aCallerThatIsTheOnlyThreadOfItsExecutorDoesNotWaitForItself() throws Exception {
        try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
            Future<?> call = executor.submit(() -> strips().run(executor));
            call.get(30, TimeUnit.SECONDS);
            assertAllDoneOnce();
        }
    }

    @Test
    void noStripIsWorkedOnAfterTheCallHasThrown() {
        AtomicInteger running = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(2);
        IllegalStateException thrown = new IllegalStateException("closed");
        SharedStrips strips = new SharedStrips(COUNT, strip -> {
            running.incrementAndGet();
            begun.countDown();
            try {
                begun.await();
                if (strip == 0) {
                    throw thrown;
                }
                TimeUnit.MILLISECONDS.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                running.decrementAndGet();
            }
        });
        try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
            assertSame(thrown, assertThrows(IllegalStateException.class, () -> strips.run(executor)));
            assertEquals(0, running.get());
        }
    }

    @Test
    void whatOtherStripsThrowIsKept() {
        SharedStrips strips = new SharedStrips(COUNT, strip -> {
            throw new IllegalStateException("strip " + strip);
        });
        Throwable first = assertThrows(IllegalStateException.class, () -> strips.run(Runnable::run));
        assertEquals(COUNT - 1, first.getSuppressed().length);
    }

    private SharedStrips strips() {
        return new SharedStrips(COUNT, done::incrementAndGet);
    }

    private void assertAllDoneOnce() {
        for (int strip = 0; strip < COUNT; strip++) {
            assertEquals(1, done.get(strip), "strip " + strip);
        }
    }
}
