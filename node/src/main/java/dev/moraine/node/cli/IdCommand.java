package dev.moraine.node.cli;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobCommitment;
import dev.moraine.proofs.blob.BlobHeader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Computes a blob id. */
@Command(
        name = "id",
        description = "Computes the blob id of FILE for a committee of N shards.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: moraine id batch.bin --shards 7"})
final class IdCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The batch.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private Path file;

    @Mixin
    private final ShardsOption shards = new ShardsOption();

    @Mixin
    private final MaxBytesOption limit = new MaxBytesOption();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean isJson;

    /** What {@code --json} prints. */
    private record Output(String blobId, int shards, int symbolSizeBytes, long lengthBytes, String blobRoot) {}

    @Override
    public Integer call() throws CommandFailedException {
        Geometry geometry = shards.geometry();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment blob = BlobFile.read(file, limit.maxBytes(), arena);
            print(EncodedBlob.of(blob, geometry, arena).commitment());
        }
        return 0;
    }

    private void print(BlobCommitment commitment) {
        BlobHeader header = commitment.metadata().header();
        String id = commitment.id().toString();
        String text = isJson
                ? JsonText.of(new Output(
                        id,
                        header.shards(),
                        header.symbolSizeBytes(),
                        header.lengthBytes(),
                        header.blobRoot().toString()))
                : id + "  " + file;
        spec.commandLine().getOut().println(text);
    }
}
