package dev.moraine.wire.transport;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Makes what connections are encrypted with: TLS 1.3 of the JDK, and nothing older. */
final class TlsContexts {
    private static final String PROTOCOL = "TLSv1.3";
    private static final long REMEMBERED_SESSIONS = 64;

    private TlsContexts() {}

    /** For the connections of a server; null for none. */
    static @Nullable SslContext of(ServerSecurity security) {
        if (!(security instanceof ServerSecurity.Tls(TlsIdentity identity, Set<CertificatePin> clients))) {
            return null;
        }
        SslContextBuilder builder = SslContextBuilder.forServer(identity.key(), identity.certificate());
        if (!clients.isEmpty()) {
            builder.trustManager(new PinTrust(clients)).clientAuth(ClientAuth.REQUIRE);
        }
        return build(builder);
    }

    /** For the connections of a client; null for none. */
    static @Nullable SslContext of(ClientSecurity security) {
        if (!(security instanceof ClientSecurity.Tls(Set<CertificatePin> servers, TlsIdentity own))) {
            return null;
        }
        SslContextBuilder builder = SslContextBuilder.forClient()
                .trustManager(new PinTrust(servers))
                .endpointIdentificationAlgorithm(null);
        if (own != null) {
            builder.keyManager(own.key(), own.certificate());
        }
        return build(builder);
    }

    private static SslContext build(SslContextBuilder builder) {
        try {
            return builder
                    .sslProvider(SslProvider.JDK)
                    .protocols(PROTOCOL)
                    .sessionCacheSize(REMEMBERED_SESSIONS)
                    .build();
        } catch (SSLException e) {
            throw new IllegalArgumentException("the certificate cannot be used for " + PROTOCOL, e);
        }
    }
}
