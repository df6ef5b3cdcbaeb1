package dev.moraine.node.demo;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.Agent;

/**
 * Runs the agents of many nodes on one thread. Agents come and go while it runs, and one that fails does not stop the
 * others.
 *
 * <p>{@link #add} and {@link #remove} may be called by any thread, one at a time; the rest is the runner's.
 */
final class SharedAgent implements Agent {
    private static final Logger LOGGER = System.getLogger(SharedAgent.class.getName());

    private final String roleName;
    private volatile List<Agent> agents = List.of();

    /**
     * Makes a runner of nothing.
     *
     * @param roleName the thread's name
     */
    SharedAgent(String roleName) {
        this.roleName = roleName;
    }

    /**
     * Runs further agents.
     *
     * @param more agents that nobody else runs
     */
    synchronized void add(List<Agent> more) {
        List<Agent> together = new ArrayList<>(agents);
        together.addAll(more);
        agents = List.copyOf(together);
    }

    /**
     * Stops running some agents; a duty cycle that is under way may still run them once.
     *
     * @param gone agents that were added
     */
    synchronized void remove(List<Agent> gone) {
        List<Agent> rest = new ArrayList<>(agents);
        rest.removeAll(gone);
        agents = List.copyOf(rest);
    }

    @Override
    public int doWork() {
        int workCount = 0;
        for (Agent agent : agents) {
            try {
                workCount += agent.doWork();
            } catch (Exception e) {
                onFailure(e);
            }
        }
        return workCount;
    }

    /**
     * Logs a fault of an agent.
     *
     * @param fault what it threw
     */
    static void onFailure(Throwable fault) {
        LOGGER.log(Level.ERROR, "an agent failed", fault);
    }

    @Override
    public String roleName() {
        return roleName;
    }
}
