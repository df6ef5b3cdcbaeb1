package dev.moraine.proofs.certificate;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A file of a secret key cannot be written or must not be used. The message names the file and what to do about it, and
 * nothing of the key.
 */
public final class KeyFileException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What is in the way. */
    private final Problem problem;

    /** What is in the way of a key file. */
    public enum Problem {
        /** There is no such file. */
        NOT_FOUND("does not exist"),
        /** There is one already, and a key is never overwritten. */
        ALREADY_EXISTS("exists already; a secret key is never overwritten, so move it away first"),
        /** Group or others may read, write or execute it. */
        OPEN_TO_OTHERS("is open to other users; take it that they have the key, or, if not, chmod 600"),
        /** The file system keeps no POSIX permissions, so nothing keeps others out. */
        NO_PERMISSIONS("is on a file system without POSIX permissions; keep secret keys on one that has them"),
        /** It is a folder or a device. */
        NOT_A_FILE("is not a regular file"),
        /** It does not start as key files do, or is of a version that this program does not know. */
        UNKNOWN_FORMAT("is not a key file of a version that this program knows"),
        /** It holds the key of another scheme. */
        WRONG_SCHEME("holds a key for another signature scheme"),
        /** It is cut short, too long, or not the text of a key. */
        MALFORMED("is damaged: it must hold one line with one key"),
        /** Reading or writing failed. */
        FAILED("cannot be read or written");

        private final String text;

        Problem(String text) {
            this.text = text;
        }
    }

    /**
     * Names the problem.
     *
     * @param path the file
     * @param problem what is in the way
     */
    KeyFileException(Path path, Problem problem) {
        super("key file " + path + " " + problem.text);
        this.problem = problem;
    }

    /**
     * Names the problem and its cause.
     *
     * @param path the file
     * @param problem what is in the way
     * @param cause what the file system said
     */
    KeyFileException(Path path, Problem problem, Exception cause) {
        super("key file " + path + " " + problem.text, cause);
        this.problem = problem;
    }

    /**
     * What is in the way.
     *
     * @return the problem
     */
    public Problem problem() {
        return problem;
    }
}
