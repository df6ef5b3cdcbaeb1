package dev.moraine.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.moraine.node.devnet.ControlPlace;
import dev.moraine.node.devnet.DevnetException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Commands a devnet that runs in another terminal. */
@Command(
        name = "ctl",
        description = {
            "Commands a running devnet. A process is named by its node's number, or 'gateway'. Prints how all processes",
            "are afterwards."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example: moraine devnet ctl --kill 3"})
final class DevnetCtlCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private CommandSpec spec;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "The network's folder. Default: that of a devnet that was started without --dir.")
    private @Nullable Path named;

    @ArgGroup(multiplicity = "1")
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private Verb verb;

    @Option(names = "--json", description = "Print one line of JSON.")
    private boolean isJson;

    /** What to do; one of them. */
    static final class Verb {
        @Option(names = "--kill", paramLabel = "I", description = "Kill it at once (SIGKILL).")
        private @Nullable String kill;

        @Option(names = "--pause", paramLabel = "I", description = "Stop it in its tracks (SIGSTOP).")
        private @Nullable String pause;

        @Option(names = "--resume", paramLabel = "I", description = "Let it go on (SIGCONT).")
        private @Nullable String resume;

        @Option(names = "--start", paramLabel = "I", description = "Start it again, when it was killed.")
        private @Nullable String start;

        @Option(names = "--status", description = "Change nothing.")
        private boolean isStatus;

        String line() {
            if (isStatus) {
                return "status";
            }
            return kill != null
                    ? "kill " + kill
                    : pause != null ? "pause " + pause : resume != null ? "resume " + resume : "start " + start;
        }
    }

    @Override
    public Integer call() throws CommandFailedException {
        try {
            JsonNode answer = ControlPlace.command(DevnetFolder.of(named).path(), verb.line());
            if (isJson) {
                spec.commandLine().getOut().println(answer);
                return 0;
            }
            for (JsonNode child : answer.path("processes")) {
                spec.commandLine().getOut().printf(
                        "%-10s %-9s pid %d%n",
                        child.path("name").asText(), child.path("state").asText(), child.path("pid").asLong());
            }
            return 0;
        } catch (DevnetException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()));
        }
    }
}
