package dev.moraine.node.storagenode;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.BackoffIdleStrategy;

/**
 * An agent that its node can close whoever runs it, on a thread of its own or together with agents of other nodes: it is
 * closed between two duty cycles, and does nothing any more when it is run again.
 */
final class ClosableAgent implements Agent {
    private static final Logger LOGGER = System.getLogger(ClosableAgent.class.getName());
    private static final long MAX_IDLE_SPINS = 10;
    private static final long MAX_IDLE_YIELDS = 10;
    private static final long MIN_PARK_NS = TimeUnit.MICROSECONDS.toNanos(1);
    private static final long MAX_PARK_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Agent agent;
    private final String roleName;
    private boolean closed;

    /**
     * Wraps an agent.
     *
     * @param agent the agent, which nobody else may run
     * @param roleName what its thread is called
     */
    ClosableAgent(Agent agent, String roleName) {
        this.agent = agent;
        this.roleName = roleName;
    }

    /**
     * Runs this agent on a thread of its own.
     *
     * @return what runs it, to be closed after the agent
     */
    AgentRunner startOnThread() {
        AgentRunner runner = new AgentRunner(
                new BackoffIdleStrategy(MAX_IDLE_SPINS, MAX_IDLE_YIELDS, MIN_PARK_NS, MAX_PARK_NS),
                e -> LOGGER.log(Level.ERROR, "agent " + roleName + " failed", e),
                null,
                this);
        AgentRunner.startOnThread(runner);
        return runner;
    }

    @Override
    public synchronized int doWork() throws Exception {
        return closed ? 0 : agent.doWork();
    }

    /** Waits for the running duty cycle and closes the agent, once. */
    @Override
    public synchronized void onClose() {
        if (!closed) {
            closed = true;
            agent.onClose();
        }
    }

    @Override
    public String roleName() {
        return roleName;
    }
}
