package dev.moraine.node.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer: status, header fields and content. An answer whose content is lent memory is sent once; whoever makes one
 * gives it to a reply or calls {@link #release()}.
 */
public final class HttpAnswer {
    /** Content type of {@link #json}. */
    public static final String JSON = "application/json";

    /** Content type of raw bytes. */
    public static final String BYTES = "application/octet-stream";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final int status;
    private final MemorySegment content;
    private final Runnable whenSent;
    private final Map<String, String> headers = new LinkedHashMap<>();

    private HttpAnswer(int status, String contentType, MemorySegment content, Runnable whenSent) {
        this.status = status;
        this.content = content;
        this.whenSent = whenSent;
        headers.put("Content-Type", contentType);
        headers.put("X-Content-Type-Options", "nosniff");
    }

    /**
     * An answer that a tree of maps, records, lists and scalars says.
     *
     * @param status the HTTP status
     * @param value the tree
     * @return the answer
     */
    public static HttpAnswer json(int status, Object value) {
        try {
            return bytes(status, JSON, MAPPER.writeValueAsBytes(value));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("maps, records and scalars always have a JSON form", e);
        }
    }

    /**
     * An answer in words.
     *
     * @param status the HTTP status
     * @param contentType what kind of text, without a character set
     * @param text the content, sent as UTF-8
     * @return the answer
     */
    public static HttpAnswer text(int status, String contentType, String text) {
        return bytes(status, contentType + "; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * An answer of bytes.
     *
     * @param status the HTTP status
     * @param contentType what they are
     * @param content not to be changed any more
     * @return the answer
     */
    public static HttpAnswer bytes(int status, String contentType, byte[] content) {
        return new HttpAnswer(status, contentType, MemorySegment.ofArray(content), () -> {});
    }

    /**
     * An answer straight from memory.
     *
     * @param status the HTTP status
     * @param contentType what the bytes are
     * @param content native memory that any thread may access
     * @param whenSent called once when the memory is not needed any more, however the sending ended
     * @return the answer
     */
    public static HttpAnswer lent(int status, String contentType, MemorySegment content, Runnable whenSent) {
        return new HttpAnswer(status, contentType, content, whenSent);
    }

    /**
     * An answer without content, whose header alone says everything.
     *
     * @param status the HTTP status, 204 or 304
     * @return the answer
     */
    public static HttpAnswer empty(int status) {
        HttpAnswer answer = bytes(status, BYTES, new byte[0]);
        answer.headers.remove("Content-Type");
        return answer;
    }

    /**
     * Sets a header field.
     *
     * @param name the field
     * @param value printable ASCII
     * @return this
     */
    public HttpAnswer header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /** {@return the HTTP status} */
    public int status() {
        return status;
    }

    /** {@return the header fields that are not about the transfer} */
    public Map<String, String> headers() {
        return headers;
    }

    /** {@return the content: bytes of the heap, or lent native memory} */
    public MemorySegment content() {
        return content;
    }

    /** Gives lent memory back. */
    public void release() {
        whenSent.run();
    }
}
