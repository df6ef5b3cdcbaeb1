package dev.moraine.proofs.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.moraine.testing.Seed;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlobIdTest {
    private final Random random = Seed.random("BlobIdTest");

    @Test
    void rotationIsTheUnsignedHeadOfTheIdModuloTheShardCount() {
        for (int i = 0; i < 1000; i++) {
            byte[] bytes = Seed.bytes(random, BlobId.BYTES);
            int shards = 4 + random.nextInt(189);
            BigInteger head = new BigInteger(1, Arrays.copyOf(bytes, 8));
            assertEquals(head.mod(BigInteger.valueOf(shards)).intValueExact(), BlobId.of(bytes).rotation(shards));
        }
    }

    @Test
    void bytesAndTextLeadBackToTheSameId() {
        byte[] bytes = Seed.bytes(random, BlobId.BYTES);
        BlobId id = BlobId.of(bytes);
        assertArrayEquals(bytes, id.toBytes());
        assertEquals(id, BlobId.parse(id.toString()));
        assertThrows(IllegalArgumentException.class, () -> BlobId.parse(id.toString().substring(2)));
        assertThrows(IllegalArgumentException.class, () -> BlobId.of(new byte[31]));
        assertThrows(IllegalArgumentException.class, () -> id.rotation(193));
    }
}
