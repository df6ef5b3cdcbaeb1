package dev.moraine.node.devnet;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How the processes of a devnet are started: by the Java that this process runs on, from its class path, each with as
 * much memory as seven nodes and a gateway can have together on a machine with 4 GB. Immutable.
 *
 * @param mainClass the command line's
 * @param nodeSettings settings of nodes, of the form {@code key=value}
 * @param gatewaySettings settings of the gateway
 */
public record ChildCommand(String mainClass, List<String> nodeSettings, List<String> gatewaySettings) {
    private static final List<String> NODE_MEMORY =
            List.of("-Xms16m", "-Xmx160m", "-XX:+UseSerialGC", "-XX:ReservedCodeCacheSize=64m", "-Xss512k");
    private static final List<String> GATEWAY_MEMORY = List.of("-Xms64m", "-Xmx512m", "-Xss512k");

    /** Copies the settings. */
    public ChildCommand {
        nodeSettings = List.copyOf(nodeSettings);
        gatewaySettings = List.copyOf(gatewaySettings);
    }

    /**
     * A node.
     *
     * @param configuration its file
     * @param temporary where it unpacks native libraries, which it leaves there when it is killed
     * @return program and arguments
     */
    List<String> node(Path configuration, Path temporary) {
        return command(NODE_MEMORY, "node", configuration, temporary, nodeSettings);
    }

    /**
     * A gateway.
     *
     * @param configuration its file
     * @param temporary where it unpacks native libraries, which it leaves there when it is killed
     * @return program and arguments
     */
    List<String> gateway(Path configuration, Path temporary) {
        return command(GATEWAY_MEMORY, "gateway", configuration, temporary, gatewaySettings);
    }

    private List<String> command(
            List<String> memory, String kind, Path configuration, Path temporary, List<String> settings) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(memory);
        command.addAll(List.of(
                "-XX:+ExitOnOutOfMemoryError",
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + temporary));
        String options = System.getenv("MORAINE_JAVA_OPTS");
        if (options != null && !options.isBlank()) {
            command.addAll(List.of(options.strip().split("\\s+")));
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass, kind));
        command.addAll(List.of("--config", configuration.toString(), "--json", "--exit-with-parent"));
        for (String setting : settings) {
            command.addAll(List.of("--set", setting));
        }
        return command;
    }
}
