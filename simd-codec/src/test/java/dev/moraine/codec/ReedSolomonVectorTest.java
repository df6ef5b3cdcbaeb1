package dev.moraine.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.testing.SharedData;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The code is, byte for byte, that of other implementations. */
class ReedSolomonVectorTest {
    @Test
    void parityEqualsTheSampleOfLeopardVectors() {
        List<LeopardVectors.Vector> vectors = LeopardVectors.sample();
        assertTrue(vectors.size() >= 15, "vectors: " + vectors.size());
        vectors.forEach(ReedSolomonVectorTest::check);
    }

    @Test
    void parityEqualsEveryLeopardVector() throws IOException {
        List<LeopardVectors.Vector> vectors =
                LeopardVectors.parse(Files.readString(SharedData.require("vectors/leopard8/encode.jsonl")));
        assertEquals(389, vectors.size());
        vectors.forEach(ReedSolomonVectorTest::check);
    }

    private static void check(LeopardVectors.Vector vector) {
        ReedSolomon code = ReedSolomon.of(vector.dataShards(), vector.totalShards());
        byte[] codeword = Arrays.copyOf(vector.data(), vector.totalShards() * vector.shardBytes());
        MemorySegment[] shards = new MemorySegment[vector.totalShards()];
        for (int shard = 0; shard < shards.length; shard++) {
            shards[shard] = MemorySegment.ofArray(codeword)
                    .asSlice((long) shard * vector.shardBytes(), vector.shardBytes());
        }
        code.encode(shards);
        byte[] parity = Arrays.copyOfRange(codeword, vector.dataShards() * vector.shardBytes(), codeword.length);
        if (!vector.parity().isEmpty()) {
            assertEquals(String.join("", vector.parity()), HexFormat.of().formatHex(parity), vector::toString);
        }
        assertEquals(vector.paritySha256(), LeopardVectors.sha256(parity), vector::toString);
    }
}
