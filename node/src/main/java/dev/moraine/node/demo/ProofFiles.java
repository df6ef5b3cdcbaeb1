package dev.moraine.node.demo;

import dev.moraine.proofs.certificate.BlobCertificate;
import dev.moraine.proofs.proof.ByteRangeProof;
import dev.moraine.proofs.proof.SymbolProof;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The certificates and proofs of a run as files, in the forms that {@code moraine verify} takes:
 * {@code <k>.certificate}, {@code <k>.symbol} and {@code <k>.range} for the k-th batch, from 1. For one thread.
 */
final class ProofFiles {
    private final Path folder;

    /**
     * Prepares.
     *
     * @param folder where the files go; it need not exist
     */
    ProofFiles(Path folder) {
        this.folder = folder;
    }

    /**
     * Writes what was shown of a batch.
     *
     * @param number the batch, from 1
     * @param certificate its certificate
     * @param symbol the row proof of its symbol at row 1, column 0
     * @param range the proof of a range
     * @throws DemoException if a file cannot be written
     */
    void write(int number, BlobCertificate certificate, SymbolProof symbol, ByteRangeProof range) throws DemoException {
        try {
            Files.createDirectories(folder);
            write(number + ".certificate", certificate.encode());
            ByteArrayOutputStream headerAndProof = new ByteArrayOutputStream();
            headerAndProof.writeBytes(range.header().encode());
            headerAndProof.writeBytes(symbol.encode());
            write(number + ".symbol", headerAndProof.toByteArray());
            write(number + ".range", range.encode());
        } catch (IOException e) {
            throw new DemoException("cannot write into " + folder + ": " + e.getMessage(), e);
        }
    }

    private void write(String name, byte[] content) throws IOException {
        Files.write(folder.resolve(name), content, StandardOpenOption.CREATE_NEW);
    }
}
