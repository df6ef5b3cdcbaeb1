package dev.moraine.sampling.read;

import dev.moraine.wire.message.Message;
import java.util.Queue;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Asks for something that comes whole in one message. */
final class BytesRequest extends MemberRequest {
    private static final byte[] NOTHING = {};

    private final String subject;
    private final LongFunction<Message> question;
    private final Function<Message, byte @Nullable []> answer;
    private byte[] bytes = NOTHING;

    /**
     * A request for bytes.
     *
     * @param question builds the message under a request id
     * @param answer takes the bytes out of the right message, and gives null for every other
     */
    BytesRequest(
            Queue<MemberRequest> inbox,
            int member,
            int candidate,
            String subject,
            LongFunction<Message> question,
            Function<Message, byte @Nullable []> answer) {
        super(inbox, member, candidate);
        this.subject = subject;
        this.question = question;
        this.answer = answer;
    }

    /** What came, unverified. */
    byte[] bytes() {
        return bytes;
    }

    @Override
    Message message(long id) {
        return question.apply(id);
    }

    @Override
    String subject() {
        return subject;
    }

    @Override
    void take(Message message) {
        byte[] taken = answer.apply(message);
        if (taken == null) {
            failUnexpected(message);
        } else {
            bytes = taken;
            complete();
        }
    }
}
