package dev.moraine.node.cli;

import dev.moraine.node.config.ConfigText;
import dev.moraine.node.config.Configuration;
import dev.moraine.node.config.GatewayKeys;
import dev.moraine.node.process.GatewayProcess;
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

/** Runs a gateway until it is told to end. */
@Command(
        name = "gateway",
        description = {
            "Runs a gateway until it is told to end (SIGTERM, Ctrl-C), and then ends with status 0; batches that it",
            "took are finished first. Prints one line that begins with READY when it serves."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example: moraine gateway --config net/gateway/gateway.yaml"})
final class GatewayCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private CommandSpec spec;

    @Mixin
    private final ProcessOptions options = new ProcessOptions();

    @Override
    public Integer call() throws CommandFailedException {
        Configuration configuration = options.configuration(GatewayKeys.SCHEMA);
        try (ExitSignal signal = options.exitSignal();
                GatewayProcess gateway = GatewayProcess.start(configuration, signal::isRequested)) {
            String http = "http://" + ConfigText.address(gateway.httpAddress());
            InetSocketAddress altDaAddress = gateway.altDaAddress();
            String altDa = altDaAddress == null ? null : "http://" + ConfigText.address(altDaAddress);
            if (options.isJson()) {
                Map<String, @Nullable Object> ready = new LinkedHashMap<>();
                ready.put("ready", true);
                ready.put("name", "gateway");
                ready.put("http", http);
                ready.put("altDa", altDa);
                ready.put("pid", ProcessHandle.current().pid());
                spec.commandLine().getOut().println(JsonText.line(ready));
            } else {
                spec.commandLine().getOut().println("READY gateway " + http
                        + (altDa == null ? "" : " alt-DA " + altDa) + " pid " + ProcessHandle.current().pid());
            }
            signal.await();
            return 0;
        } catch (ProcessException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            throw new CommandFailedException("the gateway was interrupted");
        } finally {
            LogOutput.close();
        }
    }
}
