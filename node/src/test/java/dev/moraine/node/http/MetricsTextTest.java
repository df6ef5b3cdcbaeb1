package dev.moraine.node.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class MetricsTextTest {
    @Test
    void familiesAndLabelsAreWrittenAsPrometheusWantsThem() {
        MetricsText metrics = new MetricsText()
                .counter("moraine_things_total", "Things, with a \\ and a\nline.")
                .sample(3)
                .sample(4, "kind", "a \"b\" \\ c\nd", "other", "x")
                .gauge("moraine_level_bytes", "The level.")
                .sample(-1);
        assertEquals(
                """
                # HELP moraine_things_total Things, with a \\\\ and a\\nline.
                # TYPE moraine_things_total counter
                moraine_things_total 3
                moraine_things_total{kind="a \\"b\\" \\\\ c\\nd",other="x"} 4
                # HELP moraine_level_bytes The level.
                # TYPE moraine_level_bytes gauge
                moraine_level_bytes -1
                """,
                metrics.toString());
    }

    @Test
    void whatPrometheusWouldRefuseIsRefused() {
        MetricsText metrics = new MetricsText().gauge("moraine_a", "A.");
        assertThrows(IllegalArgumentException.class, () -> metrics.gauge("moraine_a", "Twice."));
        assertThrows(IllegalArgumentException.class, () -> metrics.gauge("moraine_A", "Upper case."));
        assertThrows(IllegalArgumentException.class, () -> metrics.counter("moraine_b", "No total."));
        assertThrows(IllegalArgumentException.class, () -> metrics.sample(1, "label"));
        assertThrows(IllegalArgumentException.class, () -> metrics.sample(1, "1label", "x"));
        assertThrows(IllegalArgumentException.class, () -> new MetricsText().sample(1));
    }
}
