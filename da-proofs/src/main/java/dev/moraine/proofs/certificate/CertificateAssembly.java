package dev.moraine.proofs.certificate;

import dev.moraine.proofs.committee.Committee;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What becomes of collected signatures. The certificate, where there is one, has been verified.
 *
 * @param certificate the certificate; empty while the good signatures have too little weight
 * @param badMembers members whose signature does not verify, ascending: their answers are dropped
 */
public record CertificateAssembly(Optional<Certificate> certificate, List<Integer> badMembers) {
    /**
     * Copies the list.
     */
    public CertificateAssembly {
        badMembers = List.copyOf(badMembers);
    }

    /**
     * Makes a certificate of the signatures that are good. One verification when all are; only otherwise are the bad
     * ones searched for.
     *
     * @param committee the committee of the epoch
     * @param statement what they should have signed
     * @param signatures a signature for each member's place; a member is in it once, however often it answered
     * @return the certificate, if the weight suffices, and the members to distrust
     * @throws IndexOutOfBoundsException if a place is no member's
     */
    public static CertificateAssembly assemble(
            Committee committee, Statement statement, Map<Integer, BlsSignature> signatures) {
        SortedMap<Integer, BlsSignature> good = new TreeMap<>(signatures);
        Optional<Certificate> certificate = certify(committee, statement, good);
        if (certificate.isPresent() || weight(committee, good) < committee.geometry().quorum()) {
            return new CertificateAssembly(certificate, List.of());
        }
        List<Integer> signers = List.copyOf(good.keySet());
        List<BlsPublicKey> keys = new ArrayList<>();
        for (int signer : signers) {
            keys.add(committee.members().get(signer).publicKey());
        }
        List<Integer> bad = new ArrayList<>();
        for (int place : SignatureAggregator.findBad(keys, List.copyOf(good.values()), statement.encode())) {
            bad.add(signers.get(place));
        }
        good.keySet().removeAll(bad);
        return new CertificateAssembly(certify(committee, statement, good), bad);
    }

    private static Optional<Certificate> certify(
            Committee committee, Statement statement, SortedMap<Integer, BlsSignature> signatures) {
        if (weight(committee, signatures) < committee.geometry().quorum()) {
            return Optional.empty();
        }
        return SignatureAggregator.aggregate(List.copyOf(signatures.values()))
                .map(sum -> Certificate.of(statement, committee.members().size(), signatures.keySet(), sum))
                .filter(certificate -> certificate.verify(committee) == CertificateVerdict.ACCEPT);
    }

    private static int weight(Committee committee, SortedMap<Integer, BlsSignature> signatures) {
        int weight = 0;
        for (int signer : signatures.keySet()) {
            weight += committee.weight(signer);
        }
        return weight;
    }
}
