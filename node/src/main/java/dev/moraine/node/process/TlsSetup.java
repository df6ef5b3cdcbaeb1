package dev.moraine.node.process;

import dev.moraine.node.config.Configuration;
import dev.moraine.node.config.NodeKeys;
import dev.moraine.node.config.SharedKeys;
import dev.moraine.node.genesis.GenesisException;
import dev.moraine.node.genesis.GenesisFile;
import dev.moraine.wire.transport.CertificatePin;
import dev.moraine.wire.transport.InvalidTlsIdentityException;
import dev.moraine.wire.transport.ServerSecurity;
import dev.moraine.wire.transport.TlsIdentity;
import dev.moraine.wire.transport.Transport;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the connections of a process are protected, from its configuration and the pins in the genesis file.
 *
 * @param genesis how the nodes are known
 * @param own whom this process shows itself as; null for nobody
 */
record TlsSetup(GenesisFile.Content genesis, @Nullable TlsIdentity own) {
    /**
     * Reads both.
     *
     * @param configuration of any process
     * @return the setup
     * @throws ProcessException if certificate or key cannot be used, or only one of them is set
     */
    static TlsSetup of(Configuration configuration) throws ProcessException {
        Path certificate = configuration.find(SharedKeys.TLS_CERTIFICATE);
        Path key = configuration.find(SharedKeys.TLS_KEY);
        if ((certificate == null) != (key == null)) {
            throw new ProcessException(SharedKeys.TLS_CERTIFICATE.path() + " and " + SharedKeys.TLS_KEY.path()
                    + " must both be set or none");
        }
        try {
            TlsIdentity own = certificate == null
                    ? null
                    : TlsIdentity.load(
                            configuration.path(SharedKeys.TLS_CERTIFICATE), configuration.path(SharedKeys.TLS_KEY));
            return new TlsSetup(GenesisFile.readContent(configuration.path(SharedKeys.GENESIS)), own);
        } catch (InvalidTlsIdentityException | GenesisException e) {
            throw new ProcessException(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Protects what a transport connects to.
     *
     * @param transport the event loops of the process
     */
    void protect(Transport transport) {
        genesis.protect(transport, own);
    }

    /**
     * Whether others than this machine may connect to a server of this process.
     *
     * @param configuration of a node
     * @return true if connections are encrypted, or need not be
     */
    boolean allowsStrangers(Configuration configuration) {
        return !genesis.tlsPins().isEmpty() || configuration.get(SharedKeys.ALLOW_PLAINTEXT);
    }

    /**
     * How a node protects the connections that it accepts.
     *
     * @param configuration of a node
     * @param index its place in the committee
     * @return the setting
     * @throws ProcessException if the node has not the certificate that the genesis file says it has
     */
    ServerSecurity ofServer(Configuration configuration, int index) throws ProcessException {
        List<CertificatePin> pins = genesis.tlsPins();
        if (pins.isEmpty()) {
            if (own != null) {
                throw new ProcessException(SharedKeys.TLS_CERTIFICATE.path() + " is set, but the genesis file "
                        + configuration.path(SharedKeys.GENESIS) + " has no tlsPin, so nobody would use it");
            }
            return configuration.get(SharedKeys.ALLOW_PLAINTEXT)
                    ? ServerSecurity.plaintextAnywhere()
                    : ServerSecurity.plaintextOnLoopback();
        }
        if (own == null) {
            throw new ProcessException("the genesis file " + configuration.path(SharedKeys.GENESIS)
                    + " has a tlsPin for this node: set " + SharedKeys.TLS_CERTIFICATE.path() + " and "
                    + SharedKeys.TLS_KEY.path());
        }
        if (!own.pin().equals(pins.get(index))) {
            throw new ProcessException("the certificate in " + configuration.path(SharedKeys.TLS_CERTIFICATE)
                    + " has the pin " + own.pin() + ", but the genesis file has " + pins.get(index)
                    + " for this node");
        }
        List<CertificatePin> clients = configuration.get(NodeKeys.TLS_CLIENTS);
        Set<CertificatePin> accepted = new HashSet<>(clients);
        if (!clients.isEmpty()) {
            accepted.addAll(pins);
        }
        return ServerSecurity.tls(own, accepted);
    }
}
