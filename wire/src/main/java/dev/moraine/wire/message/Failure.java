package dev.moraine.wire.message;

/**
 * Ends a request, or, with {@link Message#NO_REQUEST}, announces that the connection is about to be closed.
 *
 * @param requestId the request, or {@link Message#NO_REQUEST}
 * @param code why
 * @param text for people: printable ASCII, at most {@link MessageLimits#MAX_TEXT_BYTES}. Longer texts are cut and
 *     other characters replaced by question marks, so that a text can go into a log as it is
 */
public record Failure(long requestId, FailureCode code, String text) implements NodeMessage {
    private static final char FIRST_PRINTABLE = ' ';
    private static final char LAST_PRINTABLE = '~';

    /** Makes the text printable. */
    public Failure {
        text = printable(text);
    }

    static boolean isPrintable(int character) {
        return character >= FIRST_PRINTABLE && character <= LAST_PRINTABLE;
    }

    private static String printable(String text) {
        int length = Math.min(text.length(), MessageLimits.MAX_TEXT_BYTES);
        StringBuilder printable = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            char character = text.charAt(i);
            printable.append(isPrintable(character) ? character : '?');
        }
        return printable.toString();
    }
}
