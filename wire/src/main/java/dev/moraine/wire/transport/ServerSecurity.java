package dev.moraine.wire.transport;

import java.util.Set;

/** How a server protects its connections. */
public sealed interface ServerSecurity {
    /**
     * Not at all.
     *
     * @param isAllowedEverywhere whether the server may listen on addresses that other machines reach
     */
    record Plaintext(boolean isAllowedEverywhere) implements ServerSecurity {}

    /**
     * By TLS 1.3.
     *
     * @param identity whom the server shows itself as
     * @param clients whose clients are let in; empty for anybody's, who are not asked for a certificate then
     */
    record Tls(TlsIdentity identity, Set<CertificatePin> clients) implements ServerSecurity {
        /** Copies the pins. */
        public Tls {
            clients = Set.copyOf(clients);
        }
    }

    /**
     * No protection, and therefore no address but those of this machine itself.
     *
     * @return the setting
     */
    static ServerSecurity plaintextOnLoopback() {
        return new Plaintext(false);
    }

    /**
     * No protection, on any address: for networks that protect themselves.
     *
     * @return the setting
     */
    static ServerSecurity plaintextAnywhere() {
        return new Plaintext(true);
    }

    /**
     * Protection by TLS 1.3.
     *
     * @param identity whom the server shows itself as
     * @param clients whose clients are let in; empty for anybody's
     * @return the setting
     */
    static ServerSecurity tls(TlsIdentity identity, Set<CertificatePin> clients) {
        return new Tls(identity, clients);
    }
}
