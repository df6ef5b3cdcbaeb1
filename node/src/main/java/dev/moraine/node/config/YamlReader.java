package dev.moraine.node.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads YAML into {@link YamlValue}s: no anchors, no name twice, and no type guessed from how a value looks. */
final class YamlReader {
    /** Longest file that is read. */
    static final int MAX_CHARACTERS = 1 << 20;

    /** How deep values may stand in one another. */
    static final int MAX_NESTING = 8;

    private static final int MAX_PRINTED_CHARACTERS = 100;
    private static final LoadSettings SETTINGS = LoadSettings.builder()
            .setCodePointLimit(MAX_CHARACTERS)
            .setMaxAliasesForCollections(0)
            .build();

    private YamlReader() {}

    /**
     * Reads a document.
     *
     * @param text the document
     * @return what stands in it, an empty section if there is nothing
     * @throws ConfigException if it is not such YAML; names the line
     */
    static YamlValue read(String text) throws ConfigException {
        if (text.length() > MAX_CHARACTERS) {
            throw new ConfigException("longer than " + MAX_CHARACTERS + " characters");
        }
        try {
            Optional<Node> root = new Compose(SETTINGS).composeString(text);
            return root.isEmpty() ? new YamlValue.Mapping(Map.of(), 1) : convert(root.get(), 0);
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            throw new ConfigException("line " + line + ": not YAML: " + printable(e.getProblem()));
        } catch (StackOverflowError e) {
            // The library composes recursively, so brackets without end come here.
            throw new ConfigException("values stand more than " + MAX_NESTING + " deep in one another");
        } catch (YamlEngineException e) {
            throw new ConfigException("not YAML: " + printable(String.valueOf(e.getMessage())));
        }
    }

    private static YamlValue convert(Node node, int depth) throws ConfigException {
        int line = node.getStartMark().map(Mark::getLine).orElse(0) + 1;
        if (depth > MAX_NESTING) {
            throw new ConfigException("line " + line + ": values stand more than " + MAX_NESTING
                    + " deep in one another");
        }
        if (node.getAnchor().isPresent()) {
            throw new ConfigException("line " + line + ": anchors (&) are not used in configuration files");
        }
        return switch (node) {
            case ScalarNode scalar -> new YamlValue.Scalar(scalar.getValue(), line);
            case SequenceNode sequence -> {
                List<YamlValue> values = new ArrayList<>();
                for (Node each : sequence.getValue()) {
                    values.add(convert(each, depth + 1));
                }
                yield new YamlValue.Sequence(values, line);
            }
            case MappingNode mapping -> new YamlValue.Mapping(members(mapping, depth), line);
            default -> throw new ConfigException("line " + line + ": only values, lists and sections are known");
        };
    }

    private static Map<String, YamlValue> members(MappingNode mapping, int depth) throws ConfigException {
        Map<String, YamlValue> members = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode name)) {
                throw new ConfigException("a key must be a single word");
            }
            if (members.put(name.getValue(), convert(tuple.getValueNode(), depth + 1)) != null) {
                int line = name.getStartMark().map(Mark::getLine).orElse(0) + 1;
                throw new ConfigException("line " + line + ": " + printable(name.getValue()) + " is set twice");
            }
        }
        return members;
    }

    /**
     * Makes foreign text fit for one line of a message.
     *
     * @param text any text
     * @return at most {@value #MAX_PRINTED_CHARACTERS} characters of it, control characters replaced
     */
    static String printable(String text) {
        String clean = text.replaceAll("\\p{Cntrl}", "?");
        return clean.length() > MAX_PRINTED_CHARACTERS ? clean.substring(0, MAX_PRINTED_CHARACTERS) + "..." : clean;
    }
}
