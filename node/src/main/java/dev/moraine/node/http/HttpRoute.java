package dev.moraine.node.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One way of asking something.
 *
 * @param method the method, upper case; a route for GET answers HEAD too
 * @param pattern the parts of the path between slashes; one in braces stands for any text that is not empty
 * @param maxBodyBytes longest body, 0 for none
 * @param check what is demanded before the body is read
 * @param receiver where bodies of known length go, or null for memory of the server's
 * @param handler answers
 */
record HttpRoute(
        String method,
        List<String> pattern,
        long maxBodyBytes,
        HttpCheck check,
        @Nullable BodyReceiver receiver,
        HttpHandler handler) {
    /** Takes the pattern apart. */
    static List<String> parts(String path) {
        return List.of(path.substring(1).split("/", -1));
    }

    /**
     * Whether the pattern fits a path.
     *
     * @param parts the path's parts
     * @return the values of the parts in braces, or null if it does not fit
     */
    @Nullable Map<String, String> match(List<String> parts) {
        if (parts.size() != pattern.size()) {
            return null;
        }
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < parts.size(); i++) {
            String wanted = pattern.get(i);
            String part = parts.get(i);
            if (wanted.startsWith("{")) {
                if (part.isEmpty()) {
                    return null;
                }
                values.put(wanted.substring(1, wanted.length() - 1), part);
            } else if (!wanted.equals(part)) {
                return null;
            }
        }
        return values;
    }

    /** Whether the route answers a method. */
    boolean answers(String requested) {
        return method.equals(requested) || (method.equals("GET") && requested.equals("HEAD"));
    }
}
