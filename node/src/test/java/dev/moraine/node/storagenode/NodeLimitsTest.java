package dev.moraine.node.storagenode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.proofs.certificate.WriterKey;
import dev.moraine.proofs.certificate.WriterPublicKey;
import java.security.SecureRandom;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

class NodeLimitsTest {
    @Test
    void everyLimitHasARange() {
        assertRange("maxBlobBytes", 1, 1L << 32, NodeLimits.Context::maxBlobBytes);
        assertRange("maxBundleBytes", 1, 1L << 29, NodeLimits.Context::maxBundleBytes);
        assertRange("memoryBytes", 1L << 28, 1L << 40, NodeLimits.Context::memoryBytes);
        assertRange("maxBundlesPerConnection", 1, 1 << 16, (to, value) -> to.maxBundlesPerConnection(value.intValue()));
        assertRange("admissionQueueCapacity", 1, 1 << 16, (to, value) -> to.admissionQueueCapacity(value.intValue()));
        assertRange("storeQueueCapacity", 1, 1 << 16, (to, value) -> to.storeQueueCapacity(value.intValue()));
        assertRange("readQueueCapacity", 1, 1 << 20, (to, value) -> to.readQueueCapacity(value.intValue()));
        assertRange("uploadStallNs", 1, 3_600_000_000_000L, NodeLimits.Context::uploadStallNs);
        assertRange("leastUploadBytesPerSecond", 1, 1L << 40, NodeLimits.Context::leastUploadBytesPerSecond);
        assertRange("retryDelayMs", 1, 60_000, (to, value) -> to.retryDelayMs(value.intValue()));
    }

    @Test
    void theDefaultsAreWithinTheirRanges() {
        assertEquals(64L << 20, NodeLimits.defaults().maxBlobBytes());
    }

    @Test
    void noQuotaIsNegative() {
        WriterPublicKey key = WriterKey.generate(new SecureRandom()).publicKey();
        assertEquals(0, WriterGrant.ofAnyNamespace(key, 0).quotaBytes());
        assertThrows(IllegalArgumentException.class, () -> WriterGrant.ofAnyNamespace(key, -1));
    }

    private static void assertRange(
            String field, long least, long most, BiFunction<NodeLimits.Context, Long, NodeLimits.Context> setter) {
        setter.apply(new NodeLimits.Context(), least).conclude();
        setter.apply(new NodeLimits.Context(), most).conclude();
        for (long bad : new long[] {least - 1, most + 1}) {
            NodeLimits.Context context = setter.apply(new NodeLimits.Context(), bad);
            String message = String.valueOf(
                    assertThrows(IllegalArgumentException.class, context::conclude).getMessage());
            assertTrue(message.contains(Long.toString(bad)), message);
            assertTrue(message.startsWith(field) || field.equals("maxBundleBytes"), message);
        }
    }
}
