package dev.moraine.wire.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.message.Failure;
import dev.moraine.wire.message.GetMetadata;
import dev.moraine.wire.message.GetSliver;
import dev.moraine.wire.message.MetadataAnswer;
import dev.moraine.wire.message.Part;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(Leaks.class)
class RequestTest {
    @ParameterizedTest
    @EnumSource
    void everyRequestGetsItsOwnAnswer(TransportKind kind) throws IOException {
        try (Loopback loopback = new Loopback(kind)) {
            PeerConnection connection = loopback.connect(loopback.serve(new EchoHandler()));
            List<Outcome> outcomes = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                byte[] blobId = blobId(i);
                outcomes.add(Loopback.ask(connection, id -> new GetMetadata(id, blobId)));
            }
            for (int i = 0; i < outcomes.size(); i++) {
                assertArrayEquals(blobId(i), outcomes.get(i).answer(MetadataAnswer.class).metadata());
                assertEquals(1, outcomes.get(i).ends());
            }
            Loopback.eventually("no request is in flight", () -> connection.requestsInFlight() == 0);
            assertEquals(1, connection.counters().get(TransportCounter.OPENED));
        }
    }

    @ParameterizedTest
    @EnumSource
    void failuresOfTheNodeAreAnswers(TransportKind kind) throws IOException {
        try (Loopback loopback = new Loopback(kind)) {
            PeerConnection connection = loopback.connect(loopback.serve(new EchoHandler()));
            Failure failure = Loopback.ask(connection, id -> new GetSliver(id, blobId(1), 0, Part.PRIMARY))
                    .answer(Failure.class);
            assertEquals(FailureCode.NOT_FOUND, failure.code());
        }
    }

    private static byte[] blobId(int i) {
        byte[] blobId = new byte[32];
        Arrays.fill(blobId, (byte) i);
        return blobId;
    }
}
