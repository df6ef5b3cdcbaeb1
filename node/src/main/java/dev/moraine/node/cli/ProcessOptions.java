package dev.moraine.node.cli;

import dev.moraine.node.config.ConfigException;
import dev.moraine.node.config.ConfigSchema;
import dev.moraine.node.config.Configuration;
import dev.moraine.node.config.SharedKeys;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What a node and a gateway are started with. */
final class ProcessOptions {
    @Option(names = "--config", required = true, paramLabel = "FILE", description = "The configuration, YAML.")
    private Path file = Path.of("");

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Holds instead of what the file says, such as log.level=FINE. May be repeated.")
    private List<String> overrides = new ArrayList<>();

    @Option(names = "--json", description = "Print the line that says READY as one JSON object.")
    private boolean isJson;

    @Option(
            names = "--exit-with-parent",
            description = "End when standard input ends, so that no process outlives the one that started it.")
    private boolean exitsWithParent;

    /**
     * Reads the configuration, and sends the log where it says.
     *
     * @param schema the keys
     * @return the configuration
     * @throws CommandFailedException if it cannot be used
     */
    Configuration configuration(ConfigSchema schema) throws CommandFailedException {
        try {
            Configuration configuration = Configuration.read(schema, file, overrides);
            LogOutput.to(
                    configuration.findPath(SharedKeys.LOG_FILE),
                    configuration.get(SharedKeys.LOG_LEVEL),
                    Math.toIntExact(configuration.get(SharedKeys.LOG_FILE_BYTES)),
                    Math.toIntExact(configuration.get(SharedKeys.LOG_FILES)));
            return configuration;
        } catch (ConfigException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Listens for signals.
     *
     * @return tells when the process is to end
     */
    ExitSignal exitSignal() {
        return ExitSignal.install(exitsWithParent, ExitSignal.PROCESS_SECONDS);
    }

    /** {@return whether the line that says READY is for machines} */
    boolean isJson() {
        return isJson;
    }
}
