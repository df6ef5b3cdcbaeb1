package dev.moraine.node.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A table of routes: the first one that fits a request answers it. Tables are joined with {@link Context#with}.
 * Immutable and thread-safe, as its handlers must be.
 */
public final class HttpRoutes {
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;

    private final List<HttpRoute> routes;
    private final int unknownPathStatus;

    private HttpRoutes(List<HttpRoute> routes, int unknownPathStatus) {
        this.routes = List.copyOf(routes);
        this.unknownPathStatus = unknownPathStatus;
    }

    /**
     * A route that fits, and what its names stand for.
     *
     * @param route the route
     * @param pathParameters values by name
     */
    record Match(HttpRoute route, Map<String, String> pathParameters) {}

    /**
     * Finds the route for a request.
     *
     * @param method the method
     * @param path the path, beginning with a slash
     * @return the route
     * @throws HttpProblemException 404 or what was set in its place if no route has such a path, 405 if none has it with
     *     this method
     */
    Match find(String method, String path) throws HttpProblemException {
        List<String> parts = HttpRoute.parts(path);
        TreeSet<String> methods = new TreeSet<>();
        for (HttpRoute route : routes) {
            Map<String, String> values = route.match(parts);
            if (values != null && route.answers(method)) {
                return new Match(route, values);
            }
            if (values != null) {
                methods.add(route.method());
            }
        }
        if (methods.isEmpty()) {
            throw HttpProblem.ofField(unknownPathStatus, "NO_SUCH_PATH", "path", path, "a path of this server").toException();
        }
        throw HttpProblem.ofField(METHOD_NOT_ALLOWED, "WRONG_METHOD", "method", method, String.join(" or ", methods))
                .toException();
    }

    /** Collects routes. For one thread. */
    public static final class Context {
        private final List<HttpRoute> routes = new ArrayList<>();
        private int unknownPathStatus = NOT_FOUND;

        /**
         * Sets how a path is answered that no route has.
         *
         * @param value an HTTP status from 400; 404 unless set
         * @return this
         */
        public Context unknownPathStatus(int value) {
            unknownPathStatus = value;
            return this;
        }

        /**
         * Adds a route for GET and HEAD.
         *
         * @param path the path; a part in braces, as in {@code /v1/blobs/{id}}, is a parameter
         * @param handler answers
         * @return this
         */
        public Context get(String path, HttpHandler handler) {
            return add("GET", path, 0, HttpCheck.NONE, null, handler);
        }

        /**
         * Adds a route for requests with a body.
         *
         * @param method POST or PUT
         * @param path the path, as for {@link #get}
         * @param maxBodyBytes longest body; the server's own limit holds too
         * @param check what is demanded before the body is read
         * @param receiver where bodies of known length go, or null for memory of the server's
         * @param handler answers
         * @return this
         */
        public Context upload(
                String method,
                String path,
                long maxBodyBytes,
                HttpCheck check,
                @Nullable BodyReceiver receiver,
                HttpHandler handler) {
            return add(method, path, maxBodyBytes, check, receiver, handler);
        }

        /**
         * Adds all routes of another table; its answer to unknown paths is not taken over.
         *
         * @param others the table
         * @return this
         */
        public Context with(HttpRoutes others) {
            routes.addAll(others.routes);
            return this;
        }

        /**
         * Fixes the table.
         *
         * @return the routes
         */
        public HttpRoutes conclude() {
            return new HttpRoutes(routes, unknownPathStatus);
        }

        private Context add(
                String method,
                String path,
                long maxBodyBytes,
                HttpCheck check,
                @Nullable BodyReceiver receiver,
                HttpHandler handler) {
            if (!path.startsWith("/")) {
                throw new IllegalArgumentException("path must begin with a slash, but is " + path);
            }
            routes.add(new HttpRoute(method, HttpRoute.parts(path), maxBodyBytes, check, receiver, handler));
            return this;
        }
    }
}
