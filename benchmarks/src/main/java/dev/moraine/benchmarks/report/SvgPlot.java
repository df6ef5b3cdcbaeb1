package dev.moraine.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Draws rows as dots over a logarithmic scale: a panel for every kind of row, a column for every set of params. */
public final class SvgPlot {
    private static final String[] COLOURS = {"#d62728", "#1f77b4", "#17becf", "#2ca02c", "#9467bd", "#8c564b"};
    private static final int PANEL_HEIGHT = 260;
    private static final int PANEL_WIDTH = 860;
    private static final int LEFT = 60;
    private static final int TOP = 40;

    private SvgPlot() {}

    /**
     * Draws one panel for every group.
     *
     * @param title stands above
     * @param groups the panels from top to bottom; the rows of one share a unit
     * @return an SVG document
     */
    public static String draw(String title, List<Panel> groups) {
        int height = TOP + groups.size() * PANEL_HEIGHT + 30;
        StringBuilder svg = new StringBuilder();
        svg.append(text(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
                        + "font-family=\"sans-serif\" font-size=\"12\">",
                LEFT + PANEL_WIDTH + 200,
                height));
        svg.append(text("<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>"));
        svg.append(text("<text x=\"%d\" y=\"20\" font-size=\"15\">%s</text>", LEFT, escape(title)));
        List<String> who = new ArrayList<>();
        for (Panel panel : groups) {
            for (Row row : panel.rows()) {
                if (!who.contains(row.who())) {
                    who.add(row.who());
                }
            }
        }
        for (int i = 0; i < who.size(); i++) {
            int y = TOP + 20 + i * 18;
            String colour = COLOURS[i % COLOURS.length];
            svg.append(text("<circle cx=\"%d\" cy=\"%d\" r=\"5\" fill=\"%s\"/>", LEFT + PANEL_WIDTH + 20, y, colour));
            svg.append(text("<text x=\"%d\" y=\"%d\">%s</text>", LEFT + PANEL_WIDTH + 32, y + 4, escape(who.get(i))));
        }
        for (int i = 0; i < groups.size(); i++) {
            panel(svg, groups.get(i), who, TOP + i * PANEL_HEIGHT);
        }
        return svg.append("</svg>\n").toString();
    }

    private static void panel(StringBuilder svg, Panel panel, List<String> who, int top) {
        double low = panel.rows().stream().mapToDouble(Row::median).filter(v -> v > 0).min().orElse(1);
        double high = panel.rows().stream().mapToDouble(Row::median).max().orElse(1);
        int from = (int) Math.floor(Math.log10(low) * 3);
        int to = Math.max(from + 1, (int) Math.ceil(Math.log10(high) * 3));
        int bottom = top + PANEL_HEIGHT - 50;
        int plotHeight = PANEL_HEIGHT - 80;
        String unit = panel.rows().isEmpty() ? "" : panel.rows().getFirst().unit();
        svg.append(text(
                "<text x=\"%d\" y=\"%d\" font-weight=\"bold\">%s, %s</text>",
                LEFT, top + 20, escape(panel.name()), unit));
        for (int tick = from; tick <= to; tick++) {
            double y = bottom - (double) plotHeight * (tick - from) / (to - from);
            svg.append(text(
                    "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>",
                    LEFT, LEFT + PANEL_WIDTH, y, y));
            svg.append(text(
                    "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.2g</text>",
                    LEFT - 6, y + 4, Math.pow(10, tick / 3.0)));
        }
        List<String> columns = panel.rows().stream().map(Row::params).distinct().toList();
        for (int column = 0; column < columns.size(); column++) {
            double x = LEFT + PANEL_WIDTH * (column + 0.5) / columns.size();
            svg.append(text(
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
                    x, bottom + 20, escape(columns.get(column))));
            for (Row row : panel.rows()) {
                if (row.params().equals(columns.get(column)) && row.median() > 0) {
                    int colour = who.indexOf(row.who());
                    double y = bottom - plotHeight * (Math.log10(row.median()) * 3 - from) / (to - from);
                    double dotX = x + (colour - who.size() / 2.0) * 7;
                    svg.append(text(
                            "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"5\" fill=\"%s\"/>",
                            dotX, y, COLOURS[colour % COLOURS.length]));
                }
            }
        }
    }

    @SuppressWarnings("AnnotateFormatMethod") // They come with a library of their own; all uses are constants.
    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values) + '\n';
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }

    /**
     * A part of the picture.
     *
     * @param name stands above it
     * @param rows its dots; rows of equal params stand over each other
     */
    public record Panel(String name, List<Row> rows) {}
}
