package dev.moraine.node.cli;

import dev.moraine.codec.ReedSolomon;
import java.io.PrintStream;
import java.io.PrintWriter;
import picocli.CommandLine;

/** Starts the command line. Exit status: 0 done, 1 failed, 2 wrong usage, 3 rejected by a verifier. */
public final class Main {
    static final int EXIT_FAILED = 1;
    static final int EXIT_USAGE = 2;
    static final int EXIT_REJECTED = 3;

    private Main() {}

    /**
     * Runs one command and ends the process with its exit status.
     *
     * @param args the command and its arguments
     */
    public static void main(String[] args) {
        LogOutput.toStandardError();
        System.exit(run(args, terminal(System.out), terminal(System.err)));
    }

    /**
     * Runs one command.
     *
     * @param args the command and its arguments
     * @param out where results go
     * @param err where progress and errors go
     * @return the exit status
     */
    static int run(String[] args, PrintWriter out, PrintWriter err) {
        CommandLine commandLine = new CommandLine(new MoraineCommand())
                .setOut(out)
                .setErr(err)
                .setExecutionStrategy(Main::execute)
                .setExecutionExceptionHandler(Main::onFailure)
                .setParameterExceptionHandler(Main::onUsageError);
        try {
            return commandLine.execute(args);
        } catch (OutOfMemoryError e) {
            err.println("moraine: not enough memory: " + e.getMessage() + " (MORAINE_JAVA_OPTS=-Xmx… gives more)");
            return EXIT_FAILED;
        }
    }

    /** A kernel that was forced and is not there ends every command before it begins, but for requests of help. */
    private static int execute(CommandLine.ParseResult parsed) {
        Integer help = CommandLine.executeHelpRequest(parsed);
        if (help != null) {
            return help;
        }
        try {
            ReedSolomon.kernelName();
        } catch (IllegalStateException e) {
            parsed.commandSpec().commandLine().getErr().println("moraine: " + firstLine(e));
            return EXIT_FAILED;
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    private static PrintWriter terminal(PrintStream stream) {
        return new PrintWriter(stream, true, stream.charset());
    }

    private static int onFailure(Exception failure, CommandLine commandLine, CommandLine.ParseResult ignored)
            throws Exception {
        if (failure instanceof RejectedAnswerException) {
            commandLine.getErr().println("moraine: " + firstLine(failure));
            return EXIT_REJECTED;
        }
        if (failure instanceof CommandFailedException) {
            commandLine.getErr().println("moraine: " + firstLine(failure));
            return EXIT_FAILED;
        }
        commandLine.getErr().println("moraine: this is a defect, please report it: " + failure);
        if (System.getProperty("moraine.debug") != null) {
            throw failure;
        }
        return EXIT_FAILED;
    }

    private static String firstLine(Exception error) {
        return String.valueOf(error.getMessage()).lines().findFirst().orElse("");
    }

    private static int onUsageError(CommandLine.ParameterException error, String[] ignored) {
        CommandLine commandLine = error.getCommandLine();
        String help = commandLine.getCommandSpec().qualifiedName() + " --help";
        commandLine.getErr().println("moraine: " + firstLine(error) + " (see '" + help + "')");
        return EXIT_USAGE;
    }
}
