package dev.moraine.benchmarks.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The outcome of a benchmark.
 *
 * @param machine what it ran on
 * @param command what repeats it
 * @param skipped peers that did not run, each with the reason
 * @param rows what was measured
 * @param ratios what is asked of it
 */
public record Report(
        Machine machine, String command, List<String> skipped, List<Row> rows, List<Ratio> ratios) {
    /**
     * One JSON object.
     *
     * @return its text
     * @throws JsonProcessingException if it cannot be written
     */
    public String toJson() throws JsonProcessingException {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("machine", machine);
        fields.put("command", command);
        fields.put("skipped", skipped);
        fields.put("rows", rows);
        fields.put("ratios", ratios);
        return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(fields);
    }

    /**
     * A page of Markdown with the same content.
     *
     * @param title its heading
     * @return the text
     */
    public String toMarkdown(String title) {
        StringBuilder page = new StringBuilder("# " + title + "\n\n`" + command + "`\n\n" + machine.describe() + "\n");
        for (String peer : skipped) {
            page.append("\nSkipped: ").append(peer).append('\n');
        }
        page.append("\n| ratio (higher is better) | value | bar | |\n|---|---|---|---|\n");
        for (Ratio ratio : ratios) {
            page.append(String.format(
                    Locale.ROOT,
                    "| %s | %.2f | %.2f | %s |%n",
                    ratio.name(),
                    ratio.value(),
                    ratio.bar(),
                    ratio.reachesBar() ? "reached" : "missed"));
        }
        page.append("\n| what | params | who | median | min | max | runs | unit |\n");
        page.append("|---|---|---|---|---|---|---|---|\n");
        for (Row row : rows) {
            page.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | %.2f | %.2f | %.2f | %d | %s |%n",
                    row.what(),
                    row.params(),
                    row.who(),
                    row.median(),
                    row.min(),
                    row.max(),
                    row.runs(),
                    row.unit()));
        }
        return page.toString();
    }
}
