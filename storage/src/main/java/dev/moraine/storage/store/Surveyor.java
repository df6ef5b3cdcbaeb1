package dev.moraine.storage.store;

import dev.moraine.storage.segment.Segment;
import dev.moraine.storage.segment.SegmentLog;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks for segments that can be deleted, or of which little is still of value. A segment is looked at once, and again
 * when the first of its blobs has expired. Owned by one thread, which is not the writer's.
 */
final class Surveyor {
    private static final Logger LOG = System.getLogger(SliverStore.class.getName());

    /** Of a segment of which this part is dead the rest is copied. */
    private static final double WORTH_COPYING = 0.5;

    /** The same while the disk is full. */
    private static final double WORTH_COPYING_FOR_ROOM = 0.1;

    private final SegmentLog log;
    private final SliverIndex index;
    private final Compactor compactor;
    private final Map<Long, SegmentSurvey> surveys = new HashMap<>();
    private final Map<Long, Long> firstSeen = new HashMap<>();
    private int nextSegment;

    /**
     * Knows of no segment yet.
     *
     * @param log the segments
     * @param index what points into them
     * @param compactor is offered those that are to go
     */
    Surveyor(SegmentLog log, SliverIndex index, Compactor compactor) {
        this.log = log;
        this.index = index;
        this.compactor = compactor;
    }

    /**
     * Looks at the next segment, if that may show anything new.
     *
     * @param epoch the current epoch
     * @return whether one was looked at
     */
    boolean step(long epoch) {
        List<Segment> segments = log.segments().all();
        if (segments.size() < 2 || compactor.isBusy()) {
            return false;
        }
        if (nextSegment >= segments.size() - 1) {
            nextSegment = 0;
            surveys.keySet().removeIf(id -> log.segments().find(id) == null);
            firstSeen.keySet().removeIf(id -> log.segments().find(id) == null);
        }
        Segment segment = segments.get(nextSegment);
        nextSegment++;
        long id = segment.header().segmentId();
        SegmentSurvey known = surveys.get(id);
        boolean isShort = isShortOfRoom();
        if (known != null && known.nextEpoch() > epoch && !isVictim(known, isShort)) {
            return false;
        }
        if (segment.tryPin()) {
            try {
                survey(segment, epoch, isShort);
            } finally {
                segment.unpin();
            }
        }
        return true;
    }

    private void survey(Segment segment, long epoch, boolean isShort) {
        long id = segment.header().segmentId();
        // What was stored just now may be signed for in the next moment.
        long seen = firstSeen.computeIfAbsent(id, key -> epoch);
        Liveness liveness = new Liveness(index, epoch, epoch <= seen + 1);
        try {
            SegmentSurvey survey = SegmentSurvey.of(segment, liveness);
            surveys.put(id, survey.summary());
            if (isVictim(survey, isShort)) {
                compactor.offer(new Compactor.Victim(survey, liveness));
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "a segment cannot be looked through: " + segment.path(), e);
            surveys.put(id, new SegmentSurvey(id, epoch, Long.MAX_VALUE / 2, 0, epoch + 1, List.of()));
        }
    }

    private boolean isShortOfRoom() {
        try {
            return !log.hasRoomFor(1);
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isVictim(SegmentSurvey survey, boolean isShort) {
        double worth = isShort ? WORTH_COPYING_FOR_ROOM : WORTH_COPYING;
        return survey.liveBytes() == 0
                || survey.deadBytes() >= worth * ((double) survey.liveBytes() + survey.deadBytes());
    }
}
