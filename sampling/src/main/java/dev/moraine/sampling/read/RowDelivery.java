package dev.moraine.sampling.read;

import dev.moraine.proofs.blob.BlobMetadata;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** Hands a blob on to a sink, row after row. For one thread. */
final class RowDelivery {
    private final BlobSink sink;
    private final long lengthBytes;
    private final long rowBytes;
    private final int rows;
    private int nextRow;
    private long doneBytes;

    /**
     * Nothing is handed on yet, the header included.
     *
     * @param sink who takes the blob
     * @param metadata the blob's metadata
     */
    RowDelivery(BlobSink sink, BlobMetadata metadata) {
        this.sink = sink;
        this.lengthBytes = metadata.header().lengthBytes();
        this.rowBytes =
                metadata.geometry().primarySliverBytes(metadata.header().symbolSizeBytes());
        this.rows = metadata.geometry().sourceRows();
    }

    /** Hands on what continues the last bytes. All primaries of the set were verified as they came. */
    void advance(SliverSet primaries) throws IOException {
        while (nextRow < rows && doneBytes < lengthBytes && primaries.isHeld(nextRow)) {
            deliver(primaries.sliver(nextRow), Math.min(rowBytes, lengthBytes - doneBytes));
            nextRow++;
        }
    }

    /** Hands on the rest. */
    void finish(MemorySegment blob) throws IOException {
        if (doneBytes < lengthBytes) {
            deliver(blob.asSlice(doneBytes), lengthBytes - doneBytes);
        }
    }

    private void deliver(MemorySegment from, long bytes) throws IOException {
        sink.onBytes(doneBytes, from.asSlice(0, bytes).asReadOnly());
        doneBytes += bytes;
    }
}
