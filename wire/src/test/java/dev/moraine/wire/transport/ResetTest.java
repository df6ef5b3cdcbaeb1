package dev.moraine.wire.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moraine.wire.message.GetHealth;
import dev.moraine.wire.message.Message;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(Leaks.class)
class ResetTest {
    @ParameterizedTest
    @EnumSource
    void aResetEndsWhatIsInFlightAndTheNextRequestConnectsAgain(TransportKind kind) throws IOException {
        CountDownLatch asked = new CountDownLatch(1);
        EchoHandler silentOnce = new EchoHandler() {
            @Override
            public void onMessage(PeerChannel from, Message message) {
                if (asked.getCount() == 0) {
                    super.onMessage(from, message);
                }
                asked.countDown();
            }
        };
        try (Loopback loopback = new Loopback(kind)) {
            PeerConnection connection = loopback.connect(loopback.serve(silentOnce));
            Outcome unanswered = Loopback.ask(connection, GetHealth::new);
            Loopback.eventually("the node is asked", () -> asked.getCount() == 0);
            connection.reset();
            unanswered.failsWith(RequestFailure.DISCONNECTED);
            Loopback.eventually("a node is reached again", () -> {
                Outcome next = Loopback.ask(connection, GetHealth::new);
                Loopback.eventually("an outcome", next::isOver);
                return next.isAnswer();
            });
            assertEquals(2, connection.counters().get(TransportCounter.OPENED));
        }
    }
}
