package dev.moraine.node.cli;

import dev.moraine.node.config.ConfigText;
import dev.moraine.node.config.Configuration;
import dev.moraine.node.config.NodeKeys;
import dev.moraine.node.process.NodeProcess;
import dev.moraine.node.process.ProcessException;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Runs a storage node until it is told to end. */
@Command(
        name = "node",
        description = {
            "Runs a storage node until it is told to end (SIGTERM, Ctrl-C), and then ends with status 0.",
            "Prints one line that begins with READY when it listens."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example: moraine node --config net/node-0/node.yaml"})
final class NodeCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private CommandSpec spec;

    @Mixin
    private final ProcessOptions options = new ProcessOptions();

    @Override
    public Integer call() throws CommandFailedException {
        Configuration configuration = options.configuration(NodeKeys.SCHEMA);
        try (ExitSignal signal = options.exitSignal();
                NodeProcess node = NodeProcess.start(configuration, signal::isRequested)) {
            String address = ConfigText.address(node.address());
            if (options.isJson()) {
                Map<String, @Nullable Object> ready = new LinkedHashMap<>();
                ready.put("ready", true);
                ready.put("name", node.name());
                ready.put("address", address);
                InetSocketAddress http = node.httpAddress();
                ready.put("http", http == null ? null : "http://" + ConfigText.address(http));
                ready.put("pid", ProcessHandle.current().pid());
                ready.put("dataDir", node.dataFolder().toString());
                spec.commandLine().getOut().println(JsonText.line(ready));
            } else {
                spec.commandLine().getOut().println("READY " + node.name() + " " + address + " pid "
                        + ProcessHandle.current().pid());
            }
            signal.await();
            return 0;
        } catch (ProcessException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            throw new CommandFailedException("the node was interrupted");
        } finally {
            LogOutput.close();
        }
    }
}
