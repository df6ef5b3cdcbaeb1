package dev.moraine.wire.transport;

import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Leaks.class)
class LeaksTest {
    @Test
    void buffersThatNobodyReleasesAreFound() {
        for (int i = 0; i < 10; i++) {
            ByteBufAllocator.DEFAULT.directBuffer(64).writeInt(i);
        }
        Loopback.eventually("a leak is found", () -> {
            Leaks.collect();
            return Leaks.takeFound() > 0;
        });
        Loopback.eventually("all leaks are found", () -> {
            Leaks.collect();
            return Leaks.takeFound() == 0;
        });
    }
}
