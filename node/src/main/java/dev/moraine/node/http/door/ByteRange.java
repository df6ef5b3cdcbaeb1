package dev.moraine.node.http.door;

import dev.moraine.node.http.HttpProblem;
import dev.moraine.node.http.HttpProblemException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A part of a content.
 *
 * @param offset its first byte
 * @param lengthBytes its length, at least 1
 */
record ByteRange(long offset, long lengthBytes) {
    private static final Pattern ONE_RANGE = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");
    private static final int RANGE_NOT_SATISFIABLE = 416;

    /**
     * Reads a Range field (RFC 9110, section 14.2): {@code bytes=a-b}, {@code bytes=a-} or {@code bytes=-n}. Any other
     * form, several ranges included, may be answered with the whole, and is.
     *
     * @param field the field, or null
     * @param totalBytes length of the content
     * @return the part that is asked for, or null for the whole
     * @throws HttpProblemException 416 if the content has no such part
     */
    static @Nullable ByteRange of(@Nullable String field, long totalBytes) throws HttpProblemException {
        Matcher range = ONE_RANGE.matcher(field == null ? "" : field);
        if (!range.matches() || (range.group(1).isEmpty() && range.group(2).isEmpty())) {
            return null;
        }
        boolean isSuffix = range.group(1).isEmpty();
        long last = range.group(2).isEmpty() || isSuffix ? totalBytes - 1 : Long.parseLong(range.group(2));
        long first = isSuffix
                ? Math.max(0, totalBytes - Long.parseLong(range.group(2)))
                : Long.parseLong(range.group(1));
        if (last < first && !isSuffix && first < totalBytes) {
            return null;
        }
        if (first >= totalBytes) {
            throw HttpProblem.ofField(
                            RANGE_NOT_SATISFIABLE, "RANGE_BEYOND_END", "Range", String.valueOf(field),
                            "within " + totalBytes + " bytes")
                    .toException();
        }
        return new ByteRange(first, Math.min(last, totalBytes - 1) - first + 1);
    }
}
