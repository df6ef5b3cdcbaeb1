package dev.moraine.benchmarks.store;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.storage.store.SliverStore;
import dev.moraine.storage.store.StoreException;
import dev.moraine.storage.store.SymbolReader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** A process that opens a store, reads random symbols, and prints how many nanoseconds the reads took. */
public final class ColdReader {
    private static final int SYMBOL_BYTES = 4_864;

    private ColdReader() {}

    /** What is read. */
    static SampleSlivers slivers() {
        return new SampleSlivers(31, SYMBOL_BYTES);
    }

    /**
     * Reads.
     *
     * @param arguments who, folder, number of blobs, number of reads
     * @throws StoreException if our store cannot be opened
     * @throws RocksDBException if RocksDB fails
     * @throws IOException if a folder cannot be made
     */
    public static void main(String[] arguments) throws StoreException, RocksDBException, IOException {
        Path folder = Path.of(arguments[1]);
        int blobs = Integer.parseInt(arguments[2]);
        int reads = Integer.parseInt(arguments[3]);
        long nanos = arguments[0].equals(StoreBars.MORAINE) ? moraine(folder, blobs, reads) : rocks(folder, blobs, reads);
        System.out.println(nanos);
    }

    private static long moraine(Path folder, int blobs, int reads) throws StoreException {
        SampleSlivers slivers = slivers();
        BlobId[] ids = new BlobId[blobs];
        for (int i = 0; i < blobs; i++) {
            ids[i] = slivers.pair(i).metadata().id();
        }
        MemorySegment target = MemorySegment.ofArray(new byte[64 << 10]);
        Random random = new Random(1);
        try (SliverStore store = OpenStores.moraine(folder, 256L << 20)) {
            SymbolReader reader = store.newSymbolReader();
            long start = System.nanoTime();
            for (int i = 0; i < reads; i++) {
                int symbol = random.nextInt(slivers.storedSymbols());
                if (reader.read(ids[random.nextInt(blobs)], 0, Axis.ROW, symbol, target) < 0) {
                    throw new IllegalStateException("a symbol is missing");
                }
            }
            return System.nanoTime() - start;
        }
    }

    private static long rocks(Path folder, int blobs, int reads) throws RocksDBException, IOException {
        int symbols = slivers().storedSymbols();
        Random random = new Random(1);
        byte[] symbol = new byte[SYMBOL_BYTES];
        ByteBuffer key = ByteBuffer.allocateDirect(Long.BYTES);
        ByteBuffer value = ByteBuffer.allocateDirect(symbols * SYMBOL_BYTES);
        try (Options options = OpenStores.rocksOptions();
                RocksDB rocks = OpenStores.rocks(options, folder);
                ReadOptions readOptions = new ReadOptions()) {
            long start = System.nanoTime();
            for (int i = 0; i < reads; i++) {
                int wanted = random.nextInt(symbols);
                key.clear().putLong(random.nextInt(blobs)).flip();
                value.clear();
                if (rocks.get(readOptions, key, value) < 0) {
                    throw new IllegalStateException("a sliver is missing");
                }
                value.get(wanted * SYMBOL_BYTES, symbol);
            }
            return System.nanoTime() - start;
        }
    }
}
