package dev.moraine.benchmarks.sampling;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A {@link SamplingServer} in a process of its own, on a processor of its own where {@code taskset} is there to bind it:
 * the server to the last one, this process to the first, until it is closed.
 */
final class ServerProcess implements AutoCloseable {
    private static final String TASKSET = "taskset";
    private static final int END_SECONDS = 10;

    private final Process process;
    private final boolean isPinned;
    private final int servicePort;
    private final int echoPort;

    private ServerProcess(Process process, boolean isPinned, int servicePort, int echoPort) {
        this.process = process;
        this.isPinned = isPinned;
        this.servicePort = servicePort;
        this.echoPort = echoPort;
    }

    /**
     * Starts a server and waits until it listens.
     *
     * @param store the folder of the store
     * @param transport the kind of its transport
     * @return the running server
     */
    static ServerProcess start(Path store, String transport) throws IOException {
        int processors = Runtime.getRuntime().availableProcessors();
        boolean isPinned = processors > 1 && bind(allProcessorsBut(processors));
        List<String> command = new ArrayList<>();
        if (isPinned) {
            command.addAll(List.of(TASKSET, "-c", Integer.toString(processors - 1)));
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                SamplingServer.class.getName(),
                store.toString(),
                transport));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = output.readLine();
        if (line == null) {
            process.destroy();
            throw new IOException("the serving process ended before it listened");
        }
        String[] ports = line.split(" ", 2);
        return new ServerProcess(process, isPinned, Integer.parseInt(ports[0]), Integer.parseInt(ports[1]));
    }

    int servicePort() {
        return servicePort;
    }

    int echoPort() {
        return echoPort;
    }

    /** Where both sides run, for people. */
    String placement() {
        return isPinned
                ? "client and server on a processor each, by taskset"
                : "client and server not bound to processors";
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        process.onExit()
                .orTimeout(END_SECONDS, TimeUnit.SECONDS)
                .exceptionally(_ -> process.destroyForcibly())
                .join();
        if (isPinned) {
            bind("0-" + (Runtime.getRuntime().availableProcessors() - 1));
        }
    }

    private static String allProcessorsBut(int processors) {
        return "0-" + (processors - 2);
    }

    /** Binds every thread of this process; false where there is no such program, or it may not. */
    private static boolean bind(String processors) {
        try {
            long pid = ManagementFactory.getRuntimeMXBean().getPid();
            return new ProcessBuilder(TASKSET, "-a", "-cp", processors, Long.toString(pid))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .onExit()
                            .join()
                            .exitValue()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
