package dev.moraine.node.http;

/** Ends the work on a request with a problem. It carries no stack trace: clients cause it as often as they like. */
public final class HttpProblemException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Not written when the exception is serialised: nobody does that. */
    private final transient HttpProblem problem;

    /**
     * Wraps a problem.
     *
     * @param problem why
     */
    public HttpProblemException(HttpProblem problem) {
        super(problem.message(), null, false, false);
        this.problem = problem;
    }

    /** {@return why} */
    public HttpProblem problem() {
        return problem;
    }
}
