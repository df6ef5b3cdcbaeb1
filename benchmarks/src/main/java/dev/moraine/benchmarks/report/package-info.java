/** What every benchmark hands out: rows, ratios with their bars, a table, JSON and a plot. */
@NullMarked
package dev.moraine.benchmarks.report;

import org.jspecify.annotations.NullMarked;
