package dev.moraine.wire.message;

import dev.moraine.testing.Seed;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Valid messages of every type, with random content. */
public final class RandomMessages {
    /** Makes a message of each type, in the order of the schema. */
    public static final List<Function<Random, Message>> MAKERS = List.of(
            random -> new Hello(random.nextInt(1 << 16), hash(random)),
            random -> new Welcome(random.nextInt(1 << 16), hash(random), index(random)),
            random -> new Failure(random.nextLong(), code(random), "x".repeat(random.nextInt(257))),
            random -> new Busy(random.nextLong(), random.nextInt(MessageLimits.MAX_RETRY_DELAY_MS + 1)),
            random -> new Ping(random.nextLong()),
            random -> new Pong(random.nextLong()),
            random -> new BundleOffer(
                    random.nextLong(),
                    random.nextLong() >>> 1,
                    hash(random),
                    Seed.bytes(random, MessageLimits.WRITER_KEY_BYTES),
                    Seed.bytes(random, MessageLimits.WRITER_SIGNATURE_BYTES),
                    entries(random)),
            random -> new BundleGrant(random.nextLong(), ascending(random)),
            RandomMessages::sliverData,
            random -> new BundleSigned(random.nextLong(), Seed.bytes(random, MessageLimits.NODE_SIGNATURE_BYTES)),
            random -> new BundleRefused(
                    random.nextLong(),
                    ascending(random).stream()
                            .map(entry -> new EntryRefusal(entry, pick(random, RefusalReason.values())))
                            .toList()),
            random -> new CertificatePut(
                    random.nextLong(), Seed.bytes(random, 1 + random.nextInt(512)), entries(random)),
            random -> new CertificateKept(random.nextLong()),
            random -> new GetMetadata(random.nextLong(), hash(random)),
            random -> new MetadataAnswer(
                    random.nextLong(), Seed.bytes(random, 1 + random.nextInt(MessageLimits.MAX_METADATA_BYTES))),
            random -> new GetCertificate(random.nextLong(), hash(random)),
            random -> new CertificateAnswer(random.nextLong(), Seed.bytes(random, 1 + random.nextInt(1024))),
            random -> new GetSliver(random.nextLong(), hash(random), index(random), pick(random, Part.values())),
            RandomMessages::getSymbols,
            RandomMessages::symbolsAnswer,
            random -> new GetChunks(
                    random.nextLong(),
                    hash(random),
                    index(random),
                    index(random),
                    random.nextInt(MessageLimits.MAX_CHUNKS_OF_SYMBOL),
                    1 + random.nextInt(MessageLimits.MAX_CHUNKS)),
            random -> new ChunksAnswer(
                    random.nextLong(), random.nextInt(1000), 10_000, Seed.bytes(random, 1 + random.nextInt(9000))),
            random -> new GetStatus(random.nextLong(), hash(random)),
            random -> new StatusAnswer(
                    random.nextLong(), pick(random, BlobState.values()), random.nextLong() >>> 1),
            random -> new GetFeed(
                    random.nextLong(),
                    hashes(random, random.nextInt(5)),
                    random.nextLong(),
                    random.nextLong() >>> 1,
                    1 + random.nextInt(MessageLimits.MAX_FEED_ENTRIES),
                    random.nextInt(MessageLimits.MAX_WAIT_MS + 1)),
            random -> new FeedAnswer(
                    random.nextLong(), random.nextLong() | 1, random.nextLong() >>> 1, certificates(random)),
            random -> new GetVerdict(
                    random.nextLong(), hash(random), random.nextInt(MessageLimits.MAX_WAIT_MS + 1)),
            RandomMessages::verdictAnswer,
            random -> new GetHealth(random.nextLong()),
            random -> new HealthAnswer(
                    random.nextLong(),
                    random.nextInt(256),
                    random.nextLong() >>> 1,
                    random.nextLong() >>> 1,
                    random.nextLong() >>> 1));

    private RandomMessages() {}

    /** A message of any type. */
    public static Message any(Random random) {
        return MAKERS.get(random.nextInt(MAKERS.size())).apply(random);
    }

    private static SliverData sliverData(Random random) {
        byte[] data = Seed.bytes(random, 1 + random.nextInt(2000));
        long offset = random.nextInt(1_000_000);
        long totalBytes = offset + data.length + random.nextInt(1000);
        return new SliverData(
                random.nextLong(),
                random.nextInt(MessageLimits.MAX_BUNDLE_ENTRIES),
                index(random),
                pick(random, Part.values()),
                offset,
                totalBytes,
                MemorySegment.ofArray(data));
    }

    private static SymbolsAnswer symbolsAnswer(Random random) {
        List<SymbolAnswer> symbols = new ArrayList<>();
        int count = 1 + random.nextInt(20);
        for (int i = 0; i < count; i++) {
            byte[] proof = Seed.bytes(random, 1 + random.nextInt(300));
            symbols.add(
                    random.nextInt(4) == 0
                            ? SymbolAnswer.failed(code(random))
                            : new SymbolAnswer(null, random.nextInt(100), 400, proof));
        }
        return new SymbolsAnswer(random.nextLong(), random.nextInt(1000), random.nextBoolean(), symbols);
    }

    private static byte[] hash(Random random) {
        return Seed.bytes(random, MessageLimits.HASH_BYTES);
    }

    private static int index(Random random) {
        return random.nextInt(MessageLimits.MAX_SHARDS);
    }

    private static FailureCode code(Random random) {
        return pick(random, FailureCode.values());
    }

    private static List<WireEntry> entries(Random random) {
        return IntStream.rangeClosed(0, random.nextInt(20))
                .mapToObj(_ -> new WireEntry(
                        hash(random), hash(random), 1 + random.nextInt(1 << 30), random.nextLong() >>> 1))
                .toList();
    }

    private static GetSymbols getSymbols(Random random) {
        List<byte[]> blobIds = hashes(random, 1 + random.nextInt(10));
        List<Coordinate> coordinates = IntStream.rangeClosed(0, random.nextInt(50))
                .mapToObj(_ -> new Coordinate(random.nextInt(blobIds.size()), index(random), index(random)))
                .toList();
        return new GetSymbols(random.nextLong(), pick(random, WireAxis.values()), blobIds, coordinates);
    }

    private static VerdictAnswer verdictAnswer(Random random) {
        VerdictState state = pick(random, VerdictState.values());
        int signatureBytes = state == VerdictState.NOT_YET ? 0 : MessageLimits.NODE_SIGNATURE_BYTES;
        return new VerdictAnswer(random.nextLong(), state, Seed.bytes(random, signatureBytes));
    }

    private static List<byte[]> hashes(Random random, int count) {
        return IntStream.range(0, count).mapToObj(_ -> hash(random)).toList();
    }

    private static List<byte[]> certificates(Random random) {
        return IntStream.range(0, random.nextInt(5))
                .mapToObj(_ -> Seed.bytes(random, 1 + random.nextInt(MessageLimits.MAX_BLOB_CERTIFICATE_BYTES)))
                .toList();
    }

    private static List<Integer> ascending(Random random) {
        return random.ints(1 + random.nextInt(30), 0, MessageLimits.MAX_BUNDLE_ENTRIES)
                .sorted()
                .distinct()
                .boxed()
                .toList();
    }

    private static <T> T pick(Random random, T[] values) {
        return values[random.nextInt(values.length)];
    }
}
