package dev.moraine.node.storagenode;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.IdleStrategy;

/**
 * An agent that its node can close whoever runs it, on a thread of its own or together with agents of other nodes: it is
 * closed between two duty cycles, and does nothing any more when it is run again.
 */
final class ClosableAgent implements Agent {
    private static final Logger LOGGER = System.getLogger(ClosableAgent.class.getName());

    private final Agent agent;
    private final String roleName;
    private final IdleStrategy idle;
    private boolean closed;

    /**
     * Wraps an agent.
     *
     * @param agent the agent, which nobody else may run
     * @param roleName what its thread is called
     * @param idle what a thread of its own does while there is no work
     */
    ClosableAgent(Agent agent, String roleName, IdleStrategy idle) {
        this.agent = agent;
        this.roleName = roleName;
        this.idle = idle;
    }

    /**
     * Runs this agent on a thread of its own.
     *
     * @return what runs it, to be closed after the agent
     */
    AgentRunner startOnThread() {
        AgentRunner runner = new AgentRunner(
                idle,
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
