package dev.moraine.node.cli;

import dev.moraine.proofs.blob.BlobId;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Checks of options that several commands have. A wrong one is wrong usage, and is named with its value and limit. */
final class CommandOptions {
    static final int MAX_DEADLINE_SECONDS = 3_600;

    private CommandOptions() {}

    /** A blob id in its text form. */
    static BlobId blobId(CommandSpec spec, String name, String text) {
        try {
            return BlobId.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), name + " must be a blob id: " + e.getMessage());
        }
    }

    /** A number in a range, limits included. */
    static void range(CommandSpec spec, String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new ParameterException(
                    spec.commandLine(), name + " must be from " + least + " to " + most + ", but is " + value);
        }
    }
}
