package dev.moraine.wire.transport;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How a client protects its connections. */
public sealed interface ClientSecurity {
    /** Not at all. */
    record Plaintext() implements ClientSecurity {}

    /**
     * By TLS 1.3.
     *
     * @param servers the certificates of which the server must have one
     * @param own whom the client shows itself as, if the server asks; null for nobody
     */
    record Tls(Set<CertificatePin> servers, @Nullable TlsIdentity own) implements ClientSecurity {
        /**
         * Copies the pins.
         *
         * @throws IllegalArgumentException if there is none
         */
        public Tls {
            servers = Set.copyOf(servers);
            if (servers.isEmpty()) {
                throw new IllegalArgumentException("servers must hold a pin: without one nobody is trusted");
            }
        }
    }

    /**
     * No protection.
     *
     * @return the setting
     */
    static ClientSecurity plaintext() {
        return new Plaintext();
    }

    /**
     * Protection by TLS 1.3.
     *
     * @param server the certificate that the server must have
     * @param own whom the client shows itself as, if the server asks; null for nobody
     * @return the setting
     */
    static ClientSecurity tls(CertificatePin server, @Nullable TlsIdentity own) {
        return new Tls(Set.of(server), own);
    }

    /**
     * Protection by TLS 1.3, where it does not matter which of several servers answers.
     *
     * @param servers the certificates of which the server must have one, at least one
     * @param own whom the client shows itself as, if the server asks; null for nobody
     * @return the setting
     * @throws IllegalArgumentException if there is no certificate
     */
    static ClientSecurity tls(Set<CertificatePin> servers, @Nullable TlsIdentity own) {
        return new Tls(servers, own);
    }
}
