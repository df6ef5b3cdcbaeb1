package dev.moraine.node.cli;

import dev.moraine.node.config.ConfigException;
import dev.moraine.node.config.ConfigSchema;
import dev.moraine.node.config.ConfigText;
import dev.moraine.node.config.Configuration;
import dev.moraine.node.config.GatewayKeys;
import dev.moraine.node.config.NodeKeys;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Prints a configuration with all its keys. */
@Command(
        name = "show",
        description = {
            "Prints every key with what it means and the value that holds: that of FILE, or the default.",
            "What it prints is a configuration itself."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example: moraine config show --config net/node-0/node.yaml"})
final class ConfigShowCommand implements Callable<Integer> {
    private static final String GATEWAY = "gateway";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private CommandSpec spec;

    @Option(names = "--config", paramLabel = "FILE", description = "The configuration. Default: nothing is set.")
    private @Nullable Path file;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            description = "node or gateway. Default: gateway if FILE is called gateway.yaml, else node.")
    private @Nullable String kind;

    @Option(names = "--json", description = "Print one JSON object, without the comments.")
    private boolean isJson;

    @Override
    public Integer call() throws CommandFailedException {
        ConfigSchema schema = schema();
        try {
            Configuration configuration =
                    file == null ? Configuration.defaults(schema) : Configuration.read(schema, file, List.of());
            spec.commandLine()
                    .getOut()
                    .print(isJson ? JsonText.of(ConfigText.tree(configuration)) + "\n" : ConfigText.yaml(configuration));
            spec.commandLine().getOut().flush();
            return 0;
        } catch (ConfigException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()));
        }
    }

    private ConfigSchema schema() {
        String wanted = kind;
        if (wanted == null) {
            boolean isGateway = file != null && file.endsWith("gateway.yaml");
            return isGateway ? GatewayKeys.SCHEMA : NodeKeys.SCHEMA;
        }
        return switch (wanted) {
            case "node" -> NodeKeys.SCHEMA;
            case GATEWAY -> GatewayKeys.SCHEMA;
            default -> throw new ParameterException(
                    spec.commandLine(), "--kind must be node or gateway, but is '" + wanted + "'");
        };
    }
}
