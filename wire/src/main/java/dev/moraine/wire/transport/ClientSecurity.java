package dev.moraine.wire.transport;

import org.jspecify.annotations.Nullable;

/** How a client protects its connections. */
public sealed interface ClientSecurity {
    /** Not at all. */
    record Plaintext() implements ClientSecurity {}

    /**
     * By TLS 1.3.
     *
     * @param server the certificate that the server must have
     * @param own whom the client shows itself as, if the server asks; null for nobody
     */
    record Tls(CertificatePin server, @Nullable TlsIdentity own) implements ClientSecurity {}

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
        return new Tls(server, own);
    }
}
