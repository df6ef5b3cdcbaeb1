import java.util.ArrayList;
import java.util.List;

/**
 * Sums of terms, and the partial sums that pay off: as long as there are two or three terms whose sum, made once, saves
 * instructions of three operands, the best such sum becomes a term of its own.
 */
final class SharedSums {
    final List<int[]> partialSums = new ArrayList<>();
    final long[] rows;
    private int terms;

    SharedSums(int[] matrix, int planes) {
        rows = new long[planes];
        for (int row = 0; row < planes; row++) {
            rows[row] = matrix[row] & (1 << planes) - 1;
        }
        terms = planes;
        while (shareBest()) {
            terms++;
        }
    }

    private boolean shareBest() {
        int best = 0;
        int[] choice = {};
        for (int i = 0; i < terms; i++) {
            for (int j = i + 1; j < terms; j++) {
                for (int k = j; k < terms; k++) {
                    int[] candidate = k == j ? new int[] {i, j} : new int[] {i, j, k};
                    int saved = saving(candidate);
                    if (saved > best || saved == best && best > 0 && candidate.length > choice.length) {
                        best = saved;
                        choice = candidate;
                    }
                }
            }
        }
        if (best == 0) {
            return false;
        }
        long mask = maskOf(choice);
        for (int row = 0; row < rows.length; row++) {
            if ((rows[row] & mask) == mask) {
                rows[row] = rows[row] & ~mask | 1L << terms;
            }
        }
        partialSums.add(choice);
        return true;
    }

    private int saving(int[] candidate) {
        long mask = maskOf(candidate);
        int saved = -1;
        for (long row : rows) {
            if ((row & mask) == mask) {
                saved += instructions(row) - instructions(row & ~mask | 1L << terms);
            }
        }
        return saved;
    }

    private static int instructions(long row) {
        return (Long.bitCount(row) + 1) / 2;
    }

    private static long maskOf(int[] members) {
        long mask = 0;
        for (int member : members) {
            mask |= 1L << member;
        }
        return mask;
    }
}
