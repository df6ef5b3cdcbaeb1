package dev.moraine.node.cli;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a verifier found in a file.
 *
 * @param reason {@code ACCEPT}, or the name of the first reason to reject
 * @param facts what an accepted one shows, in the order in which it is printed; empty for a rejected one
 */
record Finding(String reason, Map<String, Object> facts) {
    private static final String ACCEPT = "ACCEPT";

    /** Keeps its own copy of the facts, in their order. */
    Finding {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    /**
     * A verdict by itself.
     *
     * @param verdict a constant of a verifier's enum
     * @return the finding without facts
     */
    static Finding of(Enum<?> verdict) {
        return new Finding(verdict.name(), Map.of());
    }

    /**
     * An acceptance.
     *
     * @param facts what is shown
     * @return the finding
     */
    static Finding accept(Map<String, Object> facts) {
        return new Finding(ACCEPT, facts);
    }

    /**
     * Whether it was accepted.
     *
     * @return false for a rejection
     */
    boolean isAccepted() {
        return reason.equals(ACCEPT);
    }
}
