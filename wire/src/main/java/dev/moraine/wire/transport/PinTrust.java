package dev.moraine.wire.transport;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Trusts certificates by their pins, and by nothing else. Immutable. */
final class PinTrust extends X509ExtendedTrustManager {
    private final Set<CertificatePin> accepted;

    PinTrust(Set<CertificatePin> accepted) {
        this.accepted = accepted;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }

    private void check(X509Certificate[] chain) throws CertificateException {
        // The first certificate is the one whose key the handshake proves.
        if (chain.length == 0) {
            throw new CertificateException("the peer showed no certificate");
        }
        CertificatePin pin = CertificatePin.of(chain[0]);
        if (!accepted.contains(pin)) {
            throw new CertificateException("the peer's certificate has the pin " + pin + ", which is not accepted");
        }
    }
}
