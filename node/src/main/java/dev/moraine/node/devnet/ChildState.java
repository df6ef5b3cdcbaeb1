package dev.moraine.node.devnet;

/** What a process of a devnet is at. */
public enum ChildState {
    /** It was started and has not said yet that it is ready. */
    STARTING,
    /** It serves. */
    RUNNING,
    /** It was stopped with SIGSTOP and holds everything that it held. */
    PAUSED,
    /** It was killed, or ended by itself. */
    ENDED
}
