package dev.moraine.node.devnet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.moraine.node.genesis.NetworkFolder;
import dev.moraine.proofs.committee.Committee;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The processes of a network: one for each node and one for the gateway. They end with this, in an orderly way if it is
 * closed, and all the same if this process dies, for each watches the pipe to it. Thread-safe.
 */
public final class Devnet implements AutoCloseable {
    /** What the gateway is called. */
    public static final String GATEWAY = "gateway";

    private static final long READY_SECONDS = 180;
    private static final long END_MS = TimeUnit.SECONDS.toMillis(25);

    private final List<ChildProcess> nodes = new ArrayList<>();
    private final ChildProcess gateway;

    private Devnet(NetworkFolder network, Committee committee, ChildCommand command, Consumer<String> events) {
        for (int i = 0; i < committee.members().size(); i++) {
            String name = committee.members().get(i).name();
            nodes.add(new ChildProcess(
                    name,
                    command.node(network.nodeConfig(i), network.temporary()),
                    network.logs().resolve(name + ".log"),
                    events));
        }
        gateway = new ChildProcess(
                GATEWAY,
                command.gateway(network.gatewayConfig(), network.temporary()),
                network.logs().resolve(GATEWAY + ".log"),
                events);
    }

    /**
     * Starts all processes and waits until every one is ready.
     *
     * @param network their keys and configurations
     * @param committee that of the genesis file
     * @param command how processes are started
     * @param events is told in one line of a process that ended by itself
     * @return the running network
     * @throws DevnetException if one does not start; then none is left
     * @throws InterruptedException if the thread is interrupted; then none is left
     */
    public static Devnet start(
            NetworkFolder network, Committee committee, ChildCommand command, Consumer<String> events)
            throws DevnetException, InterruptedException {
        try {
            Files.createDirectories(network.logs());
            NetworkFolder.removeTree(network.temporary());
            Files.createDirectory(network.temporary());
        } catch (IOException e) {
            throw new DevnetException("cannot make folders in " + network.path() + ": " + e.getMessage(), e);
        }
        Devnet devnet = new Devnet(network, committee, command, events);
        boolean isStarted = false;
        try {
            for (ChildProcess child : devnet.children()) {
                child.start();
            }
            for (ChildProcess child : devnet.children()) {
                child.awaitReady(READY_SECONDS);
            }
            isStarted = true;
            return devnet;
        } finally {
            if (!isStarted) {
                devnet.close();
            }
        }
    }

    /**
     * What a process said when it was ready.
     *
     * @param name which one
     * @return its line
     * @throws DevnetException if there is no such process, or it is not ready
     * @throws InterruptedException if the thread is interrupted
     */
    public JsonNode ready(String name) throws DevnetException, InterruptedException {
        return child(name).awaitReady(0);
    }

    /**
     * Kills a process at once, as {@code kill -9} does.
     *
     * @param name which one
     * @throws DevnetException if there is no such process, or it does not run
     * @throws InterruptedException if the thread is interrupted
     */
    public void kill(String name) throws DevnetException, InterruptedException {
        child(name).kill();
    }

    /**
     * Stops a process in its tracks: it answers nothing, and its connections stay.
     *
     * @param name which one
     * @throws DevnetException if there is no such process, or it does not run
     * @throws InterruptedException if the thread is interrupted
     */
    public void pause(String name) throws DevnetException, InterruptedException {
        child(name).pause();
    }

    /**
     * Lets a paused process go on.
     *
     * @param name which one
     * @throws DevnetException if there is no such process, or it does not run
     * @throws InterruptedException if the thread is interrupted
     */
    public void resume(String name) throws DevnetException, InterruptedException {
        child(name).resume();
    }

    /**
     * Starts a process that has ended, with the folder that it had, and waits until it is ready.
     *
     * @param name which one
     * @throws DevnetException if there is no such process, it runs, or it does not get ready
     * @throws InterruptedException if the thread is interrupted
     */
    public void start(String name) throws DevnetException, InterruptedException {
        ChildProcess child = child(name);
        child.start();
        child.awaitReady(READY_SECONDS);
    }

    /**
     * How all processes are.
     *
     * @return the nodes in the committee's order, then the gateway
     */
    public List<ChildStatus> status() {
        return children().stream().map(ChildProcess::status).toList();
    }

    /** Ends all processes, the gateway first, so that it can finish; whoever does not go is killed. */
    @Override
    public void close() {
        boolean isGatewayInterrupted = end(List.of(gateway));
        boolean areNodesInterrupted = end(nodes);
        if (isGatewayInterrupted || areNodesInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean end(List<ChildProcess> children) {
        boolean isInterrupted = false;
        for (ChildProcess child : children) {
            try {
                child.terminate();
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        for (ChildProcess child : children) {
            try {
                child.awaitEnd(isInterrupted ? 0 : END_MS);
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        return isInterrupted;
    }

    private List<ChildProcess> children() {
        List<ChildProcess> all = new ArrayList<>(nodes);
        all.add(gateway);
        return all;
    }

    private ChildProcess child(String name) throws DevnetException {
        for (ChildProcess child : children()) {
            if (child.name().equals(name) || child.name().equals("node-" + name)) {
                return child;
            }
        }
        throw new DevnetException("there is no process " + name + ", only 0 to " + (nodes.size() - 1) + " and "
                + GATEWAY);
    }
}
