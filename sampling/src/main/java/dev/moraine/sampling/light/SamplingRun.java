package dev.moraine.sampling.light;

import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.proofs.blob.BlobMetadata;
import dev.moraine.proofs.proof.Axis;
import dev.moraine.proofs.proof.SymbolProof;
import dev.moraine.sampling.read.BlameReport;
import dev.moraine.sampling.read.CommitteeReader;
import dev.moraine.sampling.read.Deadline;
import dev.moraine.sampling.read.SymbolFetcher;
import dev.moraine.sampling.read.SymbolReply;
import dev.moraine.wire.message.Coordinate;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gets an answer to each of a fixed set of samples: from the holder of the row, then from the holder of the column,
 * then by decoding, for which more and more symbols are fetched. A step ends when all its questions are answered or
 * its patience is over; late answers still count. Used by one thread, once.
 */
final class SamplingRun implements AutoCloseable {
    /** From whom to get what for samples that have no answer yet; later steps cost more. */
    private enum Step {
        DRAWN_BY_ROW,
        DRAWN_BY_COLUMN,
        COLUMN_BY_ROWS,
        ROW_BY_COLUMNS,
        COLUMN_BY_COLUMN,
        ROW_BY_ROW,
        /** Symbols of other lines complete lines that cross those of the samples. */
        MATRIX_BY_ROWS,
        MATRIX_BY_COLUMNS;

        boolean isDecoding() {
            return compareTo(DRAWN_BY_COLUMN) > 0;
        }
    }

    private final CommitteeReader committee;
    private final BlobHeader header;
    private final Deadline deadline;
    private final long startNs;
    private final long maxRecoveryBytes;
    private final SymbolSink sink;
    private final SymbolFetcher fetcher;
    private final LineDecoder decoder;
    private final Map<Coordinate, Sample> samples = new LinkedHashMap<>();
    private final BitSet askedByRow = new BitSet();
    private final BitSet askedByColumn = new BitSet();
    private int unanswered;
    private long recoveryBytes;
    private long stepBytes;

    /**
     * A run that has asked nothing yet.
     *
     * @param drawn the samples; no other is ever taken
     * @param maxRecoveryBytes how many bytes to fetch for decoding, and to hold
     * @param sink takes every symbol that holders proved
     */
    SamplingRun(
            CommitteeReader committee,
            BlobMetadata metadata,
            List<Coordinate> drawn,
            long maxRecoveryBytes,
            SymbolSink sink,
            Deadline deadline) {
        this.sink = sink;
        this.committee = committee;
        this.header = metadata.header();
        this.deadline = deadline;
        this.startNs = deadline.elapsedNs();
        this.maxRecoveryBytes = maxRecoveryBytes;
        this.fetcher = new SymbolFetcher(committee, header, deadline);
        this.decoder = new LineDecoder(metadata, maxRecoveryBytes);
        this.unanswered = drawn.size();
        for (Coordinate coordinate : drawn) {
            samples.put(coordinate, new Sample(coordinate, SampleAnswer.NOT_ANSWERED, Sample.NO_LATENCY));
        }
    }

    /** Tries every step, and waits for late answers until the deadline. */
    List<Sample> run() throws InterruptedException {
        boolean isDecoding = false;
        for (Step step : Step.values()) {
            if (step.isDecoding() && !isDecoding) {
                isDecoding = true;
                decode();
            }
            stepBytes = 0;
            ask(step);
            take(deadline.elapsedNs() + committee.patienceNs(stepBytes), isDecoding);
        }
        take(Long.MAX_VALUE, true);
        return List.copyOf(samples.values());
    }

    /** Who failed, members that were late with an answer included. */
    BlameReport blame() {
        return fetcher.blame();
    }

    int wrongLines() {
        return decoder.wrongLines();
    }

    @Override
    public void close() {
        fetcher.close();
    }

