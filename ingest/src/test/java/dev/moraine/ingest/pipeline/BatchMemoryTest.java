package dev.moraine.ingest.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moraine.testing.Seed;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BatchMemoryTest {
    @Test
    void blocksWasteAtMostAnEighthBeyondTheSmallestSize() {
        Random random = Seed.random("BatchMemoryTest.blocks");
        for (int i = 0; i < 10_000; i++) {
            long lengthBytes = 1 + (random.nextLong() >>> 24);
            long block = BatchMemory.blockBytes(lengthBytes);
            assertTrue(block >= lengthBytes);
            assertTrue(block - lengthBytes < Math.max(BatchMemory.MIN_BLOCK_BYTES, Math.ceilDiv(lengthBytes, 8)));
        }
        assertEquals(4096, BatchMemory.blockBytes(1));
        assertEquals(4096, BatchMemory.blockBytes(4096));
        assertEquals(8192, BatchMemory.blockBytes(4097));
    }

    @Test
    void theBudgetCanBeLeasedWholeAndNoByteMore() {
        try (BatchMemory memory = new BatchMemory(3 * 4096)) {
            BatchMemory.Lease first = memory.tryLease(4096);
            BatchMemory.Lease second = memory.tryLease(4097);
            assertNotNull(first);
            assertNotNull(second);
            assertEquals(4097, second.segment().byteSize());
            assertNull(memory.tryLease(1));
            first.close();
            assertNotNull(memory.tryLease(1));
        }
    }

    @Test
    void anIdleBlockServesItsSizeAgainAndGivesWayToOthers() {
        try (BatchMemory memory = new BatchMemory(4 * 4096)) {
            BatchMemory.Lease small = memory.tryLease(100);
            assertNotNull(small);
            MemorySegment address = small.segment();
            small.close();
            assertEquals(4096, memory.idleBytes());
            BatchMemory.Lease again = memory.tryLease(200);
            assertNotNull(again);
            assertEquals(address.address(), again.segment().address());
            again.close();
            BatchMemory.Lease whole = memory.tryLease(4 * 4096);
            assertNotNull(whole);
            assertEquals(0, memory.idleBytes());
            assertFalse(address.scope().isAlive());
            whole.close();
        }
    }

    @Test
    void aLeaseGivenBackTwiceCountsOnce() {
        try (BatchMemory memory = new BatchMemory(8192)) {
            BatchMemory.Lease lease = memory.tryLease(10);
            BatchMemory.Lease other = memory.tryLease(10);
            assertNotNull(lease);
            assertNotNull(other);
            lease.close();
            lease.close();
            assertEquals(4096, memory.leasedBytes());
        }
    }

    @Test
    void closingFreesIdleBlocksAtOnceAndLeasedOnesWhenTheyComeBack() {
        BatchMemory memory = new BatchMemory(8192);
        BatchMemory.Lease leased = memory.tryLease(10);
        BatchMemory.Lease idle = memory.tryLease(10);
        assertNotNull(leased);
        assertNotNull(idle);
        idle.close();
        memory.close();
        assertFalse(idle.segment().scope().isAlive());
        leased.segment().set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
        leased.close();
        assertFalse(leased.segment().scope().isAlive());
        assertEquals(0, memory.leasedBytes());
        assertNull(memory.tryLease(1));
    }

    @Test
    void randomLeasesNeverPassTheBudgetAndNeverOverlap() {
        Random random = Seed.random("BatchMemoryTest.random");
        long budgetBytes = 1 << 20;
        try (BatchMemory memory = new BatchMemory(budgetBytes)) {
            List<BatchMemory.Lease> leases = new ArrayList<>();
            for (int i = 0; i < 2000; i++) {
                BatchMemory.Lease lease = random.nextInt(3) == 0 ? null : memory.tryLease(1 + random.nextInt(200_000));
                if (lease != null) {
                    lease.segment().fill((byte) leases.size());
                    leases.add(lease);
                } else if (!leases.isEmpty()) {
                    int last = leases.size() - 1;
                    MemorySegment segment = leases.get(last).segment();
                    assertEquals((byte) last, segment.get(ValueLayout.JAVA_BYTE, segment.byteSize() - 1));
                    assertEquals((byte) last, segment.get(ValueLayout.JAVA_BYTE, 0));
                    leases.remove(last).close();
                }
                assertTrue(memory.leasedBytes() + memory.idleBytes() <= budgetBytes);
            }
            leases.forEach(BatchMemory.Lease::close);
            assertEquals(0, memory.leasedBytes());
        }
    }
}
