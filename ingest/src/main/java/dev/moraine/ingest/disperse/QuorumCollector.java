package dev.moraine.ingest.disperse;

import dev.moraine.proofs.certificate.BlsSignature;
import dev.moraine.proofs.certificate.Certificate;
import dev.moraine.proofs.certificate.CertificateAssembly;
import dev.moraine.proofs.certificate.InvalidPointException;
import dev.moraine.proofs.certificate.Statement;
import dev.moraine.proofs.committee.Committee;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Collects the signatures under one statement until their signers weigh a quorum and the aggregate verifies. Single
 * signatures are verified only when the aggregate fails: then those that spoil it are dropped.
 *
 * <p>Belongs to one thread.
 */
final class QuorumCollector {
    private final Committee committee;
    private final Statement statement;
    private final Map<Integer, BlsSignature> signatures = new HashMap<>();
    private int weight;

    /**
     * Starts without signatures.
     *
     * @param committee whose members sign
     * @param statement what they sign
     */
    QuorumCollector(Committee committee, Statement statement) {
        this.committee = committee;
        this.statement = statement;
    }

    /** {@return the weight of those who signed, as far as it is known that they did} */
    int weight() {
        return weight;
    }

    /**
     * Takes a signature.
     *
     * @param member who sent it; a second one of the same member replaces the first
     * @param encoded bytes from the network
     * @return whether it is a signature at all; of what is found out at the quorum
     */
    boolean add(int member, byte[] encoded) {
        BlsSignature signature;
        try {
            signature = BlsSignature.decode(encoded);
        } catch (InvalidPointException e) {
            return false;
        }
        if (signatures.put(member, signature) == null) {
            weight += committee.weight(member);
        }
        return true;
    }

    /**
     * Verifies one signature.
     *
     * @param member who sent it
     * @return whether it is a signature of the statement
     */
    boolean isGood(int member) {
        BlsSignature signature = signatures.get(member);
        return signature != null
                && committee.members().get(member).publicKey().verify(statement.encode(), signature);
    }

    /**
     * Makes the certificate if there is a quorum.
     *
     * @param badSigner gets each member whose signature was found to be none of the statement, and was dropped
     * @return the verified certificate, or null while good signatures are missing
     */
    @Nullable Certificate certify(IntConsumer badSigner) {
        if (weight < committee.geometry().quorum()) {
            return null;
        }
        CertificateAssembly assembly = CertificateAssembly.assemble(committee, statement, signatures);
        for (int member : assembly.badMembers()) {
            signatures.remove(member);
            weight -= committee.weight(member);
            badSigner.accept(member);
        }
        return assembly.certificate().orElse(null);
    }
}
