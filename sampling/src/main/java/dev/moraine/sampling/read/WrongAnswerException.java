package dev.moraine.sampling.read;

import java.io.Serial;

/** A member's answer is not what was asked for. */
final class WrongAnswerException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    WrongAnswerException(String message) {
        super(message);
    }

    WrongAnswerException(Exception cause) {
        super(cause.getMessage(), cause);
    }
}
