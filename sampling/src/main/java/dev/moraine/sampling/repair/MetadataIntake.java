package dev.moraine.sampling.repair;

import dev.moraine.wire.message.Busy;
import dev.moraine.wire.message.Failure;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.MetadataAnswer;
import dev.moraine.wire.transport.RequestFailure;
import dev.moraine.wire.transport.ResponseHandler;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One request for the metadata of a blob. It is over on the connection's event loop. */
record MetadataIntake(int member, MissingPair missing, Consumer<Outcome> whenOver) implements ResponseHandler {
    /**
     * How a request ended.
     *
     * @param member who was asked
     * @param missing for which pair
     * @param metadata what came, unverified; null if nothing did
     * @param end how it ended
     */
    @SuppressWarnings("ArrayRecordComponent") // Carried to the agent, never compared.
    record Outcome(int member, MissingPair missing, byte @Nullable [] metadata, SymbolIntake.End end) {}

    @Override
    public boolean onMessage(Message message) {
        switch (message) {
            case MetadataAnswer answer -> end(answer.metadata(), SymbolIntake.End.ANSWERED);
            case Busy _ -> end(null, SymbolIntake.End.BUSY);
            case Failure _ -> end(null, SymbolIntake.End.REFUSED);
            default -> end(null, SymbolIntake.End.LIED);
        }
        return true;
    }

    @Override
    public void onFailure(RequestFailure reason) {
        end(null, reason == RequestFailure.OVER_LIMIT ? SymbolIntake.End.BUSY : SymbolIntake.End.UNANSWERED);
    }

    private void end(byte @Nullable [] metadata, SymbolIntake.End how) {
        whenOver.accept(new Outcome(member, missing, metadata, how));
    }
}
