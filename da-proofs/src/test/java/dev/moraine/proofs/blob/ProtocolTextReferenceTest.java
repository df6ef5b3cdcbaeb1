package dev.moraine.proofs.blob;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The reference itself, against the vectors: two programs that share no line read the same text. */
class ProtocolTextReferenceTest {
    @Test
    void theReferenceGivesTheCommittedVectors() {
        BlobVector.committed().forEach(ProtocolTextReferenceTest::check);
    }

    @Test
    void theReferenceGivesTheSharedVectors() {
        BlobVector.shared().forEach(ProtocolTextReferenceTest::check);
    }

    private static void check(BlobVector vector) {
        ProtocolTextReference reference = new ProtocolTextReference(vector.blob(), vector.shards());
        assertEquals(vector.symbolSize(), reference.symbolSize, vector.name());
        assertEquals(vector.rowRoots(), hex(reference.rowRoots), vector.name());
        assertEquals(vector.columnRoots(), hex(reference.columnRoots), vector.name());
        assertEquals(vector.blobRoot(), HexFormat.of().formatHex(reference.blobRoot), vector.name());
        assertEquals(vector.blobId(), reference.blobId, vector.name());
    }

    private static List<String> hex(List<byte[]> digests) {
        return digests.stream().map(HexFormat.of()::formatHex).toList();
    }
}
