package dev.moraine.node.cli;

import dev.moraine.codec.Geometry;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The shard count that an id belongs to. */
final class ShardsOption {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private CommandSpec spec;

    @Option(
            names = "--shards",
            required = true,
            paramLabel = "N",
            description = "Shards of the committee, from 4 to 192. The id of a blob depends on it.")
    private int shards;

    /**
     * The geometry of that committee.
     *
     * @return the geometry
     * @throws ParameterException if the count is out of range
     */
    Geometry geometry() {
        return geometry(spec, shards);
    }

    /**
     * Checks a shard count.
     *
     * @param spec the command that was given it
     * @param shards the count
     * @return the geometry
     * @throws ParameterException if the count is out of range
     */
    static Geometry geometry(CommandSpec spec, int shards) {
        if (shards < Geometry.MIN_SHARDS || shards > Geometry.MAX_SHARDS) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--shards must be from " + Geometry.MIN_SHARDS + " to " + Geometry.MAX_SHARDS + ", but is "
                            + shards);
        }
        return new Geometry(shards);
    }
}
