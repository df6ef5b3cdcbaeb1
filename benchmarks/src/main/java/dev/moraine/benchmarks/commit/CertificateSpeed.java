package dev.moraine.benchmarks.commit;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.certificate.BlsPublicKey;
import dev.moraine.proofs.certificate.BlsSecretKey;
import dev.moraine.proofs.certificate.BlsSignature;
import dev.moraine.proofs.certificate.Bundle;
import dev.moraine.proofs.certificate.BundleEntry;
import dev.moraine.proofs.certificate.Certificate;
import dev.moraine.proofs.certificate.CertificateAssembly;
import dev.moraine.proofs.certificate.CertificateVerdict;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.proofs.certificate.SignatureAggregator;
import dev.moraine.proofs.certificate.Statement;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.committee.CommitteeMember;
import dev.moraine.proofs.committee.InvalidCommitteeException;
import dev.moraine.proofs.hash.Digest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Signing, aggregating and verifying in a committee of one shard a node, each as what is repeated. */
final class CertificateSpeed {
    /** Verifies a certificate that a quorum signed. */
    static final String CERTIFICATE = "verify certificate";

    /** Verifies one signature on the same message, through the same library. */
    static final String ONE_SIGNATURE = "verify one signature";

    private static final int ENTRIES = 64;
    private static final long EPOCH = 10;

    private CertificateSpeed() {}

    /**
     * Makes a committee and a certificate.
     *
     * @param shards nodes of the committee, one shard each
     * @return what is repeated, by name; it fails if something good is rejected
     */
    static Map<String, Runnable> operations(int shards) {
        SecureRandom random = new SecureRandom();
        List<BlsSecretKey> secrets = new ArrayList<>();
        List<CommitteeMember> members = new ArrayList<>();
        for (int i = 0; i < shards; i++) {
            BlsSecretKey secret = BlsSecretKey.generate(random);
            secrets.add(secret);
            members.add(new CommitteeMember(
                    "node-" + i, "localhost", 1024 + i, secret.publicKey(), secret.proofOfPossession(), i, 1));
        }
        Committee committee = committee(shards, members);
        List<BundleEntry> entries = new ArrayList<>();
        for (int i = 0; i < ENTRIES; i++) {
            Digest digest = new Digest(random.nextLong(), 2, 3, i);
            entries.add(new BundleEntry(new BlobId(digest), new Namespace(digest), 1 + i, EPOCH));
        }
        Bundle bundle = new Bundle(entries);
        Statement statement = new Statement(committee.deploymentId(), EPOCH, ENTRIES, bundle.root());
        byte[] message = statement.encode();
        Map<Integer, BlsSignature> signatures = new TreeMap<>();
        for (int i = 0; i < committee.geometry().quorum(); i++) {
            signatures.put(i, secrets.get(i).sign(message));
        }
        List<BlsSignature> quorum = List.copyOf(signatures.values());
        Certificate certificate =
                CertificateAssembly.assemble(committee, statement, signatures).certificate().orElseThrow();
        byte[] encoded = certificate.encode();
        byte[] blobCertificate = new BlobCertificate(certificate, entries.get(5), 5, bundle.path(5)).encode();
        BlsPublicKey key = members.getFirst().publicKey();
        BlsSignature signature = quorum.getFirst();
        Map<String, Runnable> operations = new LinkedHashMap<>();
        operations.put(CERTIFICATE, () -> demand(certificate.verify(committee) == CertificateVerdict.ACCEPT));
        operations.put(ONE_SIGNATURE, () -> demand(key.verify(message, signature)));
        operations.put(
                "decode and verify certificate",
                () -> demand(Certificate.verify(encoded, committee) == CertificateVerdict.ACCEPT));
        operations.put(
                "decode and verify blob certificate, bundle entry included",
                () -> demand(BlobCertificate.verify(blobCertificate, committee) == CertificateVerdict.ACCEPT));
        operations.put("sign statement", () -> secrets.getFirst().sign(message));
        operations.put(
                "aggregate a quorum's signatures", () -> demand(SignatureAggregator.aggregate(quorum).isPresent()));
        return operations;
    }

    private static Committee committee(int shards, List<CommitteeMember> members) {
        try {
            return Committee.of(shards, 1_700_000_000, 3_600, 24, members);
        } catch (InvalidCommitteeException e) {
            throw new IllegalStateException("this committee is valid", e);
        }
    }

    private static void demand(boolean accepted) {
        if (!accepted) {
            throw new IllegalStateException("a good certificate or signature was rejected");
        }
    }
}
