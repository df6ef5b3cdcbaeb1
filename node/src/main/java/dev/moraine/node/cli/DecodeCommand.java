package dev.moraine.node.cli;

import dev.moraine.proofs.blob.BlobMetadata;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Rebuilds a file from the slivers that are left. */
@Command(
        name = "decode",
        description = {
            "Rebuilds the file from any k1 primary or any k2 secondary slivers that are left in DIR.",
            "Slivers that do not match the metadata are named on standard error and not used."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example: moraine decode slivers --out batch.bin"})
final class DecodeCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "A folder that 'moraine encode' made.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private Path folder;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "The file to write: must not exist.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private Path file;

    @Mixin
    private final MaxBytesOption limit = new MaxBytesOption();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean isJson;

    /** What {@code --json} prints. */
    private record Output(String blobId, long lengthBytes, String decodedFrom, List<String> rejectedSlivers) {}

    @Override
    public Integer call() throws CommandFailedException {
        if (Files.exists(file)) {
            throw new CommandFailedException(file + " exists already");
        }
        EncodedFolder encoded = new EncodedFolder(folder);
        BlobMetadata metadata = encoded.readMetadata();
        long lengthBytes = metadata.header().lengthBytes();
        if (lengthBytes > limit.maxBytes()) {
            throw new CommandFailedException(folder + " holds a blob of " + lengthBytes + " bytes: the limit is "
                    + limit.maxBytes() + " (--max-bytes)");
        }
        InterruptOnExit guard = InterruptOnExit.ofThisThread();
        try (guard;
                Arena arena = Arena.ofConfined()) {
            SliverDecoder decoder = new SliverDecoder(encoded, metadata, arena);
            MemorySegment blob = decoder.decode();
            for (String rejected : decoder.rejected()) {
                spec.commandLine().getErr().println("moraine: not used: " + rejected);
            }
            writeWhole(blob);
            Output output = new Output(
                    metadata.id().toString(), blob.byteSize(), decoder.decodedFrom(), decoder.rejected());
            spec.commandLine()
                    .getOut()
                    .println(isJson ? JsonText.of(output) : metadata.id() + "  " + file + "  " + blob.byteSize()
                            + " bytes from " + decoder.decodedFrom());
        }
        return 0;
    }

    /** The file appears whole or not at all. */
    private void writeWhole(MemorySegment blob) throws CommandFailedException {
        Path absolute = file.toAbsolutePath().normalize();
        try {
            Path parent = absolute.getParent();
            if (parent == null || !Files.isDirectory(parent)) {
                throw new CommandFailedException("cannot write " + file + ": there is no folder " + parent);
            }
            Path partial = NewFolder.partialName(parent);
            try {
                BlobFile.write(partial, blob);
                // A rename would replace a file that appeared meanwhile; a link does not.
                Files.createLink(absolute, partial);
            } finally {
                Files.deleteIfExists(partial);
            }
        } catch (IOException e) {
            throw new CommandFailedException("cannot write " + file + ": " + BlobFile.reason(e));
        }
    }
}
