package dev.moraine.sampling.repair;

import dev.moraine.proofs.certificate.Bundle;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.certificate.Certificate;
import dev.moraine.proofs.certificate.CertificateVerdict;
import dev.moraine.proofs.certificate.InvalidEncodingException;
import dev.moraine.proofs.certificate.Statement;
import dev.moraine.proofs.committee.Committee;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Puts the certificates of a feed, which come blob by blob, together to those of whole bundles, which are what a store
 * keeps. A certificate that the store has is passed over before any of its signatures is looked at. For one thread.
 */
final class BundleGathering {
    private final Committee committee;
    private final Predicate<Statement> isHeld;
    private final int certificateBytes;
    private final List<BundleEntry> entries = new ArrayList<>();
    private byte @Nullable [] certificate;
    private @Nullable Statement statement;

    /** What a certificate of a blob means. */
    sealed interface Step {
        /** Nothing yet, or nothing new. */
        record Continue() implements Step {}

        /** It is none, or does not follow the one before. */
        record Wrong(String detail) implements Step {}

        /**
         * It was the last of a bundle.
         *
         * @param certificate the certificate of the bundle, verified
         * @param entries all its entries
         */
        @SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
        record Complete(byte[] certificate, List<BundleEntry> entries) implements Step {}
    }

    /**
     * Nothing is gathered.
     *
     * @param committee who signs
     * @param isHeld whether the store has the certificate of a statement
     */
    BundleGathering(Committee committee, Predicate<Statement> isHeld) {
        this.committee = committee;
        this.isHeld = isHeld;
        certificateBytes = Certificate.encodedBytes(committee.members().size());
    }

    /** Forgets the bundle of which some entries have come. */
    void reset() {
        entries.clear();
        certificate = null;
        statement = null;
    }

    /** Whether a bundle has begun and not ended. */
    boolean isWithinBundle() {
        return statement != null;
    }

    /**
     * Takes the next certificate of the feed.
     *
     * @param blobCertificate its bytes, from outside
     * @return what it means
     */
    Step add(byte[] blobCertificate) {
        int fixedBytes = certificateBytes + BundleEntry.ENCODED_BYTES + Integer.BYTES;
        if (blobCertificate.length < fixedBytes) {
            return wrong("a certificate of " + blobCertificate.length + " bytes");
        }
        try {
            if (!isOfSameBundle(blobCertificate)) {
                reset();
                Statement begun = Statement.decode(Arrays.copyOf(blobCertificate, Statement.ENCODED_BYTES));
                if (isHeld.test(begun)) {
                    return new Step.Continue();
                }
                statement = begun;
                certificate = Arrays.copyOf(blobCertificate, certificateBytes);
            }
            int index = ByteBuffer.wrap(blobCertificate).getInt(fixedBytes - Integer.BYTES);
            if (index != entries.size()) {
                return wrong("entry " + index + " after " + entries.size() + " entries of its bundle");
            }
            entries.add(BundleEntry.decode(Arrays.copyOfRange(
                    blobCertificate, certificateBytes, certificateBytes + BundleEntry.ENCODED_BYTES)));
        } catch (InvalidEncodingException e) {
            return wrong(String.valueOf(e.getMessage()));
        }
        return finished();
    }

    private boolean isOfSameBundle(byte[] blobCertificate) {
        return certificate != null
                && Arrays.equals(blobCertificate, 0, certificateBytes, certificate, 0, certificateBytes);
    }

    private Step finished() {
        Statement whole = statement;
        byte[] signed = certificate;
        if (whole == null || signed == null || entries.size() < whole.count()) {
            return new Step.Continue();
        }
        List<BundleEntry> all = List.copyOf(entries);
        reset();
        Set<Object> distinct = new HashSet<>();
        boolean isDistinct = all.stream().allMatch(entry -> distinct.add(entry.blobId()));
        if (!isDistinct || !new Bundle(all).root().equals(whole.bundleRoot())) {
            return wrong("entries that are not those of the certificate");
        }
        CertificateVerdict verdict = Certificate.verify(signed, committee);
        return verdict == CertificateVerdict.ACCEPT
                ? new Step.Complete(signed, all)
                : wrong("a certificate that does not verify: " + verdict);
    }

    private Step wrong(String detail) {
        reset();
        return new Step.Wrong(detail);
    }
}
