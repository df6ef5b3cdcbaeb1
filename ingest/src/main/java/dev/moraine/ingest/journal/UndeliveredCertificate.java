package dev.moraine.ingest.journal;

import dev.moraine.proofs.certificate.Bundle;
import dev.moraine.proofs.certificate.Certificate;
import java.util.BitSet;

/**
 * A certificate that some nodes have not said to keep.
 *
 * @param certificate the certificate
 * @param bundle its bundle
 * @param keepers the members that keep it; the receiver's own copy
 */
public record UndeliveredCertificate(Certificate certificate, Bundle bundle, BitSet keepers) {}
