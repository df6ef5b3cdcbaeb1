package dev.moraine.node.http.door;

import dev.moraine.node.http.HttpServer;
import dev.moraine.proofs.certificate.Namespace;
import java.nio.file.Path;

/**
 * How the OP Stack's interface is served.
 *
 * @param server where it listens
 * @param namespace whose batches are put through it
 * @param retainEpochs how many epochs they are kept, from 1 to the deployment's retention limit
 * @param folder where the index of Keccak commitments is
 * @param maxKeccakEntries most Keccak commitments that are remembered
 * @param maxPuts most puts at a time
 */
public record AltDaSettings(
        HttpServer.Context server,
        Namespace namespace,
        long retainEpochs,
        Path folder,
        int maxKeccakEntries,
        int maxPuts) {
    /** The port of the OP Stack's own DA server. */
    public static final int DEFAULT_PORT = 3100;

    /** Puts at a time, where nothing else is set. */
    public static final int DEFAULT_MAX_PUTS = 64;

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public AltDaSettings {
        GatewayDoorSettings.atLeastOne("retainEpochs", retainEpochs);
        GatewayDoorSettings.atLeastOne("maxKeccakEntries", maxKeccakEntries);
        GatewayDoorSettings.atLeastOne("maxPuts", maxPuts);
    }

    /**
     * An interface with the usual bounds.
     *
     * @param server where it listens
     * @param namespace whose batches are put through it
     * @param retainEpochs how many epochs they are kept
     * @param folder where the index of Keccak commitments is
     * @return the settings
     */
    public static AltDaSettings of(HttpServer.Context server, Namespace namespace, long retainEpochs, Path folder) {
        return new AltDaSettings(
                server, namespace, retainEpochs, folder, KeccakIndex.DEFAULT_MAX_ENTRIES, DEFAULT_MAX_PUTS);
    }
}
