package dev.moraine.node.process;

import dev.moraine.node.config.Configuration;
import dev.moraine.node.config.SharedKeys;
import dev.moraine.node.genesis.GenesisException;
import dev.moraine.node.genesis.GenesisFile;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.wire.transport.Transport;
import dev.moraine.wire.transport.TransportKind;
import dev.moraine.wire.transport.TransportUnavailableException;

/** What all processes of a deployment take from their configuration alike. */
final class Deployment {
    private Deployment() {}

    /**
     * Reads the genesis file.
     *
     * @param configuration of any process
     * @return the committee
     * @throws ProcessException if it cannot be used
     */
    static Committee committee(Configuration configuration) throws ProcessException {
        try {
            return GenesisFile.read(configuration.path(SharedKeys.GENESIS));
        } catch (GenesisException e) {
            throw new ProcessException(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Starts event loops. What they connect to is protected as the genesis file says.
     *
     * @param configuration of any process
     * @return the event loops, closed by the caller
     * @throws ProcessException if this machine does not have their kind, or a certificate cannot be used
     */
    static Transport transport(Configuration configuration) throws ProcessException {
        try {
            TransportKind kind = TransportKind.select(configuration.get(SharedKeys.TRANSPORT_KIND));
            TlsSetup tls = TlsSetup.of(configuration);
            Transport transport = new Transport(kind, Math.toIntExact(configuration.get(SharedKeys.TRANSPORT_THREADS)));
            tls.protect(transport);
            return transport;
        } catch (TransportUnavailableException e) {
            throw new ProcessException(SharedKeys.TRANSPORT_KIND.path() + ": " + e.getMessage(), e);
        }
    }
}
