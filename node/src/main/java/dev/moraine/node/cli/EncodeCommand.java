package dev.moraine.node.cli;

import dev.moraine.codec.Geometry;
import dev.moraine.proofs.blob.BlobCommitment;
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

/** Encodes a file into the slivers of a committee. */
@Command(
        name = "encode",
        description = {
            "Encodes FILE into the slivers that a committee of N shards would hold.",
            "DIR gets metadata.json, primary-<i>.bin and secondary-<j>.bin; it must not exist, or be empty."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example: moraine encode batch.bin --shards 7 --out slivers"})
final class EncodeCommand implements Callable<Integer> {
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

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder for the slivers.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private Path folder;

    @Option(names = "--json", description = "Print one JSON object: the content of metadata.json.")
    private boolean isJson;

    @Override
    public Integer call() throws CommandFailedException {
        Geometry geometry = shards.geometry();
        InterruptOnExit guard = InterruptOnExit.ofThisThread();
        try (guard;
                Arena arena = Arena.ofConfined()) {
            MemorySegment blob = BlobFile.read(file, limit.maxBytes(), arena);
            EncodedBlob encoded = EncodedBlob.of(blob, geometry, arena);
            new EncodedFolder(folder).write(encoded);
            BlobCommitment commitment = encoded.commitment();
            String text = isJson
                    ? JsonText.of(EncodedFolder.MetadataFile.of(commitment.metadata()))
                    : commitment.id() + "  " + folder + "  " + geometry.shards() + " primary and "
                            + geometry.shards() + " secondary slivers";
            spec.commandLine().getOut().println(text);
        }
        return 0;
    }
}