    private void ask(Step step) {
        if (step == Step.MATRIX_BY_ROWS || step == Step.MATRIX_BY_COLUMNS) {
            Axis axis = step == Step.MATRIX_BY_ROWS ? Axis.ROW : Axis.COLUMN;
            for (int row = 0; row < header.shards() && unanswered > 0; row++) {
                askRow(row, axis, step);
            }
            return;
        }
        for (Sample sample : samples.values()) {
            if (sample.answer() == SampleAnswer.NOT_ANSWERED) {
                ask(step, sample.coordinate());
            }
        }
    }

    private void ask(Step step, Coordinate sample) {
        switch (step) {
            case DRAWN_BY_ROW -> ask(sample, Axis.ROW, step);
            case DRAWN_BY_COLUMN -> ask(sample, Axis.COLUMN, step);
            case COLUMN_BY_ROWS -> askColumn(sample.column(), Axis.ROW, step);
            case ROW_BY_COLUMNS -> askRow(sample.row(), Axis.COLUMN, step);
            case COLUMN_BY_COLUMN -> askColumn(sample.column(), Axis.COLUMN, step);
            case ROW_BY_ROW -> askRow(sample.row(), Axis.ROW, step);
            case MATRIX_BY_ROWS, MATRIX_BY_COLUMNS -> throw new IllegalStateException(step + " is not for one sample");
        }
    }

    private void askRow(int row, Axis axis, Step step) {
        for (int column = 0; column < header.shards(); column++) {
            ask(new Coordinate(row, column), axis, step);
        }
    }

    private void askColumn(int column, Axis axis, Step step) {
        for (int row = 0; row < header.shards(); row++) {
            ask(new Coordinate(row, column), axis, step);
        }
    }

    private void ask(Coordinate coordinate, Axis axis, Step step) {
        BitSet asked = axis == Axis.ROW ? askedByRow : askedByColumn;
        int index = coordinate.row() * header.shards() + coordinate.column();
        int proofBytes = SymbolProof.encodedBytes(header, coordinate.row(), coordinate.column(), axis);
        if (asked.get(index) || decoder.isKnown(coordinate)) {
            return;
        }
        if (step.isDecoding()) {
            if (recoveryBytes + proofBytes > maxRecoveryBytes) {
                return;
            }
            recoveryBytes += proofBytes;
        }
        stepBytes += proofBytes;
        asked.set(index);
        fetcher.ask(coordinate, axis);
    }

    /** Takes replies until every sample is answered, nothing is to come, or the step is over. */
    private void take(long untilNs, boolean isDecoding) throws InterruptedException {
        while (unanswered > 0 && !fetcher.isIdle() && !deadline.hasPassed()) {
            long leftNs = Math.min(untilNs - deadline.elapsedNs(), deadline.remainingNs());
            if (leftNs <= 0) {
                return;
            }
            SymbolReply reply = fetcher.poll(leftNs);
            if (reply != null && reply.proof() != null) {
                SampleAnswer answer =
                        reply.axis() == Axis.ROW ? SampleAnswer.ROW_HOLDER : SampleAnswer.COLUMN_HOLDER;
                sink.onVerified(header, reply);
                decoder.add(reply.coordinate(), reply.proof().symbol());
                answered(reply.coordinate(), answer);
                if (isDecoding) {
                    decode();
                }
            }
        }
    }

    private void decode() {
        if (unanswered == 0) {
            return;
        }
        decoder.resolve();
        for (Coordinate coordinate : List.copyOf(samples.keySet())) {
            if (decoder.isKnown(coordinate)) {
                answered(coordinate, SampleAnswer.DECODED_LINE);
            }
        }
    }

    private void answered(Coordinate coordinate, SampleAnswer answer) {
        Sample sample = samples.get(coordinate);
        if (sample != null && sample.answer() == SampleAnswer.NOT_ANSWERED) {
            samples.put(coordinate, new Sample(coordinate, answer, deadline.elapsedNs() - startNs));
            unanswered--;
        }
    }
}
