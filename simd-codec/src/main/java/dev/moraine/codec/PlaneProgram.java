package dev.moraine.codec;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * An encoding as a sequence of butterflies over rows of bit planes: the transforms of {@link TransformEncoding}, laid
 * out once for the numbers of one code. What only zeros enter and what nobody wants is left out, and two layers become
 * one pass where {@link PlaneKernels} has butterflies of four rows.
 *
 * <p>Immutable and thread-safe.
 */
final class PlaneProgram {
    /** Stands for the sum of the side and the block. */
    private static final int ADD = -1;

    private static final int CELL = PlaneKernels.CELL_BYTES;
    /** By k and number of parity shards; there are fewer than a thousand. */
    private static final ConcurrentMap<Integer, PlaneProgram> PROGRAMS = new ConcurrentHashMap<>();

    private final Step[] steps;

    private PlaneProgram(List<Step> steps) {
        this.steps = steps.toArray(Step[]::new);
    }

    /**
     * Whether there are kernels for all butterflies of an encoding.
     *
     * @param dataShards k
     * @param parityShards from 1 on
     */
    static boolean exists(int dataShards, int parityShards) {
        int points = rows(dataShards, parityShards) + dataShards;
        return dataShards > 1 && parityShards > 1 && points <= PlaneKernels.FACTORS;
    }

    /**
     * Rows that an encoding works on, twice so many if there are more data shards than that.
     *
     * @param dataShards k
     * @param parityShards from 1 on
     * @return the power of two at or above the number of parity shards
     */
    static int rows(int dataShards, int parityShards) {
        return CodePoints.blockSize(dataShards, dataShards + parityShards);
    }

    /**
     * Lays out an encoding.
     *
     * @param dataShards k
     * @param parityShards from 1 on
     * @return the program
     */
    static PlaneProgram encoding(int dataShards, int parityShards) {
        return PROGRAMS.computeIfAbsent(
                dataShards * PlaneKernels.FACTORS + parityShards,
                shape -> new PlaneProgram(new Planner(dataShards, parityShards).plan()));
    }

    /**
     * Computes parity from data.
     *
     * @param cells holds all rows
     * @param data offset of the first data shard; they stay as they are
     * @param stride from a data shard to the next
     * @param block offset of {@link #rows} rows apart from the data, the first of which receive the parity shards; the
     *     others hold garbage afterwards
     * @param side offset of as many rows apart from all others
     */
    void run(MemorySegment cells, long data, long stride, long block, long side) {
        for (Step step : steps) {
            int length = step.span * CELL;
            long to = (step.to == Region.BLOCK ? block : side) + (long) step.toRow * CELL;
            if (step.from == Region.DATA) {
                PlaneKernels.run(step.kernel, cells, data + step.fromRow * stride, stride, to, length, length);
            } else if (step.kernel == ADD) {
                Butterflies.add(cells, side, block, length);
            } else {
                long at = (step.from == Region.BLOCK ? block : side) + (long) step.fromRow * CELL;
                PlaneKernels.run(step.kernel, cells, at, length, to, length, length);
            }
        }
    }

    /** Where rows lie. */
    private enum Region {
        DATA,
        BLOCK,
        SIDE
    }

    /**
     * One call of a kernel.
     *
     * @param kernel its number, or ADD
     * @param from where row a is read
     * @param fromRow its number there
     * @param to where row a of the result is written
     * @param toRow its number there
     * @param span rows from a to b of a butterfly, and butterflies that lie side by side
     */
    private record Step(int kernel, Region from, int fromRow, Region to, int toRow, int span) {}

    /** Writes the steps of an encoding. */
    private static final class Planner {
        private final int dataShards;
        private final int parityShards;
        private final int rows;
        private final int layers;
        private final List<Step> steps = new ArrayList<>();
        private Region region = Region.BLOCK;

        Planner(int dataShards, int parityShards) {
            this.dataShards = dataShards;
            this.parityShards = parityShards;
            rows = rows(dataShards, parityShards);
            layers = Integer.numberOfTrailingZeros(rows);
        }

        List<Step> plan() {
            boolean expands = 2 * dataShards <= rows;
            for (int first = 0; first < dataShards; first += rows) {
                region = first == 0 ? Region.BLOCK : Region.SIDE;
                inverse(first, expands ? layers - 1 : layers);
                if (region == Region.SIDE) {
                    add(ADD, 0, rows);
                }
            }
            region = Region.BLOCK;
            if (!expands) {
                forward(layers - 1);
            } else if (layers < 3) {
                add(PlaneKernels.EXPAND, 0, rows / 2);
                forward(layers - 2);
            } else {
                int count = Math.ceilDiv(parityShards - rows / 2, rows / 8);
                if (count <= 2) {
                    add(PlaneKernels.EXPAND_TWICE + count - 1, 0, rows / 8);
                } else {
                    int lower = PlaneKernels.EXPAND_LOWER + count - 3;
                    steps.add(new Step(lower, Region.BLOCK, 0, Region.BLOCK, rows / 2, rows / 8));
                    add(PlaneKernels.EXPAND_UPPER, 0, rows / 8);
                }
                forward(layers - 4);
            }
            return steps;
        }

        private void inverse(int firstShard, int endLayer) {
            int point = rows + firstShard;
            int used = Math.min(rows, dataShards - firstShard);
            int layer = 0;
            while (layer < endLayer) {
                int span = 1 << layer;
                boolean twice = layer + 1 < endLayer && ((point + rows - 1) >> layer) < PlaneKernels.SUBFIELD;
                int width = twice ? 4 * span : 2 * span;
                for (int base = 0; base < used; base += width) {
                    int count = Math.min(width / span, Math.ceilDiv(used - base, span));
                    int factor = (point + base) >> layer;
                    int kernel = twice
                            ? PlaneKernels.INVERSE_TWICE + factor + count - 1
                            : (count == 1 ? PlaneKernels.INVERSE_OF_ZERO : PlaneKernels.INVERSE) + factor / 2;
                    if (layer == 0) {
                        steps.add(new Step(kernel, Region.DATA, firstShard + base, region, base, span));
                    } else {
                        add(kernel, base, span);
                    }
                }
                used = Math.ceilDiv(used, width) * width;
                layer += twice ? 2 : 1;
            }
        }

        private void forward(int firstLayer) {
            int layer = firstLayer;
            for (; layer >= 1; layer -= 2) {
                int span = 1 << (layer - 1);
                for (int base = 0; base < parityShards; base += 4 * span) {
                    int count = Math.min(4, Math.ceilDiv(parityShards - base, span));
                    int factor = base >> (layer - 1);
                    if (factor < PlaneKernels.SUBFIELD) {
                        add(PlaneKernels.FORWARD_TWICE + factor + count - 1, base, span);
                    } else {
                        forward(base, 2 * span, layer);
                        forward(base, span, layer - 1);
                        forward(base + 2 * span, span, layer - 1);
                    }
                }
            }
            if (layer == 0) {
                for (int base = 0; base < parityShards; base += 2) {
                    forward(base, 1, 0);
                }
            }
        }

        private void forward(int base, int span, int layer) {
            if (base < parityShards) {
                int family = base + span < parityShards ? PlaneKernels.FORWARD : PlaneKernels.FORWARD_FIRST;
                add(family + (base >> layer) / 2, base, span);
            }
        }

        private void add(int kernel, int first, int span) {
            steps.add(new Step(kernel, region, first, region, first, span));
        }
    }
}
