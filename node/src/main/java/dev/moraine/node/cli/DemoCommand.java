package dev.moraine.node.cli;

import dev.moraine.codec.Geometry;
import dev.moraine.node.demo.Demo;
import dev.moraine.node.demo.DemoBatch;
import dev.moraine.node.demo.DemoException;
import dev.moraine.node.demo.DemoReport;
import dev.moraine.node.demo.EmbeddedCommittee;
import dev.moraine.node.demo.LoopbackPorts;
import dev.moraine.node.demo.Narrative;
import dev.moraine.node.demo.RollupBatchGenerator;
import dev.moraine.wire.transport.TransportKind;
import dev.moraine.wire.transport.TransportUnavailableException;
import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows the whole job on one machine. */
@Command(
        name = "demo",
        description = {
            "Starts a committee of storage nodes and a gateway on loopback, posts each FILE, and shows what comes of it:",
            "certificate, samples, reads with nodes stopped and slivers corrupted, a range with its proof.",
            "Without FILEs, it posts generated batches in OP-stack form."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example: moraine demo batch.bin --shards 10"})
final class DemoCommand implements Callable<Integer> {
    private static final int[] GENERATED_BYTES = {20_000, 120_000, 600_000};
    private static final long GENERATOR_SEED = 1;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", arity = "0..*", description = "Batches to post.")
    private List<Path> files = List.of();

    @Option(
            names = "--shards",
            paramLabel = "N",
            defaultValue = "7",
            description = "Shards of the committee, from 4 to 192, and as many nodes. Default: ${DEFAULT-VALUE}.")
    private int shards;

    @Mixin
    private final MaxBytesOption limit = new MaxBytesOption();

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = {
                "Keep keys, data and proofs in DIR, new or empty; 'moraine verify' verifies the proofs.",
                "Default: a temporary folder that is removed."
            })
    private @Nullable Path folder;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "0",
            description = "Nodes listen on PORT, PORT+1, … Default: any free ports.")
    private int firstPort;

    @Option(
            names = "--transport",
            paramLabel = "KIND",
            defaultValue = "auto",
            description = "auto, io_uring, epoll or nio. Default: the first of these that the machine offers.")
    private String transport = "auto";

    @Option(names = "--json", description = "Print one JSON object; the story goes to standard error.")
    private boolean isJson;

    @Override
    public Integer call() throws CommandFailedException {
        Geometry geometry = ShardsOption.geometry(spec, shards);
        TransportKind kind = transportKind();
        checkPorts();
        PrintWriter story = isJson ? spec.commandLine().getErr() : spec.commandLine().getOut();
        InterruptOnExit guard = InterruptOnExit.ofThisThread();
        try (guard;
                Arena arena = Arena.ofShared();
                WorkFolder work = WorkFolder.of(folder)) {
            DemoReport report = run(work, geometry, kind, batches(arena), story);
            work.keep();
            if (isJson) {
                spec.commandLine().getOut().println(JsonText.of(report));
            }
            return report.verified() ? 0 : Main.EXIT_FAILED;
        } catch (DemoException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            throw new CommandFailedException("the demo was interrupted");
        }
    }

    private DemoReport run(
            WorkFolder work, Geometry geometry, TransportKind kind, List<DemoBatch> batches, PrintWriter story)
            throws DemoException, InterruptedException {
        List<Integer> ports = firstPort == 0
                ? LoopbackPorts.free(geometry.shards())
                : IntStream.range(firstPort, firstPort + geometry.shards())
                        .boxed()
                        .toList();
        try (EmbeddedCommittee committee =
                EmbeddedCommittee.start(work.path(), geometry, ports, kind, limit.maxBytes())) {
            Demo demo = new Demo(committee, kind, limit.maxBytes(), new Narrative(story));
            DemoReport report = demo.run(batches, work.path().resolve("proofs"));
            if (folder != null) {
                story.println("Proofs are in " + folder.resolve("proofs") + ", for 'moraine verify --genesis "
                        + folder.resolve("genesis.json") + "'.");
            }
            return report;
        }
    }

    private List<DemoBatch> batches(Arena arena) throws CommandFailedException {
        List<DemoBatch> batches = new ArrayList<>();
        for (Path file : files) {
            Path name = file.getFileName();
            batches.add(new DemoBatch(
                    name == null ? file.toString() : name.toString(), BlobFile.read(file, limit.maxBytes(), arena)));
        }
        if (batches.isEmpty()) {
            RollupBatchGenerator generator = new RollupBatchGenerator(GENERATOR_SEED);
            for (int compressedBytes : GENERATED_BYTES) {
                MemorySegment content = MemorySegment.ofArray(generator.next(compressedBytes));
                batches.add(new DemoBatch("generated-" + (batches.size() + 1), content));
            }
        }
        return batches;
    }

    private void checkPorts() {
        int highest = LoopbackPorts.MAX_PORT - shards + 1;
        if (firstPort < 0 || firstPort > highest) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--port must be from 1 to " + highest + " for " + shards + " nodes, or 0 for free ones, but is "
                            + firstPort);
        }
    }

    private TransportKind transportKind() {
        try {
            return TransportKind.select(transport);
        } catch (IllegalArgumentException | TransportUnavailableException e) {
            throw new ParameterException(spec.commandLine(), "--transport " + transport + ": " + e.getMessage());
        }
    }
}
