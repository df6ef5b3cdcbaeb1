package dev.moraine.ingest.disperse;

import java.util.function.Predicate;

/** Where the dispersal gets encoded batches from: the end of the ring. Polled by the dispersal's thread only. */
@FunctionalInterface
public interface BatchSource {
    /**
     * Hands over batches that are encoded, in the order in which they were accepted. It never waits.
     *
     * @param receiver takes a batch over, and says whether it takes another one now
     * @return how many batches left the source
     */
    int poll(Predicate<EncodedBatch> receiver);
}
