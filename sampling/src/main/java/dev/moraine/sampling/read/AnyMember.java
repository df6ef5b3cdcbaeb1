package dev.moraine.sampling.read;

import dev.moraine.proofs.blob.BlobId;
import dev.moraine.wire.message.Message;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Puts one question to member after member until an answer verifies: to the next at once when one fails, and beside a
 * slow one after the hedge delay. The holder of pair 0 is first, so that another member is first for another blob.
 *
 * @param <T> what is asked for
 */
final class AnyMember<T> extends Gathering {
    /** Gives what bytes stand for; throws with the reason if they are not what was asked for. */
    interface Verifier<T> {
        T verify(byte[] bytes) throws WrongAnswerException;
    }

    private final String subject;
    private final int firstMember;
    private final LongFunction<Message> question;
    private final Function<Message, byte @Nullable []> answer;
    private final FaultKind wrongAnswer;
    private final Verifier<T> verifier;
    private @Nullable T value;

    AnyMember(
            CommitteeReader committee,
            BlobId blobId,
            Deadline deadline,
            String subject,
            LongFunction<Message> question,
            Function<Message, byte @Nullable []> answer,
            FaultKind wrongAnswer,
            Verifier<T> verifier) {
        super(committee, deadline, new BlameLog(), committee.memberCount(), 1, committee.patienceNs(0));
        this.subject = subject;
        this.firstMember = committee.holderOf(blobId, 0);
        this.question = question;
        this.answer = answer;
        this.wrongAnswer = wrongAnswer;
        this.verifier = verifier;
    }

    Answer<T> get() throws InterruptedException {
        gather();
        return new Answer<>(Optional.ofNullable(value), blame().report());
    }

    @Override
    MemberRequest request(int candidate) {
        return new BytesRequest(inbox(), memberOf(candidate), candidate, subject, question, answer);
    }

    @Override
    boolean accept(MemberRequest ended) {
        try {
            value = verifier.verify(((BytesRequest) ended).bytes());
            return true;
        } catch (WrongAnswerException e) {
            blame().add(ended.member(), wrongAnswer, subject + ": " + e.getMessage());
            return false;
        }
    }

    @Override
    int memberOf(int candidate) {
        return (firstMember + candidate) % committee().memberCount();
    }
}
